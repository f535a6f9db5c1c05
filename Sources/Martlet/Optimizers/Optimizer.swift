/// A rule that moves a parameter against its gradient; it is traced into the training plan.
///
/// The rate is a run-time input of the plan, so that changing it never compiles again.
public protocol Optimizer: Sendable {
    /// How far to move; may change between steps.
    var learningRate: Float { get set }

    /// The names of the arrays that the rule keeps for each parameter; they start at zero.
    var slotNames: [String] { get }

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
}

extension Float {
    /// The number that the source text meant: 0.9 and not the nearest `Float`.
    var decimal: Double { Double(description) ?? Double(self) }
}
