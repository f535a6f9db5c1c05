/// RMSprop: gradients divided by the root of a running mean of their squares.
///
///     g ← gradient + weightDecay · w
///     s ← decay · s + (1 − decay) · g²
///     a ← decay · a + (1 − decay) · g               (centered; otherwise a is 0)
///     v ← momentum · v + g / (√(s − a²) + ε)
///     w ← w − rate · v
///
/// With `.insideRoot`, as in Keras and Paddle, epsilon stands under the root and v holds steps:
///
///     v ← momentum · v + rate · g / √(s − a² + ε)
///     w ← w − v
///
/// - Same as: `torch.optim.RMSprop` (`decay` is its alpha); Keras' `RMSprop` with `.insideRoot`, decay
///   0.9, epsilon 1e-7; Paddle's `RMSProp` with `.insideRoot`, decay 0.95, epsilon 1e-6.
/// - Source: Hinton, lecture 6e of "Neural networks for machine learning"; Graves,
///   arXiv:1308.0850, for the centered form.
public struct RMSprop: MomentumOptimizer, WeightDecayOptimizer {
    /// Where epsilon stands, and with it what the velocity holds.
    public enum EpsilonPlacement: Hashable, Sendable {
        /// √s + ε and a velocity without the rate, as in PyTorch.
        case afterRoot
        /// √(s + ε) and a velocity of steps, as in Keras and Paddle.
        case insideRoot
    }

    /// How far to move.
    public var learningRate: Float
    /// The share of the old mean that is kept.
    public var decay: Float
    /// Keeps the divisor from zero.
    public var epsilon: Float
    /// The share of the old velocity that is kept.
    public var momentum: Float
    /// Whether the squared mean is taken from the mean square.
    public var isCentered: Bool
    /// The share of the parameter that is added to its gradient.
    public var weightDecay: Float
    /// Where epsilon stands.
    public var epsilonPlacement: EpsilonPlacement

    /// Makes the rule; `weightDecay` is added to the gradient (L2).
    ///
    /// - Precondition: `decay` is from 0 to below 1.
    public init(
        learningRate: Float = 0.01, decay: Float = 0.99, epsilon: Float = 1e-8,
        momentum: Float = 0, centered: Bool = false, weightDecay: Float = 0,
        epsilonPlacement: EpsilonPlacement = .afterRoot
    ) {
        (self.learningRate, self.decay, self.epsilon) = (learningRate, decay, epsilon)
        (self.momentum, isCentered, self.weightDecay) = (momentum, centered, weightDecay)
        self.epsilonPlacement = epsilonPlacement
        require((0..<1).contains(decay), "decay must be from 0 to below 1", decay)
    }

    /// `square`, `mean` when centered, `velocity` with momentum.
    public var slotNames: [String] {
        ["square"] + (isCentered ? ["mean"] : []) + (momentum == 0 ? [] : ["velocity"])
    }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        step(parameter, gradient, &slots, rate, Decay(momentum))
    }

    /// Moves a parameter with a momentum of the plan.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        momentum: Tensor, count: Tensor
    ) -> Tensor {
        step(parameter, gradient, &slots, rate, Decay(momentum))
    }

    private func step(
        _ parameter: Tensor, _ gradient: Tensor, _ slots: inout [Tensor], _ rate: Tensor,
        _ momentum: Decay
    ) -> Tensor {
        let gradient = decayed(gradient, parameter, weightDecay)
        let decay = Decay(decay)
        slots[0] = decay.mean(slots[0], gradient * gradient)
        var square = slots[0]
        if isCentered {
            slots[1] = decay.mean(slots[1], gradient)
            // Rounding can make the difference negative, and its root would be NaN.
            square = maximum(square - slots[1] * slots[1], 0)
        }
        let velocity = isCentered ? 2 : 1
        let hasVelocity = slots.count > velocity
        switch epsilonPlacement {
        case .afterRoot:
            var direction = gradient / (sqrt(square) + epsilon)
            if hasVelocity {
                direction = momentum * slots[velocity] + direction
                slots[velocity] = direction
            }
            return parameter - rate * direction
        case .insideRoot:
            var move = rate * gradient / sqrt(square + epsilon)
            if hasVelocity {
                move = momentum * slots[velocity] + move
                slots[velocity] = move
            }
            return parameter - move
        }
    }
}
