import MartletGraph

/// Adagrad: gradients divided by the root of the sum of all their squares.
///
///     g ← gradient + weightDecay · w
///     s ← s + g²                                    (s starts at initialSum)
///     w ← w − rate / (1 + (t − 1) · rateDecay) · g / (√s + ε)
///
/// With `.insideRoot` the divisor is √(s + ε).
///
/// - Same as: `torch.optim.Adagrad`; Paddle's `Adagrad` with epsilon 1e-6; Keras' `Adagrad` with
///   `.insideRoot`, epsilon 1e-7 and an initial sum of 0.1.
/// - Source: Duchi, Hazan & Singer, JMLR 12 (2011).
public struct Adagrad: WeightDecayOptimizer {
    /// How far to move.
    public var learningRate: Float
    /// How fast the rate shrinks with the number of steps.
    public var rateDecay: Float
    /// Keeps the divisor from zero.
    public var epsilon: Float
    /// What the sum starts at.
    public var initialSum: Float
    /// The share of the parameter that is added to its gradient.
    public var weightDecay: Float
    /// Where epsilon stands.
    public var epsilonPlacement: RMSprop.EpsilonPlacement

    /// Makes the rule; `weightDecay` is added to the gradient (L2).
    ///
    /// - Precondition: `initialSum` and `rateDecay` are not negative.
    public init(
        learningRate: Float = 0.01, rateDecay: Float = 0, epsilon: Float = 1e-10,
        initialSum: Float = 0, weightDecay: Float = 0,
        epsilonPlacement: RMSprop.EpsilonPlacement = .afterRoot
    ) {
        (self.learningRate, self.rateDecay, self.epsilon) = (learningRate, rateDecay, epsilon)
        (self.initialSum, self.weightDecay) = (initialSum, weightDecay)
        self.epsilonPlacement = epsilonPlacement
        require(
            initialSum >= 0 && rateDecay >= 0, "the initial sum and the decay must not be negative",
            initialSum, rateDecay)
    }

    /// `sum`.
    public var slotNames: [String] { ["sum"] }

    /// The initial sum everywhere.
    public func firstValue(ofSlot name: String, for parameter: TensorType) -> HostTensor {
        HostTensor(repeating: initialSum.decimal, parameter)
    }

    /// Moves a parameter.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        let gradient = decayed(gradient, parameter, weightDecay)
        let rate = rateDecay == 0 ? rate : rate / (1 + (count - 1) * rateDecay.decimal)
        slots[0] = slots[0] + gradient * gradient
        let divisor =
            switch epsilonPlacement {
            case .afterRoot: sqrt(slots[0]) + epsilon
            case .insideRoot: sqrt(slots[0] + epsilon)
            }
        return parameter - rate * (gradient / divisor)
    }
}
