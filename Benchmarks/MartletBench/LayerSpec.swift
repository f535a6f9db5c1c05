import Martlet

/// A layer of a workload's network, as both sides build it.
indirect enum LayerSpec: Sendable {
    case convolution(Int, kernel: Int, stride: Int = 1, padding: Int = 0, usesBias: Bool = true)
    case dense(Int)
    case relu, sigmoid, flatten, batchNorm, globalAverage
    case maxPool(Int)
    case dropout(Double), channelDropout(Double)
    /// relu(main(x) + shortcut(x)); an empty shortcut is x itself.
    case residual(main: [LayerSpec], shortcut: [LayerSpec])

    /// Martlet's layer; layers with dropout do nothing unless `isRandom`.
    func layer(isRandom: Bool) -> any Layer {
        switch self {
        case .convolution(let filters, let kernel, let stride, let padding, let usesBias):
            Conv2D(
                filters, kernelSize: kernel, stride: stride, padding: .pixels(padding),
                usesBias: usesBias)
        case .dense(let units): Dense(units)
        case .relu: ActivationLayer(.relu)
        case .sigmoid: ActivationLayer(.sigmoid)
        case .flatten: Flatten()
        case .batchNorm: BatchNorm()
        case .globalAverage: GlobalAveragePool2D()
        case .maxPool(let size): MaxPool2D(size)
        case .dropout(let rate): isRandom ? Dropout(rate) : ActivationLayer(.identity)
        case .channelDropout(let rate):
            isRandom ? ChannelDropout(rate) : ActivationLayer(.identity)
        case .residual(let main, let shortcut):
            Residual(activation: .relu) {
                for spec in main { spec.layer(isRandom: isRandom) }
            } shortcut: {
                for spec in shortcut { spec.layer(isRandom: isRandom) }
            }
        }
    }

    /// The layer as `peers/workload.py` reads it.
    var json: [String: Any] {
        switch self {
        case .convolution(let filters, let kernel, let stride, let padding, let usesBias):
            [
                "op": "conv", "filters": filters, "kernel": kernel, "stride": stride,
                "padding": padding, "bias": usesBias,
            ]
        case .dense(let units): ["op": "dense", "units": units]
        case .relu: ["op": "relu"]
        case .sigmoid: ["op": "sigmoid"]
        case .flatten: ["op": "flatten"]
        case .batchNorm: ["op": "batchNorm"]
        case .globalAverage: ["op": "globalAverage"]
        case .maxPool(let size): ["op": "maxPool", "size": size]
        case .dropout(let rate): ["op": "dropout", "rate": rate]
        case .channelDropout(let rate): ["op": "channelDropout", "rate": rate]
        case .residual(let main, let shortcut):
            ["op": "residual", "main": main.map(\.json), "shortcut": shortcut.map(\.json)]
        }
    }
}
