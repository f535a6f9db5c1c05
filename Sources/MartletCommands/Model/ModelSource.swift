import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import MartletRecipes

/// What a path names, as far as models go; contents decide, not names.
enum ModelSource {
    /// A model that predicts.
    case model(ModelFile)
    /// A checkpoint, with the run that it belongs to where there is one.
    case checkpoint(Checkpoint, RunFolder?)
    /// A model of ONNX.
    case onnx(ONNXModel)
    /// A file of Keras with the architecture.
    case keras(KerasFile)
    /// Arrays alone.
    case weights(WeightFile)

    /// Opens a file, a run or a folder of checkpoints.
    init(_ path: String) throws {
        let url = URL(fileURLWithPath: path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw FormatError(
                .missing, file: path, expected: "a model, a file of weights or a run",
                found: "nothing of that name")
        }
        if isFolder.boolValue {
            self = try Self.folder(url)
            return
        }
        if try Self.isONNX(url) {
            self = .onnx(try ONNXModel(contentsOf: url))
            return
        }
        let weights = try WeightFile.named(path)
        switch (weights.format, weights.value("format")) {
        case (_, .text("martlet-model")): self = .model(try ModelFile(contentsOf: url))
        case (_, .text("martlet-checkpoint")):
            self = .checkpoint(try Checkpoint(contentsOf: url), Self.run(above: url))
        case (WeightFormat.keras.name, _) where weights.value("configuration") != nil:
            self = .keras(try KerasFile(contentsOf: url))
        default: self = .weights(weights)
        }
    }

    private static func folder(_ url: URL) throws -> ModelSource {
        let run = RunFolder(url)
        let manager = FileManager.default
        if manager.fileExists(atPath: run.model.path) {
            return .model(try ModelFile(contentsOf: run.model))
        }
        let isRun = manager.fileExists(atPath: run.settings.path)
        let folder = isRun ? run.checkpoints : CheckpointFolder(url)
        guard let found = try folder.newestGood() else {
            throw FormatError(
                .missing, file: url.path, expected: "a run, or a folder of checkpoints",
                found: "neither a model nor a checkpoint")
        }
        return .checkpoint(found.checkpoint, isRun ? run : Self.run(above: found.url))
    }

    /// The run whose folder `checkpoints` a file lies in.
    private static func run(above file: URL) -> RunFolder? {
        let run = RunFolder(file.deletingLastPathComponent().deletingLastPathComponent())
        return FileManager.default.fileExists(atPath: run.settings.path) ? run : nil
    }

    private static func isONNX(_ url: URL) throws -> Bool {
        guard let handle = try? FileHandle(forReadingFrom: url) else { return false }
        defer { try? handle.close() }
        let head = try handle.read(upToCount: 64) ?? Data()
        return WeightFormat.onnx.recognizes(FileContents(Array(head), name: url.path))
    }

    /// What it is, in words.
    var title: String {
        switch self {
        case .model: "a model file"
        case .checkpoint: "a checkpoint"
        case .onnx: "a model of ONNX"
        case .keras: "a model of Keras"
        case .weights(let file): "weights, \(file.format)"
        }
    }

    /// Its arrays, with the convention of their names and orders.
    ///
    /// - Parameter latest: Whether averages of weights in a checkpoint are passed over.
    func arrays(latest: Bool) throws -> (arrays: [NamedTensor], convention: WeightConvention) {
        switch self {
        case .model(let file): (try file.arrays, .pyTorch)
        case .checkpoint(let checkpoint, _):
            (
                checkpoint.modelValues(averages: !latest).sorted { $0.key < $1.key }
                    .map { NamedTensor($0.key, $0.value) }, .pyTorch
            )
        case .onnx(let model):
            (model.graph.initializers.map { NamedTensor($0.name, $0.value) }, .pyTorch)
        case .keras(let file):
            (file.variables.map { NamedTensor($0.path, $0.value) }, .keras)
        case .weights(let file):
            (
                try file.tensors().map { NamedTensor($0.name, $0.tensor) },
                WeightConvention(usualIn: file)
            )
        }
    }
}
