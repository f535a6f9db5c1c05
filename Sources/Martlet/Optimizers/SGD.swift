/// Stochastic gradient descent with momentum.
///
///     g ← gradient + weightDecay · w
///     v ← momentum · v + (1 − dampening) · g        (v ← g on the first step)
///     w ← w − rate · v                              (g + momentum · v with nesterov)
///
/// The velocity holds gradients, as in PyTorch; Keras' velocity holds steps, which differs when the
/// rate changes.
///
/// - Same as: `torch.optim.SGD`.
/// - Source: Sutskever et al., ICML 2013.
public struct SGD: Optimizer {
    /// How far to move.
    public var learningRate: Float
    /// The share of the old velocity that is kept.
    public var momentum: Float
    /// The share of the gradient that the velocity leaves out.
    public var dampening: Float
    /// The share of the parameter that is added to its gradient.
    public var weightDecay: Float
    /// Whether to look ahead along the velocity.
    public var isNesterov: Bool

    /// Makes the rule.
    ///
    /// - Precondition: nesterov needs a momentum and no dampening.
    public init(
        learningRate: Float = 0.01, momentum: Float = 0, dampening: Float = 0,
        weightDecay: Float = 0, nesterov: Bool = false
    ) {
        precondition(
            !nesterov || (momentum > 0 && dampening == 0),
            "SGD: nesterov needs a momentum and no dampening")
        (self.learningRate, self.momentum) = (learningRate, momentum)
        (self.dampening, self.weightDecay, isNesterov) = (dampening, weightDecay, nesterov)
    }

    /// `velocity`, with momentum.
    public var slotNames: [String] { momentum == 0 ? [] : ["velocity"] }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        var gradient = gradient
        if weightDecay != 0 { gradient = gradient + weightDecay * parameter }
        guard momentum != 0 else { return parameter - rate * gradient }
        if dampening == 0 {
            slots[0] = momentum * slots[0] + gradient
        } else {
            let later = momentum * slots[0] + (1 - dampening.decimal) * gradient
            slots[0] = select(count .== 1, gradient, later)
        }
        let direction = isNesterov ? gradient + momentum * slots[0] : slots[0]
        return parameter - rate * direction
    }
}
