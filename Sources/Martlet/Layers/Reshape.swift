/// Gives each example another shape; one size may be −1 (inferred).
///
/// - Shapes: `[N, …]` gives `[N]` followed by `shape`; elements keep their row-major order.
/// - Errors: the trace reports another number of elements.
/// - Same as: Keras `Reshape`; `torch.nn.Unflatten(1, shape)` after `Flatten`.
public final class Reshape: Layer {
    /// The shape of one example.
    public let shape: [Int]

    /// Makes a layer.
    public init(_ shape: [Int]) {
        precondition(
            shape.allSatisfy { $0 == -1 || $0 > 0 } && shape.count { $0 == -1 } <= 1,
            "Reshape: sizes must be positive, or -1 once, got \(shape)")
        self.shape = shape
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String { "\(shape)" }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            guard let batch = x.shape.first else {
                return mistake(
                    "reshape(\(x.type))", like: x, expected: "a batch of examples, [N, …]",
                    received: "a scalar")
            }
            return x.reshaped([batch] + shape)
        }
    }
}
