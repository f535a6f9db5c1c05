/// Layers one after the other.
///
///     let model = Sequential {
///         Flatten()
///         Dense(64, activation: .relu)
///         Dense(10)
///     }
///
/// - Creates: what its layers create, under `layers.0`, `layers.1`, …
public final class Sequential: Layer {
    /// The layers in order; exchange them before the model's first step is made.
    ///
    ///     model.layers[2] = Dense(5)
    public var layers: [any Layer]

    /// Takes the layers of a block.
    public init(@LayerBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

    /// Takes a list of layers.
    public init(_ layers: [any Layer]) { self.layers = layers }

    /// Applies the layers in order.
    public func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }
}
