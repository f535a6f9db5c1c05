/// The largest element of each window; see `maxPool2D`.
///
/// - Same as: `torch.nn.MaxPool2d`, Keras `MaxPooling2D`.
public final class MaxPool2D: Layer {
    /// Height and width of the window, and how far it moves.
    public let size: [Int], stride: [Int]
    private let padding: Padding
    private let ceilMode: Bool

    /// Makes a layer; the stride is the size unless given.
    public init(
        _ size: some SizePair, stride: (any SizePair)? = nil, padding: Padding = .valid,
        ceilMode: Bool = false
    ) {
        self.size = checkedPair(size, "MaxPool2D: size")
        self.stride = stride.map { checkedPair($0, "MaxPool2D: stride") } ?? self.size
        (self.padding, self.ceilMode) = (padding, ceilMode)
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        SettingsText(SettingsText.pair(size))
            .with("stride", pair: stride, default: size)
            .with(padding)
            .with("ceilMode", ceilMode, default: false).text
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            maxPool2D(x, size, stride: stride, padding: padding, ceilMode: ceilMode)
        }
    }
}

/// The mean of each window; see `averagePool2D`.
///
/// - Same as: `torch.nn.AvgPool2d`, Keras `AveragePooling2D`.
public final class AveragePool2D: Layer {
    /// Height and width of the window, and how far it moves.
    public let size: [Int], stride: [Int]
    private let padding: Padding
    private let ceilMode: Bool
    private let countsPadding: Bool?

    /// Makes a layer; the stride is the size unless given.
    public init(
        _ size: some SizePair, stride: (any SizePair)? = nil, padding: Padding = .valid,
        ceilMode: Bool = false, countsPadding: Bool? = nil
    ) {
        self.size = checkedPair(size, "AveragePool2D: size")
        self.stride = stride.map { checkedPair($0, "AveragePool2D: stride") } ?? self.size
        (self.padding, self.ceilMode) = (padding, ceilMode)
        self.countsPadding = countsPadding
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String {
        SettingsText(SettingsText.pair(size))
            .with("stride", pair: stride, default: size)
            .with(padding)
            .with("ceilMode", ceilMode, default: false)
            .with("countsPadding", countsPadding.map { "\($0)" } ?? "", default: "").text
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            averagePool2D(
                x, size, stride: stride, padding: padding, ceilMode: ceilMode,
                countsPadding: countsPadding)
        }
    }
}

/// The mean of each channel: `[N, C, H, W]` gives `[N, C]`.
public final class GlobalAveragePool2D: Layer {
    /// Makes a layer.
    public init() {}

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor { running(x) { globalAveragePool2D(x) } }
}

/// The mean of windows that divide the picture evenly; see `adaptiveAveragePool2D`.
///
/// - Shapes: `[N, C, H, W]` gives `[N, C, output height, output width]`, whatever H and W are.
/// - Same as: `torch.nn.AdaptiveAvgPool2d`.
public final class AdaptiveAveragePool2D: Layer {
    /// Height and width of the result.
    public let outputSize: [Int]

    /// Makes a layer.
    public init(_ outputSize: some SizePair) {
        self.outputSize = checkedPair(outputSize, "AdaptiveAveragePool2D: outputSize")
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String { SettingsText.pair(outputSize) }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) { adaptiveAveragePool2D(x, outputSize) }
    }
}
