import Foundation

/// Writes checkpoints into a folder while training runs, and when it ends early.
///
///     ModelCheckpoint(CheckpointFolder(url), every: .steps(500), keepingLast: 2, best: .largest("val_accuracy"))
public final class ModelCheckpoint: TrainingCallback {
    /// When a checkpoint is written.
    public enum Interval: Hashable, Sendable {
        /// After every so many epochs.
        case epochs(Int)
        /// After every so many steps, and after every epoch.
        case steps(Int)
    }

    private struct Memory: Codable {
        var best: Double?
        var watch: Watch?
    }

    /// Where the checkpoints are.
    public let folder: CheckpointFolder
    private let interval: Interval
    private let keptCount: Int
    private let watch: Watch?
    private var memory = Memory()
    private var lastSaved: Int?

    /// Makes a callback.
    ///
    /// - Parameters:
    ///   - folder: Where the checkpoints go.
    ///   - interval: After how many epochs or steps one is written.
    ///   - count: How many checkpoints stay; older ones are removed once a newer one is whole.
    ///   - watch: A number; the checkpoint of its best epoch stays as `best.martlet`.
    /// - Precondition: the interval and `count` are positive.
    public init(
        _ folder: CheckpointFolder, every interval: Interval = .epochs(1),
        keepingLast count: Int = 3, best watch: Watch? = nil
    ) {
        switch interval {
        case .epochs(let number), .steps(let number):
            precondition(number > 0, "ModelCheckpoint: every must be positive, got \(number)")
        }
        precondition(count > 0, "ModelCheckpoint: keepingLast must be positive, got \(count)")
        (self.folder, self.interval, keptCount, self.watch) = (folder, interval, count, watch)
    }

    /// True when it writes between epochs.
    public var wantsSteps: Bool {
        if case .steps = interval { true } else { false }
    }

    /// Asks for a checkpoint when it is time.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        switch event {
        case .fitStarted:
            folder.removeLeftovers()
            try folder.setAside(after: control.totalSteps)
            lastSaved = nil
            if control.totalSteps == 0 { memory = Memory() }
        case .epochStarted: break
        case .stepEnded(let progress):
            if case .steps(let count) = interval, progress.totalSteps % count == 0 {
                save(control)
            }
        case .epochEnded(let epoch):
            if let watch {
                let value = try watch.value(in: epoch)
                if watch.isBetter(value, than: memory.best) {
                    memory.best = value
                    control.save(to: folder.best)
                }
            }
            if case .epochs(let count) = interval, epoch.number % count != 0 { break }
            lastSaved = nil
            save(control)
        case .fitEnded: save(control)
        }
    }

    private func save(_ control: TrainingControl) {
        guard lastSaved != control.totalSteps, control.totalSteps > 0 else { return }
        lastSaved = control.totalSteps
        let steps = control.totalSteps
        control.save(to: folder.file(totalSteps: steps)) { [folder, keptCount] in
            folder.prune(keeping: keptCount, upTo: steps)
        }
    }

    /// The best number so far.
    public func savedState() throws -> CallbackState? {
        memory.watch = watch
        return try CallbackState(memory)
    }

    /// Takes it back, unless it is of another number.
    public func restore(_ state: CallbackState) throws {
        let saved: Memory = try state.value()
        if saved.watch == nil || saved.watch == watch { memory = saved }
    }
}
