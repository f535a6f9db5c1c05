import Foundation
import Martlet
import MartletFormats

/// Makes the layers that one layer of a Keras configuration stands for.
struct KerasLayerBuilder {
    private let layer: KerasLayer
    private let config: [String: Any]
    private let file: String
    private let place: String

    init(_ layer: KerasLayer, file: String, place: String) {
        (self.layer, self.file) = (layer, file)
        config = layer.config
        self.place = layer.name.isEmpty ? place : layer.name
    }

    /// The shape of one example where the layer tells it, in Keras' order.
    func inputShape() throws(FormatError) -> [Int]? {
        guard let list = config["batch_shape"] ?? config["batch_input_shape"] else { return nil }
        guard let list = list as? [Any] else { return nil }
        var shape: [Int] = []
        for size in list.dropFirst() {
            guard let size = size as? Int, (1...1 << 20).contains(size) else {
                throw refused("a fixed size for every axis but the batch", "\(list)")
            }
            shape.append(size)
        }
        return shape
    }

    /// The layers, none for an input.
    func layers() throws(FormatError) -> [any Layer] {
        if let format = config["data_format"] as? String, format != "channels_last" {
            throw refused("channels_last", format)
        }
        switch layer.kind {
        case "InputLayer": return []
        case "Conv2D": return [try convolution()]
        case "DepthwiseConv2D": return [try depthwise()]
        case "Dense":
            return [
                Dense(
                    try integer("units"), activation: try activation(),
                    usesBias: flag("use_bias", true), initialization: .glorot)
            ]
        case "MaxPooling2D":
            return [
                MaxPool2D(try pair("pool_size"), stride: try pool(), padding: try padding())
            ]
        case "AveragePooling2D":
            return [
                AveragePool2D(try pair("pool_size"), stride: try pool(), padding: try padding())
            ]
        case "GlobalAveragePooling2D":
            if flag("keepdims", false) { throw refused("keepdims=False", "keepdims=True") }
            return [GlobalAveragePool2D()]
        case "GlobalMaxPooling2D":
            if flag("keepdims", false) { throw refused("keepdims=False", "keepdims=True") }
            return [FunctionLayer { $0.max(axes: [2, 3]) }]
        case "Flatten": return [Flatten()]
        case "Reshape": return [Reshape(try integers("target_shape"))]
        case "Dropout": return [Dropout(try rate())]
        case "SpatialDropout2D": return [ChannelDropout(try rate())]
        case "BatchNormalization": return [try batchNorm()]
        case "LayerNormalization":
            let epsilon = try number("epsilon")
            guard epsilon > 0 else { throw refused("a positive epsilon", "\(epsilon)") }
            return [LayerNorm(epsilon: epsilon)]
        case "Activation": return [ActivationLayer(try activation())]
        case "Softmax": return [Softmax(axis: config["axis"] as? Int ?? -1)]
        case "ReLU", "LeakyReLU", "ELU": return [ActivationLayer(try rectifier())]
        case "ZeroPadding2D": return [try zeroPadding()]
        case "Rescaling":
            let (scale, offset) = (try number("scale"), try number("offset"))
            return [FunctionLayer { $0 * scale + offset }]
        default:
            throw refused(
                "a layer that is known here", layer.kind,
                fix: "build the model in Swift and load the weights by mapping(of:)")
        }
    }

    private func convolution() throws(FormatError) -> any Layer {
        let (filters, groups) = (try integer("filters"), config["groups"] as? Int ?? 1)
        guard groups > 0, filters % groups == 0 else {
            throw refused("groups that divide \(filters) filters", "\(groups)")
        }
        return Conv2D(
            filters, kernelSize: try pair("kernel_size"),
            stride: try pair("strides"), padding: try padding(),
            dilation: try pair("dilation_rate"), groups: groups,
            activation: try activation(), usesBias: flag("use_bias", true),
            initialization: .glorot)
    }

    private func depthwise() throws(FormatError) -> any Layer {
        DepthwiseConv2D(
            kernelSize: try pair("kernel_size"), stride: try pair("strides"),
            padding: try padding(), dilation: try pair("dilation_rate"),
            multiplier: try integer("depth_multiplier"), activation: try activation(),
            usesBias: flag("use_bias", true), initialization: .glorot)
    }

    private func rate() throws(FormatError) -> Double {
        let rate = try number("rate")
        guard (0...1).contains(rate) else { throw refused("a rate from 0 to 1", "\(rate)") }
        return rate
    }

    private func batchNorm() throws(FormatError) -> any Layer {
        guard let axis = Self.axis(layer), axis == -1 || axis == 1 || axis == 3 else {
            throw refused("normalisation of the channels", "another axis")
        }
        let (momentum, epsilon) = (try number("momentum"), try number("epsilon"))
        guard (0...1).contains(momentum), epsilon > 0 else {
            throw refused(
                "a momentum from 0 to 1 and a positive epsilon", "\(momentum), \(epsilon)")
        }
        return BatchNorm(
            momentum: 1 - momentum, epsilon: epsilon,
            isAffine: flag("center", true) || flag("scale", true),
            unbiasedRunningVariance: false)
    }

