import Foundation
import MartletCompiler
import MartletData
import MartletGraph

/// What may differ between a checkpoint and the trainer that goes on from it.
public struct ResumeAllowance: OptionSet, Sendable {
    /// The set of things as bits.
    public let rawValue: Int

    /// Makes a set from bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Settings of the optimizer, the loss, metrics, scaling and the seed; what is stored must fit.
    public static let settings = ResumeAllowance(rawValue: 1)
    /// The data and the batches; an epoch that was begun is then begun again.
    public static let data = ResumeAllowance(rawValue: 2)
}

extension Trainer {
    /// Makes a trainer and goes on from a checkpoint; see `resume`.
    public convenience init(
        _ model: Net, inputShape: [Int], optimizer: any Optimizer, loss: Loss,
        metrics: [TrainingMetric] = [], scaling: Scaling? = nil, seed: Int = 0,
        engine: (any Engine)? = nil, resumingFrom url: URL, allowing: ResumeAllowance = []
    ) throws {
        try self.init(
            model, inputShape: inputShape, optimizer: optimizer, loss: loss, metrics: metrics,
            scaling: scaling, seed: seed, engine: engine)
        try resume(from: url, allowing: allowing)
    }

    /// Writes everything that going on needs into one file, also in the middle of an epoch.
    ///
    /// - Throws: `CheckpointError` when it cannot be written, an older file then stays as it was;
    ///   `NonFiniteLossError` when a value is not finite.
    public func save(to url: URL) throws { try checkpoint().write(to: url) }

    /// What `save` writes.
    public func checkpoint() throws -> Checkpoint {
        var tensors = try allValues()
        try requireFinite(tensors)
        var states = restoredCallbacks.merging(finishedCallbacks) { $1 }
        for (name, callback) in namedCallbacks() { states[name] = try callback.savedState() }
        for (name, callback) in states {
            for (key, tensor) in callback.tensors { tensors["callbacks/\(name)/\(key)"] = tensor }
        }
        return Checkpoint(
            settings: settings,
            progress: .init(position: position, learningRate: learningRate, momentum: momentum),
            history: history, feeding: feeding, callbacks: states.mapValues(\.json),
            tensors: tensors)
    }

    /// Takes up training where a checkpoint left it; the next `fit` goes on from there, bit for bit.
    ///
    /// - Throws: `CheckpointError` for a file that cannot be used, or with every difference between the
    ///   checkpoint and this trainer; nothing has changed then.
    public func resume(from url: URL, allowing: ResumeAllowance = []) throws {
        try resume(from: try Checkpoint(contentsOf: url), name: url.path, allowing: allowing)
    }

    /// Goes on from the newest checkpoint of a folder that is not damaged.
    ///
    /// - Returns: The file, with the damaged ones that were passed over; `nil` without any checkpoint.
    @discardableResult
    public func resume(
        from folder: CheckpointFolder, allowing: ResumeAllowance = []
    ) throws -> CheckpointFolder.Found? {
        guard let found = try folder.newestGood() else { return nil }
        try resume(from: found.checkpoint, name: found.url.path, allowing: allowing)
        return found
    }

    private func resume(
        from checkpoint: Checkpoint, name: String, allowing: ResumeAllowance
    ) throws {
        let differences = differences(from: checkpoint, allowing)
        guard differences.isEmpty else {
            throw CheckpointError(
                .mismatched, file: name, "does not fit this trainer", differences,
                fix: "make the trainer as it was, or begin anew; "
                    + "in Swift, resume(from:allowing: [.settings]) lets it differ")
        }
        let own = checkpoint.tensors.filter { !$0.key.hasPrefix("callbacks/") }
        try setAllValues(own)
        (position, history) = (checkpoint.progress.position, checkpoint.history)
        learningRate = checkpoint.progress.learningRate
        momentum = checkpoint.progress.momentum ?? momentum
        feeding = checkpoint.feeding
        if scaling == nil { setScaling(checkpoint.settings.scaling) }
        (resumeAllowance, stop, latest) = (allowing, nil, nil)
        callbacks = []
        (restoredCallbacks, finishedCallbacks) = ([:], [:])
        for (name, json) in checkpoint.callbacks {
            let prefix = "callbacks/\(name)/"
            let tensors = checkpoint.tensors.filter { $0.key.hasPrefix(prefix) }.map {
                (String($0.key.dropFirst(prefix.count)), $0.value)
            }
            restoredCallbacks[name] = CallbackState(
                json: json, tensors: Dictionary(uniqueKeysWithValues: tensors))
        }
    }

    // MARK: Comparison

    /// What this trainer was made with.
    var settings: TrainerSettings {
        TrainerSettings(
            model: model.structure, inputShape: inputShape, optimizer: optimizer.settingsText,
            loss: loss.description, metrics: metrics.map(\.name), scaling: scaling, seed: seed)
    }

    private func differences(from checkpoint: Checkpoint, _ allowing: ResumeAllowance) -> [String] {
        var lines: [String] = []
        var saved = checkpoint.tensors.filter { !$0.key.hasPrefix("callbacks/") }
        var given = variables.mapValues(\.type)
        for (path, parameter) in discovery.parameters { given["model/\(path)"] = parameter.type }
        if allowing.contains(.settings) {
            if checkpoint.batch == 0 {
                saved = saved.filter { !$0.key.hasPrefix(RunningSum.prefix) }
                given = given.filter { !$0.key.hasPrefix(RunningSum.prefix) }
            }
        } else {
            lines += checkpoint.settings.differences(from: settings)
        }
        for name in given.keys.sorted() where saved[name] == nil {
            lines.append("missing     \(name)")
        }
        for (name, tensor) in saved.sorted(by: { $0.key < $1.key }) {
            guard let type = given[name] else {
                lines.append("unexpected  \(name)")
                continue
            }
            if type != tensor.type {
                lines.append("type        \(name): saved \(tensor.type), given \(type)")
            }
        }
        return lines
    }
}

extension Optimizer {
    /// The rule and its settings but for the rate, and what is around it.
    var settingsText: String {
        func text(_ value: Any, without hidden: Set<String> = []) -> String {
            let fields = Mirror(reflecting: value).children.compactMap { child -> String? in
                guard let label = child.label, !hidden.contains(label) else { return nil }
                return "\(label): \(child.value)"
            }
            return fields.joined(separator: ", ")
        }
        let around = text(options)
        let plain = around == text(UpdateOptions()) ? "" : " with \(around)"
        return "\(type(of: rule))(\(text(rule, without: ["learningRate"])))\(plain)"
    }
}
