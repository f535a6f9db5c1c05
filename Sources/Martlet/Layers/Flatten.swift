/// Joins all axes but the first: `[N, C, H, W]` gives `[N, C·H·W]`.
///
/// - Same as: `torch.nn.Flatten`. Keras flattens pictures in the order H, W, C.
public final class Flatten: Layer {
    /// Makes a layer.
    public init() {}

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor { running(x) { x.flattened() } }
}