    /// The axis of a normalisation, which is a number or a list of one.
    static func axis(_ layer: KerasLayer) -> Int? {
        let axis = layer.config["axis"]
        return axis as? Int ?? (axis as? [Int]).flatMap { $0.count == 1 ? $0[0] : nil }
    }

    private func rectifier() throws(FormatError) -> Activation {
        switch layer.kind {
        case "LeakyReLU":
            let slope = config["negative_slope"] ?? config["alpha"]
            guard let slope = slope as? Double else { throw refused("a slope", "none") }
            return .leakyRelu(slope: slope)
        case "ELU": return .elu(alpha: try number("alpha"))
        default:
            let slope = (config["negative_slope"] as? Double) ?? 0
            let threshold = (config["threshold"] as? Double) ?? 0
            guard threshold == 0 else { throw refused("a threshold of 0", "\(threshold)") }
            switch config["max_value"] as? Double {
            case nil: return slope == 0 ? .relu : .leakyRelu(slope: slope)
            case 6 where slope == 0: return .relu6
            case let limit: throw refused("no largest value, or 6", "\(limit ?? 0)")
            }
        }
    }

    private func zeroPadding() throws(FormatError) -> any Layer {
        guard let list = config["padding"] as? [[Int]], list.count == 2,
            list.allSatisfy({ $0.count == 2 && $0.allSatisfy((0...1 << 16).contains) })
        else { throw refused("two pairs of widths", "\(config["padding"] ?? "none")") }
        return ZeroPadding2D(
            top: list[0][0], bottom: list[0][1], left: list[1][0], right: list[1][1])
    }

    // MARK: Settings

    /// The name of an activation, which newer files wrap.
    static func name(_ value: Any) -> String? {
        value as? String ?? (value as? [String: Any])?["config"] as? String
    }

    private func activation() throws(FormatError) -> Activation {
        guard let value = config["activation"], !(value is NSNull) else { return .identity }
        switch Self.name(value) {
        case "linear": return .identity
        case "relu": return .relu
        case "relu6": return .relu6
        case "sigmoid": return .sigmoid
        case "tanh": return .tanh
        case "softmax": return .softmax
        case "log_softmax": return .logSoftmax
        case "elu": return .elu(alpha: 1)
        case "selu": return .selu
        case "softplus": return .softplus
        case "softsign": return .softsign
        case "silu", "swish": return .silu
        case "gelu": return .gelu(.none)
        case "leaky_relu": return .leakyRelu(slope: 0.2)
        case let other: throw refused("a known activation", other ?? "one of one's own")
        }
    }

    private func integer(_ name: String) throws(FormatError) -> Int {
        guard let value = config[name] as? Int, (1...1 << 20).contains(value) else {
            throw refused("a positive number as \(name)", "\(config[name] ?? "none")")
        }
        return value
    }

    private func integers(_ name: String) throws(FormatError) -> [Int] {
        guard let list = config[name] as? [Int],
            list.allSatisfy({ $0 == -1 || (1...1 << 20).contains($0) }),
            list.count(where: { $0 == -1 }) <= 1
        else { throw refused("sizes as \(name)", "\(config[name] ?? "none")") }
        return list
    }

    private func number(_ name: String) throws(FormatError) -> Double {
        guard let value = config[name] as? Double else {
            throw refused("a number as \(name)", "\(config[name] ?? "none")")
        }
        return value
    }

    private func pair(_ name: String) throws(FormatError) -> [Int] {
        let value = config[name]
        let list = value as? [Int] ?? (value as? Int).map { [$0, $0] }
        guard let list, list.count == 2, list.allSatisfy((1...1 << 16).contains) else {
            throw refused("two positive numbers as \(name)", "\(value ?? "none")")
        }
        return list
    }

    /// The stride of a pool, which is the window's size unless given.
    private func pool() throws(FormatError) -> [Int] {
        config["strides"] is [Any] || config["strides"] is Int
            ? try pair("strides") : try pair("pool_size")
    }

    private func padding() throws(FormatError) -> Padding {
        switch config["padding"] as? String {
        case "valid", nil: return .valid
        case "same": return .same
        case let other?: throw refused("padding valid or same", other)
        }
    }

    private func flag(_ name: String, _ fallback: Bool) -> Bool {
        config[name] as? Bool ?? fallback
    }

    private func refused(_ expected: String, _ found: String, fix: String = "") -> FormatError {
        FormatError(
            .unsupported, file: file, place: place, expected: expected, found: found, fix: fix)
    }
}
