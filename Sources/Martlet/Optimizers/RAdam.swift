import Foundation

/// Adam that scales by squares only once their running mean can be trusted.
///
///     g ← gradient + weightDecay · w
///     m ← β₁m + (1 − β₁)g        v ← β₂v + (1 − β₂)g²
///     ρ∞ = 2 / (1 − β₂) − 1      ρ = ρ∞ − 2t β₂ᵗ / (1 − β₂ᵗ)
///     w ← w − rate / (1 − β₁ᵗ) · m · (ρ > 5 ? r · √(1 − β₂ᵗ) / (√v + ε) : 1)
///     r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ))
///
/// - Same as: `torch.optim.RAdam`.
/// - Source: Liu et al., arXiv:1908.03265.
public struct RAdam: WeightDecayOptimizer {
    /// How far to move.
    public var learningRate: Float
    /// The share of the old mean that is kept.
    public var beta1: Float
    /// The share of the old mean square that is kept.
    public var beta2: Float
    /// Keeps the divisor from zero.
    public var epsilon: Float
    /// The share of the parameter that is added to its gradient.
    public var weightDecay: Float

    /// Makes the rule; `weightDecay` is added to the gradient (L2).
    ///
    /// - Precondition: `beta1` is from 0 to below 1, `beta2` is between them.
    public init(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999,
        epsilon: Float = 1e-8, weightDecay: Float = 0
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
        require(
            (0..<1).contains(beta1) && beta2 > 0 && beta2 < 1, "betas must be from 0 to below 1",
            beta1, beta2)
    }

    /// `mean` and `square`.
    public var slotNames: [String] { ["mean", "square"] }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        let gradient = decayed(gradient, parameter, weightDecay)
        let (first, second) = (Decay(beta1), Decay(beta2))
        slots[0] = first.mean(slots[0], gradient)
        slots[1] = second.mean(slots[1], gradient * gradient)
        let limit: Double = 2 / (1 - beta2.decimal) - 1
        let length = length(count)
        let isLong = length .> 5
        let safe = select(isLong, length, 6)
        let scale: Double = limit / ((limit - 4) * (limit - 2))
        let trust = sqrt((safe - 4) * (safe - 2) / safe * scale)
        let factor = trust * sqrt(second.correction(count)) / (sqrt(slots[1]) + epsilon)
        return parameter
            - rate / first.correction(count) * (slots[0] * select(isLong, factor, 1))
    }

    /// ρ, which is a small difference of large numbers for small t: with x = −t ln β₂,
    /// ρ = c + t − 2 / (−ln β₂) · (x / (eˣ − 1) − 1 + x / 2), where c = ρ∞ + 2 / ln β₂.
    private func length(_ count: Tensor) -> Tensor {
        let slope: Double = -Foundation.log(beta2.decimal)
        let scale: Double = 2 / slope
        let start: Double = 2 / (1 - beta2.decimal) - 1 - scale
        let x = count * slope
        let y = x * x
        let series = y * (1.0 / 12 - y * (1.0 / 720 - y * (1.0 / 30240 - y * (1.0 / 1_209_600))))
        let direct = x / expm1(x) - 1 + x / 2
        return start + count - scale * select(x .< 1, series, direct)
    }
}
