/// Lion: steps of one size, in the direction of a sign.
///
///     w ← w · (1 − rate · weightDecay)
///     w ← w − rate · sign(β₁m + (1 − β₁)g)
///     m ← β₂m + (1 − β₂)g
///
/// - Same as: Keras' `Lion` with its `weight_decay`. Rates are three to ten times smaller than Adam's.
/// - Source: Chen et al., arXiv:2302.06675.
public struct Lion: WeightDecayOptimizer {
    /// How far to move.
    public var learningRate: Float
    /// The mean's share of the direction.
    public var beta1: Float
    /// The share of the old mean that is kept.
    public var beta2: Float
    /// How fast parameters shrink, in units of the rate.
    public var weightDecay: Float

    /// Makes the rule; the weight decay stays apart from the gradient.
    ///
    /// - Precondition: both betas are from 0 to below 1.
    public init(
        learningRate: Float = 0.0001, beta1: Float = 0.9, beta2: Float = 0.99,
        weightDecay: Float = 0
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        self.weightDecay = weightDecay
        require(
            (0..<1).contains(beta1) && (0..<1).contains(beta2),
            "betas must be from 0 to below 1", beta1, beta2)
    }

    /// `mean`.
    public var slotNames: [String] { ["mean"] }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        let direction = sign(Decay(beta1).mean(slots[0], gradient))
        slots[0] = Decay(beta2).mean(slots[0], gradient)
        return shrunk(parameter, rate, weightDecay) - rate * direction
    }
}
