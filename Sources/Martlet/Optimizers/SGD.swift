/// Stochastic gradient descent with momentum.
///
///     g ← gradient + weightDecay · w
///     v ← momentum · v + (1 − dampening) · g        (v ← g on the first step)
///     w ← w − rate · v                              (g + momentum · v with nesterov)
///
/// The velocity holds gradients, as in PyTorch and Paddle; with `.steps`, as in Keras, it holds steps,
/// which differs when the rate changes:
///
///     v ← momentum · v − rate · g
///     w ← w + v                                     (momentum · v − rate · g with nesterov)
///
/// - Same as: `torch.optim.SGD`; Paddle's `Momentum` with `L2Decay`; Keras' `SGD` with `.steps`.
/// - Source: Sutskever et al., ICML 2013.
public struct SGD: MomentumOptimizer, WeightDecayOptimizer {
    /// What the velocity adds up.
    public enum Velocity: Hashable, Sendable {
        /// Gradients, as in PyTorch and Paddle.
        case gradients
        /// Gradients times the rate of their step, as in Keras.
        case steps
    }

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
    /// What the velocity adds up.
    public var velocity: Velocity

    /// Makes the rule.
    ///
    /// - Precondition: nesterov needs a momentum and no dampening; a velocity of steps has none.
    public init(
        learningRate: Float = 0.01, momentum: Float = 0, dampening: Float = 0,
        weightDecay: Float = 0, nesterov: Bool = false, velocity: Velocity = .gradients
    ) {
        precondition(
            !nesterov || (momentum > 0 && dampening == 0),
            "SGD: nesterov needs a momentum and no dampening")
        precondition(
            velocity == .gradients || dampening == 0, "SGD: a velocity of steps has no dampening")
        (self.learningRate, self.momentum) = (learningRate, momentum)
        (self.dampening, self.weightDecay, isNesterov) = (dampening, weightDecay, nesterov)
        self.velocity = velocity
    }

    /// `velocity`, with momentum.
    public var slotNames: [String] { momentum == 0 ? [] : ["velocity"] }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        step(parameter, gradient, &slots, rate, Decay(momentum), count)
    }

    /// Moves a parameter with a momentum of the plan.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        momentum: Tensor, count: Tensor
    ) -> Tensor {
        step(parameter, gradient, &slots, rate, Decay(momentum), count)
    }

    private func step(
        _ parameter: Tensor, _ gradient: Tensor, _ slots: inout [Tensor], _ rate: Tensor,
        _ momentum: Decay, _ count: Tensor
    ) -> Tensor {
        let gradient = decayed(gradient, parameter, weightDecay)
        guard !slots.isEmpty else { return parameter - rate * gradient }
        switch velocity {
        case .steps:
            slots[0] = momentum * slots[0] - rate * gradient
            guard isNesterov else { return parameter + slots[0] }
            return parameter + (momentum * slots[0] - rate * gradient)
        case .gradients:
            if dampening == 0 {
                slots[0] = momentum * slots[0] + gradient
            } else {
                let share: Double = 1 - dampening.decimal
                let later = momentum * slots[0] + share * gradient
                slots[0] = select(count .== 1, gradient, later)
            }
            return parameter - rate * (isNesterov ? gradient + momentum * slots[0] : slots[0])
        }
    }
}
