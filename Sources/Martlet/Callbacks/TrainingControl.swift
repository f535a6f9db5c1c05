import Foundation
import MartletGraph

/// What a callback can see and change while `fit` runs.
public final class TrainingControl {
    private unowned let trainer: any TrainerAccess
    private var saves: [(url: URL, then: () throws -> Void)] = []
    /// Why `fit` is going to end, once somebody asked for that.
    public private(set) var stop: TrainingStop?

    package init(_ trainer: any TrainerAccess) { self.trainer = trainer }

    /// The number of the epoch that runs, 1 for the first; after an epoch's end the next one's.
    public var epoch: Int { trainer.position.epoch }
    /// The steps of that epoch that are done.
    public var step: Int { trainer.position.batch }
    /// The steps of all epochs that are done.
    public var totalSteps: Int { trainer.position.totalSteps }
    /// The numbers of the epochs that are done.
    public var history: History { trainer.history }

    /// The rate of the next step.
    public var learningRate: Double {
        get { trainer.learningRate }
        set { trainer.learningRate = newValue }
    }

    /// The momentum of the next step, where the optimizer has `withMomentumInput()`.
    ///
    /// It stays `nil` for other optimizers.
    public var momentum: Double? {
        get { trainer.momentum }
        set { if let newValue { trainer.momentum = newValue } }
    }

    /// Lets `fit` end after this event; the first reason stays.
    public func stop(_ reason: String) { stop(TrainingStop(reason)) }

    /// Lets `fit` end after this event, because of a signal for example.
    public func stop(_ stop: TrainingStop) { if self.stop == nil { self.stop = stop } }

    /// Lets the trainer write a checkpoint when all callbacks have handled this event.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - then: Is called when the file is complete.
    public func save(to url: URL, then: @escaping () throws -> Void = {}) {
        saves.append((url, then))
    }

    /// The graph of the model for one picture, without what only training needs.
    public func inferenceGraph() throws -> Graph { try trainer.inferenceGraph() }

    /// The values of the model's parameters by path.
    public func modelValues() throws -> [String: HostTensor] { trainer.modelValues() }

    /// Replaces the values of the model's parameters.
    public func setModelValues(_ values: [String: HostTensor]) throws {
        try trainer.setModelValues(values)
    }

    /// The values of the model's parameters by path, and the averages of them that are kept.
    func weights() throws -> [String: HostTensor] { try trainer.weights() }

    /// Puts back what `weights` gave.
    func setWeights(_ values: [String: HostTensor]) throws { try trainer.setWeights(values) }

    /// Lets a run that is complete count as such, though a signal came in its last epoch.
    func dropSignal() { if stop?.signal != nil { stop = nil } }

    /// Writes the checkpoints that were asked for; the last one's place is noted in the stop.
    func performSaves() throws {
        while !saves.isEmpty {
            let (url, then) = saves.removeFirst()
            try trainer.save(to: url)
            stop?.checkpoint = url
            try then()
        }
    }
}

/// Why `fit` ended before its last epoch.
public struct TrainingStop: Sendable, Hashable, CustomStringConvertible {
    /// The reason as a clause, `no better val_loss for 5 epochs`.
    public var reason: String
    /// The signal that asked for it.
    public var signal: Int32?
    /// Where to go on from, if a checkpoint was written.
    public var checkpoint: URL?

    /// A stop for a reason.
    public init(_ reason: String, signal: Int32? = nil) {
        (self.reason, self.signal) = (reason, signal)
    }

    /// The exit code that a command should end with: 128 and the signal's number, or 0.
    public var exitCode: Int32 { signal.map { 128 + $0 } ?? 0 }

    /// The reason, and where to go on from.
    public var description: String {
        guard let checkpoint else { return reason }
        return "\(reason); everything is in \(checkpoint.path)"
    }
}

/// What controls need of a trainer of any model.
package protocol TrainerAccess: AnyObject {
    var position: TrainingPosition { get }
    var history: History { get }
    var learningRate: Double { get set }
    var momentum: Double? { get set }
    func inferenceGraph() throws -> Graph
    func modelValues() -> [String: HostTensor]
    func setModelValues(_ values: [String: HostTensor]) throws
    func weights() throws -> [String: HostTensor]
    func setWeights(_ values: [String: HostTensor]) throws
    func save(to url: URL) throws
}
