import Foundation

/// Adam: steps scaled by running means of the gradient and its square.
///
///     m ← β₁m + (1 − β₁)g        v ← β₂v + (1 − β₂)g²
///     w ← w − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// - Same as: `torch.optim.Adam` with epsilon after the correction; Keras' `Adam` before it.
/// - Source: Kingma & Ba, arXiv:1412.6980.
public struct Adam: Optimizer {
    /// Where epsilon stands.
    public enum EpsilonPlacement: Hashable, Sendable {
        /// √v / √(1 − β₂ᵗ) + ε, as in PyTorch.
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
    /// Where epsilon stands.
    public var epsilonPlacement: EpsilonPlacement

    /// Makes the rule; `weightDecay` is added to the gradient (L2).
    ///
    /// - Precondition: both betas are from 0 to below 1.
    public init(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999,
        epsilon: Float = 1e-8, weightDecay: Float = 0,
        epsilonPlacement: EpsilonPlacement = .afterCorrection
    ) {
        precondition(
            (0..<1).contains(beta1) && (0..<1).contains(beta2),
            "Adam: betas must be from 0 to below 1, got \(beta1) and \(beta2)")
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
        self.epsilonPlacement = epsilonPlacement
    }

    /// `mean` and `square`.
    public var slotNames: [String] { ["mean", "square"] }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        var gradient = gradient
        if weightDecay != 0 { gradient = gradient + weightDecay * parameter }
        slots[0] = beta1 * slots[0] + (1 - beta1.decimal) * gradient
        slots[1] = beta2 * slots[1] + (1 - beta2.decimal) * (gradient * gradient)
        let correction1 = correction(beta1, count)
        let correction2 = sqrt(correction(beta2, count))
        switch epsilonPlacement {
        case .afterCorrection:
            let size = sqrt(slots[1]) / correction2 + epsilon
            return parameter - rate / correction1 * (slots[0] / size)
        case .beforeCorrection:
            let size = sqrt(slots[1]) + epsilon
            return parameter - rate * correction2 / correction1 * (slots[0] / size)
        }
    }

    /// 1 − βᵗ without cancellation.
    private func correction(_ beta: Float, _ count: Tensor) -> Tensor {
        beta == 0 ? Tensor(1) : -expm1(count * Foundation.log(beta.decimal))
    }
}
