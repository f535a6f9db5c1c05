import Foundation
import Martlet
import MartletFormats
import MartletGraph

/// A Keras `Sequential` rebuilt from its file: the same layers with the same weights.
///
///     let network = try KerasNetwork(contentsOf: url)
///     let predict = try EvaluationStep(network.model) { net, x in net(x) }
///
/// Pictures are N, C, H, W here; everything else of the architecture stays as it is. No code of the
/// file is run: layers that are not known are refused by name.
public struct KerasNetwork {
    /// The layers, under the paths `layers.0`, `layers.1` and so on.
    public let model: Sequential
    /// The shape of one example, C, H, W for pictures.
    public let inputShape: [Int]
    /// The path of each layer of Keras by its name.
    public let paths: [String: String]
    /// Whether the first layer is a `Rescaling` that makes small numbers of bytes.
    public let takesBytes: Bool

    /// Reads the file at `url`.
    public init(contentsOf url: URL) throws { try self.init(KerasFile(contentsOf: url)) }

    /// Builds the model of a file that was read, and gives it its weights.
    ///
    /// - Throws: `FormatError` for an architecture that is not known here, `ModelError` and
    ///   `MappingError` when layers and weights do not fit together.
    public init(_ file: KerasFile) throws {
        guard let json = file.configuration, let configuration = KerasConfiguration(json) else {
            throw FormatError(
                .unsupported, file: file.name, expected: "a file with an architecture",
                found: "weights alone",
                fix: "build the model in Swift and load the weights by mapping(of:)")
        }
        try self.init(configuration, file: file.name)
        try checkSize(file)
        var arrays: [NamedTensor] = []
        for variable in file.variables {
            guard let path = paths[variable.layer] else {
                throw FormatError(
                    .malformed, file: file.name, place: variable.path,
                    expected: "a layer of the architecture", found: "another")
            }
            arrays.append(NamedTensor("\(path)/\(variable.name)", variable.value))
        }
        arrays += Self.constants(configuration, paths, file.variables)
        let mapping = try model.mapping(of: arrays, convention: .keras, inputShape: inputShape)
        try mapping.apply(to: model)
    }

    /// Builds the model of a configuration, without weights.
    ///
    /// - Parameter file: What to call the file in messages.
    public init(_ configuration: KerasConfiguration, file: String) throws {
        guard configuration.kind == "Sequential" else {
            throw FormatError(
                .unsupported, file: file, expected: "a Sequential model",
                found: configuration.kind,
                fix: "build the model in Swift and load the weights by mapping(of:)")
        }
        var layers: [any Layer] = []
        var paths: [String: String] = [:]
        var shape: [Int]?
        for (index, layer) in configuration.layers.enumerated() {
            let builder = KerasLayerBuilder(layer, file: file, place: "layer \(index)")
            shape = try shape ?? builder.inputShape()
            let built = try builder.layers()
            // The weights belong to the first of them.
            if !built.isEmpty { paths[layer.name] = "layers.\(layers.count)" }
            layers += built
        }
        guard let shape else {
            throw FormatError(
                .unsupported, file: file, expected: "the shape of the input", found: "none",
                fix: "save the model after it was built")
        }
        (model, self.paths) = (Sequential(layers), paths)
        inputShape = shape.count == 3 ? [shape[2], shape[0], shape[1]] : shape
        let first = configuration.layers.first { $0.kind != "InputLayer" }
        let scale = first?.kind == "Rescaling" ? first?.config["scale"] as? Double : nil
        takesBytes = scale.map { abs($0) < 0.1 } ?? false
        try check(configuration, file)
    }

    /// Refuses an architecture that needs more numbers than the file has, before memory is taken.
    private func checkSize(_ file: KerasFile) throws {
        let needed = try model.summary(inputShape: inputShape).byteCount
        let found = file.variables.reduce(0) { $0 + $1.value.bytes.count }
        // A normalisation that has only one of scale and offset gets the other here.
        guard needed <= 2 * found + 1024 else {
            throw FormatError(
                .malformed, file: file.name,
                expected: "weights of \(needed) bytes, as the architecture has them",
                found: "\(found) bytes")
        }
    }

    /// Refuses layers that would work along another axis than in Keras.
    private func check(_ configuration: KerasConfiguration, _ file: String) throws {
        let shapes = Dictionary(
            try model.layerShapes(inputShape: inputShape).map { ($0.path, $0.input.count) },
            uniquingKeysWith: { first, _ in first })
        for layer in configuration.layers {
            let target = (layer.config["target_shape"] as? [Any])?.count ?? 0
            guard layer.kind != "Reshape" || target < 2 else {
                throw FormatError(
                    .unsupported, file: file, place: layer.name,
                    expected: "Reshape to one axis, or none",
                    found: "one to \(target) axes, whose last is another here")
            }
            guard let path = paths[layer.name], shapes[path] == 4 else { continue }
            let activation = layer.config["activation"].map { KerasLayerBuilder.name($0) ?? "" }
            let worksOnChannels =
                ["Dense", "LayerNormalization", "Softmax", "Reshape"].contains(layer.kind)
                || activation == "softmax" || activation == "log_softmax"
                || (layer.kind == "BatchNormalization" && KerasLayerBuilder.axis(layer) == 1)
            guard !worksOnChannels else {
                throw FormatError(
                    .unsupported, file: file, place: layer.name,
                    expected: "\(layer.kind) behind Flatten",
                    found: "\(layer.kind) on pictures, whose last axis is another here")
            }
        }
    }

    /// Scale 1 or offset 0 of normalisations that have only one of the two.
    private static func constants(
        _ configuration: KerasConfiguration, _ paths: [String: String],
        _ variables: [KerasFile.Variable]
    ) -> [NamedTensor] {
        var constants: [NamedTensor] = []
        for layer in configuration.layers where layer.kind == "BatchNormalization" {
            let own = variables.filter { $0.layer == layer.name }
            let names = Set(own.map(\.name))
            guard let path = paths[layer.name], let type = own.first?.value.type,
                names.contains("gamma") != names.contains("beta")
            else { continue }
            let absent = names.contains("gamma") ? "beta" : "gamma"
            let value = HostTensor(repeating: absent == "gamma" ? 1 : 0, type)
            constants.append(NamedTensor("\(path)/\(absent)", value))
        }
        return constants
    }
}
