import Foundation
import MartletGraph

/// The weights that Keras saved, and the architecture where the file holds it.
///
/// Read are `.keras` archives of Keras 2 and 3, `.weights.h5` of Keras 3, and the `.h5` files of both:
/// whole models (`model_weights`) and weights alone (`layer_names`). The optimizer's state, metrics
/// and the counters of random layers are left out. Code in a configuration is never run.
///
/// - Source: `keras/src/saving/saving_lib.py` and `keras/src/legacy/saving/legacy_h5_format.py` for
///   the names in the files.
public struct KerasFile: Sendable {
    /// One array of a layer.
    public struct Variable: Hashable, Sendable {
        /// The layer's name, `conv2d_1`; layers inside layers follow after a slash.
        public var layer: String
        /// The variable's name in the layer, `kernel`; its number where the file does not tell.
        public var name: String
        /// The numbers in Keras' order: kernels are `[inputs, units]` and
        /// `[height, width, inputs, filters]`.
        public var value: HostTensor

        /// Layer and name, `conv2d_1/kernel`.
        public var path: String { "\(layer)/\(name)" }
    }

    /// The variables in the order of the model, or of the file where the order is unknown.
    public let variables: [Variable]
    /// The architecture as JSON, `nil` in files of weights alone.
    public let configuration: String?
    /// The path of the file, for messages.
    public let name: String

    /// Reads the file at `url`.
    public init(contentsOf url: URL) throws(FormatError) {
        try self.init(FileContents(contentsOf: url))
    }

    /// Reads a file in memory; its first bytes tell the kind.
    ///
    /// - Throws: `FormatError` when it is neither a zip file nor HDF5, or holds no weights of Keras.
    public init(_ file: FileContents) throws(FormatError) {
        name = file.name
        if HDF5File.isHDF5(file.bytes) {
            let hdf5 = try HDF5File(file)
            let root = try hdf5.names(in: "")
            if root.contains("model_weights") {
                configuration = try hdf5.texts("model_config", of: "")?.first
                variables = try LegacyKerasWeights(hdf5, "model_weights").variables()
            } else if try LegacyKerasWeights.isPresent(hdf5) {
                configuration = nil
                variables = try LegacyKerasWeights(hdf5, "").variables()
            } else {
                configuration = nil
                variables = try KerasWeights(hdf5, layers: []).variables()
            }
        } else {
            let archive = try ZipArchive(file)
            let json = try archive.contents("config.json", limit: 1 << 28)
            let text = String(decoding: json.bytes, as: UTF8.self)
            let weights = try archive.contents("model.weights.h5")
            let layers = KerasConfiguration(text)?.layers ?? []
            configuration = text
            variables = try KerasWeights(HDF5File(weights), layers: layers).variables()
        }
    }
}

/// What a configuration says about one layer; settings stay JSON.
public struct KerasLayer: Sendable {
    /// The class, `Conv2D`.
    public var kind: String
    /// The layer's own name, `conv2d_1`.
    public var name: String
    /// The settings as JSON.
    public var settings: Data

    /// The settings as a dictionary.
    public var config: [String: Any] {
        (try? JSONSerialization.jsonObject(with: settings)) as? [String: Any] ?? [:]
    }
}

/// The architecture of a Keras model: its class and its layers in order.
public struct KerasConfiguration: Sendable {
    /// The model's class, `Sequential` or `Functional`.
    public var kind: String
    /// The layers in order.
    public var layers: [KerasLayer]

    /// Reads the JSON of `config.json` or of the attribute `model_config`; `nil` for other JSON.
    public init?(_ json: String) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
            let model = object as? [String: Any], let kind = model["class_name"] as? String
        else { return nil }
        self.kind = kind
        // Keras before 2.2.3 gave a Sequential's layers as a bare list.
        let list =
            (model["config"] as? [String: Any])?["layers"] as? [Any] ?? model["config"] as? [Any]
        guard let list else { return nil }
        layers = list.compactMap { item in
            guard let item = item as? [String: Any], let kind = item["class_name"] as? String,
                let config = item["config"] as? [String: Any],
                let settings = try? JSONSerialization.data(withJSONObject: config)
            else { return nil }
            let name = config["name"] as? String ?? item["name"] as? String ?? ""
            return KerasLayer(kind: kind, name: name, settings: settings)
        }
    }
}
