import MartletGraph

/// Adam: steps scaled by running means of the gradient and its square.
///
///     g ← gradient + weightDecay · w
///     m ← β₁m + (1 − β₁)g        v ← β₂v + (1 − β₂)g²
///     w ← w − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// With `amsgrad`, √v is that of the largest v so far. The momentum that a schedule may change is β₁.
///
/// - Same as: `torch.optim.Adam` and Paddle's `Adam` with epsilon after the correction; Keras' `Adam`
///   with `.beforeCorrection` and epsilon 1e-7.
/// - Source: Kingma & Ba, arXiv:1412.6980; Reddi et al., ICLR 2018, for AMSGrad.
public struct Adam: MomentumOptimizer, WeightDecayOptimizer {
    /// Where epsilon stands.
    public enum EpsilonPlacement: Hashable, Sendable {
        /// √v / √(1 − β₂ᵗ) + ε, as in PyTorch and Paddle.
        case afterCorrection
        /// √v + ε, with the correction in the rate, as in Keras and the paper's faster form.
        case beforeCorrection
    }

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
    /// Whether the largest mean square so far divides.
    public var isAMSGrad: Bool
    /// Where epsilon stands.
    public var epsilonPlacement: EpsilonPlacement

    /// Makes the rule; `weightDecay` is added to the gradient (L2).
    ///
    /// - Precondition: both betas are from 0 to below 1.
    public init(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999,
        epsilon: Float = 1e-8, weightDecay: Float = 0, amsgrad: Bool = false,
        epsilonPlacement: EpsilonPlacement = .afterCorrection
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
        (isAMSGrad, self.epsilonPlacement) = (amsgrad, epsilonPlacement)
        require(
            (0..<1).contains(beta1) && (0..<1).contains(beta2),
            "betas must be from 0 to below 1", beta1, beta2)
    }

    /// The first beta.
    public var momentum: Float {
        get { beta1 }
        set { beta1 = newValue }
    }

    /// `mean`, `square`, and `largestSquare` with AMSGrad.
    public var slotNames: [String] { ["mean", "square"] + (isAMSGrad ? ["largestSquare"] : []) }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        step(parameter, gradient, &slots, rate, Decay(beta1), count)
    }

    /// Moves a parameter with a first beta of the plan.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        momentum: Tensor, count: Tensor
    ) -> Tensor {
        step(parameter, gradient, &slots, rate, Decay(momentum), count)
    }

    private func step(
        _ parameter: Tensor, _ gradient: Tensor, _ slots: inout [Tensor], _ rate: Tensor,
        _ beta1: Decay, _ count: Tensor
    ) -> Tensor {
        let gradient = decayed(gradient, parameter, weightDecay)
        let beta2 = Decay(beta2)
        slots[0] = beta1.mean(slots[0], gradient)
        slots[1] = beta2.mean(slots[1], gradient * gradient)
        if isAMSGrad { slots[2] = maximum(slots[2], slots[1]) }
        let size = sqrt(slots[isAMSGrad ? 2 : 1])
        let correction1 = beta1.correction(count)
        let correction2 = sqrt(beta2.correction(count))
        switch epsilonPlacement {
        case .afterCorrection:
            // One division for all elements instead of one for each.
            let scaled = size * (1 / correction2)
            return parameter - rate / correction1 * (slots[0] / (scaled + epsilon))
        case .beforeCorrection:
            return parameter - rate * correction2 / correction1 * (slots[0] / (size + epsilon))
        }
    }
}
