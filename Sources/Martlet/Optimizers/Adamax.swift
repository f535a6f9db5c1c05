/// Adamax: Adam with the largest recent gradient in place of the root of the squares.
///
///     g ← gradient + weightDecay · w
///     m ← β₁m + (1 − β₁)g        u ← max(β₂u, |g| + ε)
///     w ← w − rate / (1 − β₁ᵗ) · m / u
///
/// - Same as: `torch.optim.Adamax`; Keras' `Adamax` with `.besideNorm` and epsilon 1e-7; Paddle's
///   `Adamax` with `.withOldNorm`.
/// - Source: Kingma & Ba, arXiv:1412.6980, section 7.
public struct Adamax: WeightDecayOptimizer {
    /// Where epsilon stands.
    public enum EpsilonPlacement: Hashable, Sendable {
        /// u ← max(β₂u, |g| + ε), as in PyTorch.
        case withGradient
        /// u ← max(β₂u + ε, |g|), as in Paddle.
        case withOldNorm
        /// u ← max(β₂u, |g|) and m / (u + ε), as in Keras.
        case besideNorm
    }

    /// How far to move.
    public var learningRate: Float
    /// The share of the old mean that is kept.
    public var beta1: Float
    /// The share of the old largest gradient that is kept.
    public var beta2: Float
    /// Keeps the divisor from zero.
    public var epsilon: Float
    /// The share of the parameter that is added to its gradient.
    public var weightDecay: Float
    /// Where epsilon stands.
    public var epsilonPlacement: EpsilonPlacement

    /// Makes the rule; `weightDecay` is added to the gradient (L2).
    ///
    /// - Precondition: both betas are from 0 to below 1.
    public init(
        learningRate: Float = 0.002, beta1: Float = 0.9, beta2: Float = 0.999,
        epsilon: Float = 1e-8, weightDecay: Float = 0,
        epsilonPlacement: EpsilonPlacement = .withGradient
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
        self.epsilonPlacement = epsilonPlacement
        require(
            (0..<1).contains(beta1) && (0..<1).contains(beta2),
            "betas must be from 0 to below 1", beta1, beta2)
    }

    /// `mean` and `largest`.
    public var slotNames: [String] { ["mean", "largest"] }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        let gradient = decayed(gradient, parameter, weightDecay)
        let (first, second) = (Decay(beta1), Decay(beta2))
        slots[0] = first.mean(slots[0], gradient)
        let (old, size) = (second * slots[1], abs(gradient))
        var divisor: Tensor
        switch epsilonPlacement {
        case .withGradient:
            slots[1] = maximum(old, size + epsilon)
            divisor = slots[1]
        case .withOldNorm:
            slots[1] = maximum(old + epsilon, size)
            divisor = slots[1]
        case .besideNorm:
            slots[1] = maximum(old, size)
            divisor = slots[1] + epsilon
        }
        return parameter - rate / first.correction(count) * (slots[0] / divisor)
    }
}
