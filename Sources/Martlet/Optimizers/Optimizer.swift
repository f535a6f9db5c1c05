import MartletGraph

/// A rule that moves a parameter against its gradient; it is traced into the training plan.
///
/// The rate is a run-time input of the plan, so that changing it never compiles again. Clipping,
/// groups, accumulation and averages are added around a rule: `Adam().clipped(by: .globalNorm(1))`.
public protocol Optimizer: Sendable {
    /// How far to move; may change between steps.
    var learningRate: Float { get set }

    /// The names of the arrays that the rule keeps for each parameter.
    var slotNames: [String] { get }

    /// What a slot holds before the first step; zeros of the parameter's type by default.
    ///
    /// The slot keeps the type that this gives, so that a slot may also be one number.
    func firstValue(ofSlot name: String, for parameter: TensorType) -> HostTensor

    /// The new value of a parameter.
    ///
    /// - Parameters:
    ///   - parameter: The value now.
    ///   - gradient: Of the loss, in the parameter's type.
    ///   - slots: What the rule kept, in the order of `slotNames`; replace what changes.
    ///   - rate: The learning rate of this step, a scalar.
    ///   - count: The number of this step as f32, 1 for the first.
    func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        count: Tensor
    ) -> Tensor

    /// What happens around the rule; nothing by default.
    var options: UpdateOptions { get }

    /// The rule itself, without what was put around it.
    var rule: any Optimizer { get }

    /// Sets the momentum where the plan takes it as an input; else nothing happens.
    mutating func setMomentum(_ momentum: Float)
}

extension Optimizer {
    /// Zeros.
    public func firstValue(ofSlot name: String, for parameter: TensorType) -> HostTensor {
        HostTensor(zeros: parameter)
    }

    /// Nothing.
    public var options: UpdateOptions { UpdateOptions() }

    /// The optimizer itself.
    public var rule: any Optimizer { self }

    /// Does nothing.
    public mutating func setMomentum(_ momentum: Float) {}
}

/// A rule that pulls weights towards zero, so that groups of parameters can be pulled otherwise.
public protocol WeightDecayOptimizer: Optimizer {
    /// How hard; what it is multiplied by is said by each rule.
    var weightDecay: Float { get set }
}

/// A rule whose momentum can be an input of the plan, as a one-cycle schedule needs.
public protocol MomentumOptimizer: Optimizer {
    /// The share of the old direction that is kept; SGD's momentum, Adam's first beta.
    var momentum: Float { get set }

    /// The same as the step with a fixed momentum, for one that is a scalar of the plan.
    func step(
        _ parameter: Tensor, _ gradient: Tensor, slots: inout [Tensor], rate: Tensor,
        momentum: Tensor, count: Tensor
    ) -> Tensor
}

extension MomentumOptimizer {
    /// Sets the momentum.
    public mutating func setMomentum(_ momentum: Float) { self.momentum = momentum }
}

extension Float {
    /// The number that the source text meant: 0.9 and not the nearest `Float`.
    var decimal: Double { Double(description) ?? Double(self) }
}
