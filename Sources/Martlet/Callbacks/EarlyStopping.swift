import MartletGraph

/// Ends training when a number has not got better for some epochs.
///
/// After a restart it knows how long it has waited; a run that it ended does not begin again.
/// - Same as: Keras' `EarlyStopping`.
public final class EarlyStopping: TrainingCallback {
    private struct Memory: Codable {
        var best: Double?
        var bestEpoch = 0
        var badCount = 0
        var watch: Watch?
    }

    private let watch: Watch
    private let patience: Int
    private let minimumChange: Double
    private let restoresBest: Bool
    private var memory = Memory()
    private var bestValues: [String: HostTensor] = [:]
    private var hasStopped = false

    /// Makes a callback.
    ///
    /// - Parameters:
    ///   - watch: The number that decides, and which way is better.
    ///   - patience: How many epochs in a row may be no better; training ends after one more than none.
    ///   - minimumChange: How much better a number must be to count.
    ///   - restoresBest: Whether the model gets the values of its best epoch when training ends, but
    ///     for an end by a signal or another callback; averages of weights come back with them.
    /// - Precondition: `patience` is positive and `minimumChange` not negative.
    public init(
        _ watch: Watch = .smallest("val_loss"), patience: Int, minimumChange: Double = 0,
        restoresBest: Bool = false
    ) {
        precondition(patience > 0, "EarlyStopping: patience must be positive, got \(patience)")
        precondition(
            minimumChange >= 0,
            "EarlyStopping: minimumChange must not be negative, got \(minimumChange)")
        (self.watch, self.patience, self.minimumChange) = (watch, patience, minimumChange)
        self.restoresBest = restoresBest
    }

    /// The number of the best epoch so far, 0 before the first.
    public var bestEpoch: Int { memory.bestEpoch }
    /// The best number so far.
    public var best: Double? { memory.best }

    /// It is told of epochs alone.
    public var wantsSteps: Bool { false }

    /// Compares an epoch with the best one.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        switch event {
        case .fitStarted(let plan):
            hasStopped = false
            if plan.firstEpoch == 1 { (memory, bestValues) = (Memory(), [:]) }
            stopIfDue(control)
        case .epochEnded(let epoch):
            let value = try watch.value(in: epoch)
            if watch.isBetter(value, than: memory.best, by: minimumChange) {
                memory = Memory(best: value, bestEpoch: epoch.number)
                if restoresBest { bestValues = try control.weights() }
            } else {
                memory.badCount += 1
            }
            stopIfDue(control)
        case .fitEnded:
            let isOwnEnd = control.stop == nil || hasStopped
            if restoresBest, isOwnEnd, !bestValues.isEmpty {
                try control.setWeights(bestValues)
            }
        default: break
        }
    }

    private func stopIfDue(_ control: TrainingControl) {
        guard memory.badCount >= patience, control.stop == nil else { return }
        hasStopped = true
        control.stop(
            "\(watch.name) was best in epoch \(memory.bestEpoch) and no better for"
                + " \(memory.badCount) epochs")
    }

    /// The best number, its epoch, how long it is ago, and the values of that epoch.
    public func savedState() throws -> CallbackState? {
        memory.watch = watch
        return try CallbackState(memory, tensors: bestValues)
    }

    /// Takes these back, unless they are of another number.
    public func restore(_ state: CallbackState) throws {
        let saved: Memory = try state.value()
        guard saved.watch == nil || saved.watch == watch else { return }
        memory = saved
        bestValues = state.tensors
    }
}
