import Foundation
import Martlet
import MartletFormats
import MartletGraph

/// Writes a model's weights as a `.weights.h5` file that Keras 3 loads.
///
///     try KerasExport.write(net, inputShape: [1, 28, 28], to: url)
///
/// The Keras model must have the same layers in the same order; layers of one kind are counted, as
/// Keras does. Kernels and the features behind `Flatten` are put into Keras' order.
public enum KerasExport {
    /// Writes the weights to a file.
    public static func write(_ model: some Layer, inputShape: [Int], to url: URL) throws {
        try file(of: model, inputShape: inputShape).write(to: url)
    }

    /// The file before it is written.
    ///
    /// - Throws: `ModelError` for a layer that Keras has in another form, and for parameters without
    ///   values.
    public static func file(of model: some Layer, inputShape: [Int]) throws -> HDF5Writer {
        let shapes = try model.layerShapes(inputShape: inputShape)
        let shape = ModelShape(model, shapes)
        let values = model.parameterValues
        var writer = HDF5Writer()
        writer.addGroup("vars")
        var counts: [String: Int] = [:]
        for path in shape.paths {
            let layer = model.module(at: path)
            guard let form = Self.form(layer, shape.kinds[path] ?? .other) else {
                throw refused(path, "a layer that Keras has in the same form", layer)
            }
            let number = counts[form.name, default: 0]
            counts[form.name] = number + 1
            let name = number == 0 ? form.name : "\(form.name)_\(number)"
            writer.addGroup("layers/\(name)/vars")
            writer.setText(name, attribute: "name", of: "layers/\(name)/vars")
            var index = 0
            for parameter in form.parameters {
                let own = path.isEmpty ? parameter : "\(path).\(parameter)"
                guard model.parameter(at: own) != nil else { continue }
                guard let value = values[own] else {
                    throw refused(own, "a parameter with a value", layer)
                }
                let stored = WeightLayout.stored(
                    value, form.kind, shape.features[path],
                    multiplier: (layer as? DepthwiseConv2D)?.multiplier ?? 1)
                writer.add(stored, at: "layers/\(name)/vars/\(index)")
                index += 1
            }
        }
        return writer
    }

    private typealias Form = (name: String, kind: ModelShape.Kind, parameters: [String])

    /// The name that Keras gives a layer of a kind, and the order of its variables.
    private static func form(_ layer: (any Module)?, _ kind: ModelShape.Kind) -> Form? {
        switch kind {
        case .convolution: return ("conv2d", kind, ["weight", "bias"])
        case .depthwise: return ("depthwise_conv2d", kind, ["weight", "bias"])
        case .dense: return ("dense", kind, ["weight", "bias"])
        case .batchNorm:
            return (
                "batch_normalization", kind, ["weight", "bias", "running_mean", "running_var"]
            )
        case .norm:
            let name = layer is GroupNorm ? "group_normalization" : "layer_normalization"
            return (name, kind, ["weight", "bias"])
        case .embedding: return ("embedding", kind, ["weight"])
        case .other: return nil
        }
    }

    private static func refused(
        _ path: String, _ expected: String, _ layer: (any Module)?
    ) -> ModelError {
        ModelError(
            function: "writeKeras", path: path, expected: expected,
            received: layer.map { String(describing: type(of: $0)) } ?? "none")
    }
}

extension WeightLayout {
    /// An array of this model as Keras stores it: the opposite of `apply`.
    static func stored(
        _ value: HostTensor, _ kind: ModelShape.Kind, _ picture: [Int]?, multiplier: Int
    ) -> HostTensor {
        var changes: [WeightChange] = []
        let shape = value.type.shape
        if let picture, kind == .dense || kind == .batchNorm || kind == .norm,
            shape.last == picture.reduce(1, *)
        {
            changes.append(.channelsLast(picture))
        }
        switch kind {
        case .convolution where shape.count == 4: changes.append(.transposed([2, 3, 1, 0]))
        case .dense where shape.count == 2: changes.append(.transposed([1, 0]))
        case .depthwise where shape.count == 4:
            changes.append(.reshaped([shape[0] / multiplier, multiplier, shape[2], shape[3]]))
            changes.append(.transposed([2, 3, 0, 1]))
        default: break
        }
        return apply(changes, to: value)
    }
}
