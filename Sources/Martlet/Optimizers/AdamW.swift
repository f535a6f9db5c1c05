import MartletGraph

/// Adam with a weight decay that stays apart from the running means.
///
///     w ← w · (1 − rate · weightDecay)
///     w ← Adam's step without a decay of its own
///
/// - Same as: `torch.optim.AdamW` and Paddle's `AdamW`; Keras' `AdamW` with `.beforeCorrection`,
///   epsilon 1e-7 and a weight decay of 0.004.
/// - Source: Loshchilov & Hutter, arXiv:1711.05101.
public struct AdamW: MomentumOptimizer, WeightDecayOptimizer {
    /// The rule for the gradient; its own weight decay is 0.
    private var adam: Adam
    /// How fast parameters shrink, in units of the rate.
    public var weightDecay: Float

    /// Makes the rule.
    ///
    /// - Precondition: both betas are from 0 to below 1.
    public init(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999,
        epsilon: Float = 1e-8, weightDecay: Float = 0.01, amsgrad: Bool = false,
        epsilonPlacement: Adam.EpsilonPlacement = .afterCorrection
    ) {
        adam = Adam(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
            amsgrad: amsgrad, epsilonPlacement: epsilonPlacement)
        self.weightDecay = weightDecay
    }

    /// How far to move.
    public var learningRate: Float {
        get { adam.learningRate }
        set { adam.learningRate = newValue }
    }

    /// The first beta.
    public var momentum: Float {
        get { adam.beta1 }
        set { adam.beta1 = newValue }
    }

    /// `mean`, `square`, and `largestSquare` with AMSGrad.
    public var slotNames: [String] { adam.slotNames }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        adam.step(
            shrunk(parameter, rate, weightDecay), gradient, slots: &slots, rate: rate,
            count: count)
    }

    /// Moves a parameter with a first beta of the plan.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        momentum: Tensor, count: Tensor
    ) -> Tensor {
        adam.step(
            shrunk(parameter, rate, weightDecay), gradient, slots: &slots, rate: rate,
            momentum: momentum, count: count)
    }
}
