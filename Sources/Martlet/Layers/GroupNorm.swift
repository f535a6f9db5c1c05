/// Normalises each example over groups of its channels, then scales and shifts each channel.
///
/// With one group it normalises whole examples, with as many groups as channels single maps (which is
/// instance normalisation).
///
/// - Shapes: `x` is `[N, C, …]`, C a multiple of `groups`; the result has its shape.
/// - Creates: `weight` (ones) and `bias` (zeros), both `[C]`.
/// - Errors: the trace reports channels that do not divide into the groups.
/// - Same as: `torch.nn.GroupNorm(groups, C)`; Keras `GroupNormalization` with `epsilon` 1e-3.
/// - Source: Wu & He, arXiv:1803.08494.
public final class GroupNorm: Layer {
    /// The number of groups.
    public let groups: Int
    /// Added to the variance.
    public let epsilon: Double
    private let weight: Parameter?, bias: Parameter?

    /// Makes a layer.
    public init(_ groups: Int, epsilon: Double = 1e-5, isAffine: Bool = true) {
        precondition(groups > 0, "GroupNorm: groups must be positive, got \(groups)")
        precondition(epsilon > 0, "GroupNorm: epsilon must be positive, got \(epsilon)")
        (self.groups, self.epsilon) = (groups, epsilon)
        weight = isAffine ? Parameter() : nil
        bias = isAffine ? Parameter() : nil
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        SettingsText(groups)
            .with("epsilon", epsilon, default: 1e-5)
            .with("isAffine", weight != nil, default: true).text
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            guard x.rank >= 2, x.shape[1] % groups == 0 else {
                return groupNorm(x, groups: groups)
            }
            return groupNorm(
                x, groups: groups, weight: weight?([x.shape[1]], .ones, dtype: x.dtype),
                bias: bias?([x.shape[1]], .zeros, dtype: x.dtype), epsilon: epsilon)
        }
    }
}
