import Martlet

/// Keeps the accuracy before training in the checkpoints, so that a run that goes on still knows it.
final class InitialAccuracy: TrainingCallback {
    private struct Memory: Codable { var accuracy: Double? }

    /// The accuracy, `nil` where it was not measured.
    private(set) var accuracy: Double?

    /// Takes what was measured.
    init(_ accuracy: Double?) { self.accuracy = accuracy }

    var wantsSteps: Bool { false }

    func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {}

    func savedState() throws -> CallbackState? { try CallbackState(Memory(accuracy: accuracy)) }

    func restore(_ state: CallbackState) throws {
        accuracy = try state.value(as: Memory.self).accuracy
    }
}
