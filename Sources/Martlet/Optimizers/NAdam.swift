import Foundation
import MartletGraph

/// Adam with Nesterov's momentum, whose momentum warms up.
///
///     g ← gradient + weightDecay · w
///     μₜ = β₁ (1 − 0.96^(t · momentumDecay) / 2)    p ← p · μₜ, from 1
///     m ← β₁m + (1 − β₁)g        v ← β₂v + (1 − β₂)g²
///     w ← w − rate · ((1 − μₜ) / (1 − p) · g + μₜ₊₁ / (1 − p · μₜ₊₁) · m) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// - Same as: `torch.optim.NAdam`; Keras' `Nadam` with a momentum decay of 1 and epsilon 1e-7.
/// - Source: Dozat, ICLR 2016 workshop.
public struct NAdam: WeightDecayOptimizer {
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
    /// How fast the momentum grows to the first beta.
    public var momentumDecay: Float

    /// Makes the rule; `weightDecay` is added to the gradient (L2).
    ///
    /// - Precondition: both betas are from 0 to below 1.
    public init(
        learningRate: Float = 0.002, beta1: Float = 0.9, beta2: Float = 0.999,
        epsilon: Float = 1e-8, weightDecay: Float = 0, momentumDecay: Float = 0.004
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
        self.momentumDecay = momentumDecay
        require(
            (0..<1).contains(beta1) && (0..<1).contains(beta2),
            "betas must be from 0 to below 1", beta1, beta2)
    }

    /// `mean`, `square`, and the one number `momentumProduct`.
    public var slotNames: [String] { ["mean", "square", "momentumProduct"] }

    /// Zeros, and 1 for the product.
    public func firstValue(ofSlot name: String, for parameter: TensorType) -> HostTensor {
        name == "momentumProduct"
            ? HostTensor(repeating: 1, parameter.with(shape: [])) : HostTensor(zeros: parameter)
    }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        let gradient = decayed(gradient, parameter, weightDecay)
        let second = Decay(beta2)
        slots[0] = Decay(beta1).mean(slots[0], gradient)
        slots[1] = second.mean(slots[1], gradient * gradient)
        let (now, next) = (momentum(count), momentum(count + 1))
        let product = slots[2] * now
        slots[2] = product
        let divisor = sqrt(slots[1] / second.correction(count)) + epsilon
        let fresh = (1 - now) / (1 - product) * gradient
        let kept = next / (1 - product * next) * slots[0]
        return parameter - rate * ((fresh + kept) / divisor)
    }

    /// μₜ.
    private func momentum(_ count: Tensor) -> Tensor {
        let decay = exp(count * (momentumDecay.decimal * Foundation.log(0.96)))
        return beta1.decimal * (1 - 0.5 * decay)
    }
}
