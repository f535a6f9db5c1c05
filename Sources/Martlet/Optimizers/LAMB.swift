/// LAMB: Adam's direction in steps that are in proportion to the length of each parameter.
///
///     m ← β₁m + (1 − β₁)g        v ← β₂v + (1 − β₂)g²
///     r = m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε) + weightDecay · w
///     w ← w − rate · ‖w‖ / ‖r‖ · r                  (‖w‖ / ‖r‖ counts as 1 when one of them is 0)
///
/// - Same as: Paddle's `Lamb`; Keras' `Lamb` with epsilon 1e-7, whose weight decay is another.
/// - Source: You et al., arXiv:1904.00962, with φ the identity.
public struct LAMB: WeightDecayOptimizer {
    /// How far to move.
    public var learningRate: Float
    /// The share of the old mean that is kept.
    public var beta1: Float
    /// The share of the old mean square that is kept.
    public var beta2: Float
    /// Keeps the divisor from zero.
    public var epsilon: Float
    /// The share of the parameter that is added to its direction.
    public var weightDecay: Float

    /// Makes the rule; the weight decay is a part of the direction.
    ///
    /// - Precondition: both betas are from 0 to below 1.
    public init(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999,
        epsilon: Float = 1e-6, weightDecay: Float = 0.01
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
        require(
            (0..<1).contains(beta1) && (0..<1).contains(beta2),
            "betas must be from 0 to below 1", beta1, beta2)
    }

    /// `mean` and `square`.
    public var slotNames: [String] { ["mean", "square"] }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        let (first, second) = (Decay(beta1), Decay(beta2))
        slots[0] = first.mean(slots[0], gradient)
        slots[1] = second.mean(slots[1], gradient * gradient)
        let mean = slots[0] / first.correction(count)
        let square = slots[1] / second.correction(count)
        let direction = decayed(mean / (sqrt(square) + epsilon), parameter, weightDecay)
        let (length, size) = (parameter.norm(), direction.norm())
        let isUsable = (length .> 0) .& (size .> 0)
        let trust = select(isUsable, length / select(isUsable, size, 1), 1)
        return parameter - rate * trust * direction
    }
}
