/// Adadelta: steps in units of the steps before, so that the rate is a factor near one.
///
///     g ← gradient + weightDecay · w
///     s ← decay · s + (1 − decay) · g²
///     d ← √(u + ε) / √(s + ε) · g
///     u ← decay · u + (1 − decay) · d²
///     w ← w − rate · d
///
/// - Same as: `torch.optim.Adadelta`; Keras' `Adadelta` with decay 0.95 and epsilon 1e-7.
/// - Source: Zeiler, arXiv:1212.5701.
public struct Adadelta: WeightDecayOptimizer {
    /// How far to move.
    public var learningRate: Float
    /// The share of the old mean that is kept.
    public var decay: Float
    /// Keeps the divisor from zero.
    public var epsilon: Float
    /// The share of the parameter that is added to its gradient.
    public var weightDecay: Float

    /// Makes the rule; `weightDecay` is added to the gradient (L2).
    ///
    /// - Precondition: `decay` is from 0 to below 1.
    public init(
        learningRate: Float = 1, decay: Float = 0.9, epsilon: Float = 1e-6, weightDecay: Float = 0
    ) {
        (self.learningRate, self.decay) = (learningRate, decay)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
        require((0..<1).contains(decay), "decay must be from 0 to below 1", decay)
    }

    /// `square` and `stepSquare`.
    public var slotNames: [String] { ["square", "stepSquare"] }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        let gradient = decayed(gradient, parameter, weightDecay)
        let decay = Decay(decay)
        slots[0] = decay.mean(slots[0], gradient * gradient)
        let direction = sqrt(slots[1] + epsilon) / sqrt(slots[0] + epsilon) * gradient
        slots[1] = decay.mean(slots[1], direction * direction)
        return parameter - rate * direction
    }
}
