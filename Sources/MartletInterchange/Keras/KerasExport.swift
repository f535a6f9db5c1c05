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

    /// Writes the weights of a model file, whose layers are read off its graph.
    public static func write(_ model: ModelFile, to url: URL) throws {
        try file(of: model).write(to: url)
    }

    /// The file before it is written.
    ///
    /// - Throws: `ModelError` for a layer that Keras has in another form, and for parameters without
    ///   values.
    public static func file(of model: some Layer, inputShape: [Int]) throws -> HDF5Writer {
        let shape = try ModelShape(model, inputShape: inputShape)
        return try file(
            shape, names: model.parameters.map(\.path), values: model.parameterValues)
    }

    /// The file of a model that was saved, before it is written.
    ///
    /// - Throws: `ModelError` for a layer that Keras has in another form.
    public static func file(of model: ModelFile) throws -> HDF5Writer {
        let arrays = try model.arrays
        return try file(
            ModelShape(try model.graph(examples: 1)), names: arrays.map(\.name),
            values: Dictionary(
                arrays.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
    }

    private static func file(
        _ shape: ModelShape, names: [String], values: [String: HostTensor]
    ) throws -> HDF5Writer {
        let known = Set(names)
        var writer = HDF5Writer()
        writer.addGroup("vars")
        var counts: [String: Int] = [:]
        for path in shape.paths {
            let kind = shape.kinds[path] ?? .other
            guard let form = form(kind, isGroupNorm: shape.groupNorms.contains(path)) else {
                throw refused(path, "a layer that Keras has in the same form")
            }
            let number = counts[form.name, default: 0]
            counts[form.name] = number + 1
            let name = number == 0 ? form.name : "\(form.name)_\(number)"
            writer.addGroup("layers/\(name)/vars")
            writer.setText(name, attribute: "name", of: "layers/\(name)/vars")
            var index = 0
            for parameter in form.parameters {
                let own = path.isEmpty ? parameter : "\(path).\(parameter)"
                guard known.contains(own) else { continue }
                guard let value = values[own] else {
                    throw refused(own, "a parameter with a value")
                }
                let stored = WeightLayout.stored(
                    value, kind, shape.features[path], multiplier: shape.multipliers[path] ?? 1)
                writer.add(stored, at: "layers/\(name)/vars/\(index)")
                index += 1
            }
        }
        return writer
    }

    /// The name that Keras gives a layer of a kind, and the order of its variables.
    private static func form(
        _ kind: ModelShape.Kind, isGroupNorm: Bool
    ) -> (name: String, parameters: [String])? {
        switch kind {
        case .convolution: ("conv2d", ["weight", "bias"])
        case .depthwise: ("depthwise_conv2d", ["weight", "bias"])
        case .dense: ("dense", ["weight", "bias"])
        case .batchNorm:
            ("batch_normalization", ["weight", "bias", "running_mean", "running_var"])
        case .norm:
            (isGroupNorm ? "group_normalization" : "layer_normalization", ["weight", "bias"])
        case .embedding: ("embedding", ["weight"])
        case .other: nil
        }
    }

    private static func refused(_ path: String, _ expected: String) -> ModelError {
        ModelError(
            function: "writeKeras", path: path, expected: expected,
            received: expected.hasPrefix("a layer") ? "another layer" : "none")
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
