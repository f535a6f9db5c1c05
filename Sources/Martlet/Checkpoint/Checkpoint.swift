import Foundation
import MartletData
import MartletFormats
import MartletGraph

/// Everything that training needs to go on as if it had never stopped.
///
/// The file is a safetensors file: `model/<path>`, `optimizer/<path>/<slot>`, counters, the random
/// generator and the sums of the running epoch as tensors, the rest as JSON texts in its metadata, with
/// a checksum over both. Other tools can read the weights from it.
public struct Checkpoint: Sendable {
    /// The format that this version writes; older ones are migrated, newer ones refused.
    public static let formatVersion = 1

    /// What the trainer was made with.
    var settings: TrainerSettings
    /// Where training stands.
    var progress: Progress
    /// The numbers of the epochs that are done.
    public var history: History
    /// The data and the batches, `nil` before the first `fit`.
    var feeding: FeedingRecord?
    /// The state of each callback, as JSON.
    var callbacks: [String: String]
    /// The arrays by name.
    public var tensors: [String: HostTensor]

    /// What is counted and set.
    struct Progress: Hashable, Codable, Sendable {
        var position: TrainingPosition
        var learningRate: Double
        var momentum: Double?
    }

    /// The number of epochs that are done.
    public var epochs: Int { progress.position.epochs }
    /// The number of batches of the next epoch that are done.
    public var batch: Int { progress.position.batch }
    /// The number of steps of all epochs.
    public var totalSteps: Int { progress.position.totalSteps }
    /// The model as its structure prints.
    public var modelText: String { settings.model }

    /// The shape of one picture.
    public var inputShape: [Int] { settings.inputShape }
    /// What becomes of pixels before the model sees them.
    public var scaling: Scaling? { settings.scaling }

    /// The values of the model's parameters by path.
    ///
    /// - Parameter averages: Whether averages of weights stand for the weights where they are kept.
    public func modelValues(averages: Bool = false) -> [String: HostTensor] {
        var values: [String: HostTensor] = [:]
        for (name, tensor) in tensors where name.hasPrefix("model/") {
            let path = String(name.dropFirst("model/".count))
            let average = tensors["optimizer/\(path)/\(UpdateOptions.averageName)"]
            values[path] = averages ? average ?? tensor : tensor
        }
        return values
    }

    /// Reads a file and checks all of it.
    ///
    /// - Throws: `CheckpointError` for a file that is not there, damaged, or of a newer version.
    public init(contentsOf url: URL) throws(CheckpointError) {
        var file = try CheckpointFile(contentsOf: url)
        try file.migrate()
        do {
            settings = try file.decoded("settings")
            progress = try file.decoded("progress")
            history = try file.decoded("history")
            feeding = file.texts["feeding"] == nil ? nil : try file.decoded("feeding")
            callbacks = try file.decoded("callbacks")
        } catch {
            throw CheckpointError(
                .damaged, file: url.path, "its description cannot be read", ["\(error)"])
        }
        tensors = file.tensors
    }

    init(
        settings: TrainerSettings, progress: Progress, history: History, feeding: FeedingRecord?,
        callbacks: [String: String], tensors: [String: HostTensor]
    ) {
        (self.settings, self.progress, self.history) = (settings, progress, history)
        (self.feeding, self.callbacks, self.tensors) = (feeding, callbacks, tensors)
    }

    /// Writes the checkpoint; the file is complete or not there.
    ///
    /// - Throws: `CheckpointError` of kind `unwritable`; an older file then stays as it was.
    public func write(to url: URL) throws {
        var file = CheckpointFile(tensors: tensors)
        try file.encode(settings, "settings")
        try file.encode(progress, "progress")
        try file.encode(history, "history")
        if let feeding { try file.encode(feeding, "feeding") }
        try file.encode(callbacks, "callbacks")
        try file.write(to: url)
    }
}

/// What a trainer was made with; a checkpoint is only for a trainer that was made alike.
struct TrainerSettings: Hashable, Codable, Sendable {
    var model: String
    var inputShape: [Int]
    var optimizer: String
    var loss: String
    var metrics: [String]
    var scaling: Scaling?
    var seed: Int

    /// One line for each thing that `other`, the trainer now, has otherwise.
    func differences(from other: TrainerSettings) -> [String] {
        var lines: [String] = []
        func compare<Value: Equatable>(_ what: String, _ saved: Value, _ given: Value) {
            if saved != given { lines.append("\(what): saved \(saved), given \(given)") }
        }
        if model != other.model { lines += modelDifferences(other.model) }
        compare("input shape", inputShape, other.inputShape)
        compare("optimizer", optimizer, other.optimizer)
        compare("loss", loss, other.loss)
        compare("metrics", metrics, other.metrics)
        if let given = other.scaling, let scaling, given != scaling {
            lines.append("scaling: saved \(scaling), given \(given)")
        }
        compare("seed", seed, other.seed)
        return lines
    }

    /// The first line of the structures that differs.
    private func modelDifferences(_ other: String) -> [String] {
        let (saved, given) = (model.split(separator: "\n"), other.split(separator: "\n"))
        for index in 0..<max(saved.count, given.count) {
            let (a, b) = (
                index < saved.count ? saved[index] : "nothing",
                index < given.count ? given[index] : "nothing"
            )
            if a != b {
                return [
                    "model, line \(index + 1): saved \(a.drop { $0 == " " }),"
                        + " given \(b.drop { $0 == " " })"
                ]
            }
        }
        return []
    }
}
