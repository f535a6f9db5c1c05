/// Builds a list of layers from a block: layers, activations, functions, `if`, `switch` and `for`.
@resultBuilder
public enum LayerBuilder {
    /// A layer.
    public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }

    /// A list of layers.
    public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }

    /// A layer or nothing.
    public static func buildExpression(_ layer: (any Layer)?) -> [any Layer] {
        layer.map { [$0] } ?? []
    }

    /// An activation, `Activation.relu`.
    public static func buildExpression(_ activation: Activation) -> [any Layer] {
        [ActivationLayer(activation)]
    }

    /// A function of one tensor, `relu`.
    public static func buildExpression(
        _ function: @escaping (Tensor) -> Tensor
    ) -> [any Layer] { [FunctionLayer(function)] }

    /// The parts of a block, in order.
    public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
    /// The layers of an `if` without `else`.
    public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
    /// The layers of the branch that was taken.
    public static func buildEither(first: [any Layer]) -> [any Layer] { first }
    /// The layers of the branch that was taken.
    public static func buildEither(second: [any Layer]) -> [any Layer] { second }
    /// The layers of all rounds of a `for`.
    public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
    /// The layers of an `if #available`.
    public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}
