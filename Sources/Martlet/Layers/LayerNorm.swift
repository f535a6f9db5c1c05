/// Normalises each example over its last axes, then scales and shifts every element of them.
///
/// - Shapes: the last `axisCount` axes of `x` are normalised; the result has the shape of `x`.
/// - Creates: `weight` (ones) and `bias` (zeros) of the shape of those axes.
/// - Same as: `torch.nn.LayerNorm`; Keras `LayerNormalization` with `epsilon` 1e-3.
/// - Source: Ba et al., arXiv:1607.06450.
public final class LayerNorm: Layer {
    /// How many axes are normalised, counted from the last.
    public let axisCount: Int
    /// Added to the variance.
    public let epsilon: Double
    private let weight: Parameter?, bias: Parameter?

    /// Makes a layer.
    public init(axisCount: Int = 1, epsilon: Double = 1e-5, isAffine: Bool = true) {
        precondition(axisCount > 0, "LayerNorm: axisCount must be positive, got \(axisCount)")
        (self.axisCount, self.epsilon) = (axisCount, epsilon)
        weight = isAffine ? Parameter() : nil
        bias = isAffine ? Parameter() : nil
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        SettingsText()
            .with("axisCount", axisCount, default: 1)
            .with("epsilon", epsilon, default: 1e-5)
            .with("isAffine", weight != nil, default: true).text
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            guard axisCount <= x.rank else { return layerNorm(x, axisCount: axisCount) }
            let shape = Array(x.shape.suffix(axisCount))
            return layerNorm(
                x, axisCount: axisCount, weight: weight?(shape, .ones, dtype: x.dtype),
                bias: bias?(shape, .zeros, dtype: x.dtype), epsilon: epsilon)
        }
    }
}
