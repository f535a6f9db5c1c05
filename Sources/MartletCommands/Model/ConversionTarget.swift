import Foundation
import Martlet
import MartletFormats
import MartletInterchange

/// The form in which a model or its weights are written, by the ending of the file's name.
enum ConversionTarget: String, CaseIterable {
    case martlet = ".martlet"
    case onnx = ".onnx"
    case keras = ".weights.h5"
    case safetensors = ".safetensors"
    case npz = ".npz"
    case torch = ".pth"

    /// The form of a path.
    init(_ path: String) throws {
        let name = URL(fileURLWithPath: path).lastPathComponent.lowercased()
        if let target = Self.allCases.first(where: { name.hasSuffix($0.rawValue) }) {
            self = target
            return
        }
        if name.hasSuffix(".pt") {
            self = .torch
            return
        }
        let isKeras = name.hasSuffix(".h5") || name.hasSuffix(".keras")
        throw CommandFailure(
            .usage,
            "the form of \(path) is not written here\n"
                + "  expected   a name that ends in "
                + Self.allCases.map(\.rawValue).joined(separator: " ")
                + (isKeras ? "\n  fix        for Keras, NAME.weights.h5 and load_weights" : ""))
    }

    /// Whether it holds a network, so that arrays alone are not enough.
    var needsModel: Bool {
        switch self {
        case .martlet, .onnx, .keras: true
        case .safetensors, .npz, .torch: false
        }
    }

    /// Writes a model.
    func write(_ model: ModelFile, to url: URL) throws {
        switch self {
        case .martlet: try model.write(to: url)
        case .onnx: try ONNXExport().write(model, to: url)
        case .keras: try KerasExport.write(model, to: url)
        case .safetensors, .npz, .torch: try write(model.arrays, to: url)
        }
    }

    /// Writes arrays.
    func write(_ arrays: [NamedTensor], to url: URL) throws {
        let tensors = arrays.map { (name: $0.name, tensor: $0.value) }
        switch self {
        case .safetensors: try Safetensors.write(tensors, metadata: ["format": "pt"], to: url)
        case .npz: try NumpyArchive.write(tensors, to: url)
        case .torch: try TorchFile.write(tensors, to: url)
        case .martlet, .onnx, .keras:
            preconditionFailure("internal: arrays alone for \(rawValue)")
        }
    }
}
