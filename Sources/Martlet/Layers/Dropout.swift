/// Sets a share of the elements to zero while training; see `dropout`.
///
/// - Units: `rate` is the share that is lost, 0 to 1.
/// - Same as: `torch.nn.Dropout(rate)`, Keras `Dropout(rate)`.
public final class Dropout: Layer {
    /// The share that is lost.
    public let rate: Double

    /// Makes a layer.
    public init(_ rate: Double) {
        precondition((0...1).contains(rate), "Dropout: rate must be from 0 to 1, got \(rate)")
        self.rate = rate
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String { "\(rate)" }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor { running(x) { dropout(x, rate: rate) } }
}

/// Sets a share of the channels to zero while training; see `channelDropout`.
///
/// - Units: `rate` is the share that is lost, 0 to 1.
/// - Same as: `torch.nn.Dropout2d(rate)`, Keras `SpatialDropout2D(rate)`.
public final class ChannelDropout: Layer {
    /// The share that is lost.
    public let rate: Double

    /// Makes a layer.
    public init(_ rate: Double) {
        precondition(
            (0...1).contains(rate), "ChannelDropout: rate must be from 0 to 1, got \(rate)")
        self.rate = rate
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String { "\(rate)" }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) { channelDropout(x, rate: rate) }
    }
}
