import MartletGraph

/// What happens around an optimizer's rule at each update, in this order: accumulation, sign,
/// clipping, the rule with the settings of its group, averages.
public struct UpdateOptions: Hashable, Sendable {
    /// How many calls of the step make one update.
    public var accumulationCount = 1
    /// Whether the loss goes up instead of down.
    public var isMaximizing = false
    /// Whether gradients are added up until somebody sets the sums to zero, and each step takes the sum.
    public var isSummingGradients = false
    /// How gradients are held small.
    public var clipping: GradientClipping?
    /// Settings by path.
    public var groups: [ParameterGroup] = []
    /// The share of the old average that is kept at each update, `nil` for no averages.
    public var averageDecay: Float?
    /// Whether the momentum is an input of the plan.
    public var hasMomentumInput = false

    /// No options.
    public init() {}

    /// The names of the arrays for each parameter that the options need.
    var slotNames: [String] {
        (accumulationCount > 1 ? [Self.accumulatedName] : [])
            + (isSummingGradients ? [Self.summedName] : [])
            + (averageDecay == nil ? [] : [Self.averageName])
    }

    /// The name of the slot that adds gradients up.
    static let accumulatedName = "accumulated"
    /// The name of the slot with the sum of gradients since the epoch's start.
    static let summedName = "summed"
    /// The name of the slot that averages weights.
    static let averageName = "average"
}

/// A rule with something around it; made by the functions of every optimizer.
public struct OptimizerWithOptions<Rule: Optimizer>: Optimizer {
    private var inner: Rule
    /// What is around the rule.
    public private(set) var options: UpdateOptions

    init(_ inner: Rule, _ change: (inout UpdateOptions) -> Void) {
        (self.inner, options) = (inner, inner.options)
        change(&options)
    }

    /// How far to move.
    public var learningRate: Float {
        get { inner.learningRate }
        set { inner.learningRate = newValue }
    }

    /// The rule without what is around it.
    public var rule: any Optimizer { inner.rule }

    /// The slots of the rule and then those of the options.
    public var slotNames: [String] { rule.slotNames + options.slotNames }

    /// What the rule says; zeros for the options.
    public func firstValue(ofSlot name: String, for parameter: TensorType) -> HostTensor {
        rule.slotNames.contains(name)
            ? rule.firstValue(ofSlot: name, for: parameter) : HostTensor(zeros: parameter)
    }

    /// Takes the rule's step alone.
    public func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor {
        inner.step(parameter, gradient, slots: &slots, rate: rate, count: count)
    }

    /// Sets the momentum of the rule.
    public mutating func setMomentum(_ momentum: Float) {
        if options.hasMomentumInput { inner.setMomentum(momentum) }
    }
}

extension Optimizer {
    /// Holds gradients small before each update.
    public func clipped(by clipping: GradientClipping) -> OptimizerWithOptions<Self> {
        OptimizerWithOptions(self) { $0.clipping = clipping }
    }

    /// Gives parameters settings by their paths; the first group that fits counts.
    ///
    /// - Errors: the first step throws for a group that fits no parameter, or that sets the weight
    ///   decay of a rule that has none.
    public func grouped(_ groups: [ParameterGroup]) -> OptimizerWithOptions<Self> {
        OptimizerWithOptions(self) { $0.groups += groups }
    }

    /// Updates only at every `count`th call, with the mean of the gradients since.
    ///
    /// Batch statistics and random numbers go on at each call. Calls should have batches of one size.
    /// - Precondition: `count` is positive.
    public func accumulating(_ count: Int) -> OptimizerWithOptions<Self> {
        precondition(count > 0, "accumulating: the count must be positive, got \(count)")
        return OptimizerWithOptions(self) { $0.accumulationCount = count }
    }

    /// Takes every step with the sum of all gradients since the start of the epoch, as a loop does that
    /// calls `zero_grad` only once per epoch.
    ///
    /// `Trainer` sets the sums to zero when an epoch starts; `TrainStep` knows no epochs and has
    /// `resetSummedGradients()`.
    public func summingGradients() -> OptimizerWithOptions<Self> {
        OptimizerWithOptions(self) { $0.isSummingGradients = true }
    }

    /// Keeps an average of the weights, `EvaluationStep(net, weights: .average)` uses it.
    ///
    ///     average ← decay · average + (1 − decay) · w   (average ← w at the first update)
    ///
    /// - Precondition: `decay` is from 0 to below 1.
    /// - Same as: `torch.optim.swa_utils.AveragedModel` with `get_ema_multi_avg_fn(decay)`.
    public func averagingWeights(decay: Float = 0.999) -> OptimizerWithOptions<Self> {
        precondition(
            (0..<1).contains(decay),
            "averagingWeights: the decay must be from 0 to below 1, got \(decay)")
        return OptimizerWithOptions(self) { $0.averageDecay = decay }
    }

    /// Makes the loss as large as possible.
    public func maximizing() -> OptimizerWithOptions<Self> {
        OptimizerWithOptions(self) { $0.isMaximizing = true }
    }
}

extension MomentumOptimizer {
    /// Makes the momentum an input of the plan, so that a one-cycle schedule can change it.
    ///
    /// - Precondition: the momentum is not 0 at the first step.
    public func withMomentumInput() -> OptimizerWithOptions<Self> {
        precondition(momentum != 0, "withMomentumInput: the momentum must not be 0")
        return OptimizerWithOptions(self) { $0.hasMomentumInput = true }
    }
}

extension Optimizer {
    /// The momentum for the next run, `nil` where the plan has no input for it.
    var momentumNow: Float? {
        guard options.hasMomentumInput else { return nil }
        return (rule as? any MomentumOptimizer)?.momentum
    }
}
