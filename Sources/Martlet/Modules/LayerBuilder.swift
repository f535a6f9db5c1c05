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

    public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
    public static func buildEither(first: [any Layer]) -> [any Layer] { first }
    public static func buildEither(second: [any Layer]) -> [any Layer] { second }
    public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
    public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}
