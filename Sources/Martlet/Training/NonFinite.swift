import Foundation
import MartletCompiler
import MartletData
import MartletGraph
import MartletReference

/// How often losses are looked at, and how far back training can go to find the first bad step.
enum FiniteCheck {
    /// The steps between two looks.
    static let interval = 16
    /// The steps between two copies of all values.
    static let copyInterval = 512
}

/// A copy of everything that steps change, and what happened since.
struct RewindPoint {
    private(set) var position = TrainingPosition()
    private(set) var values: [String: HostTensor] = [:]
    private(set) var rates: [(rate: Double, momentum: Double?)] = []

    /// An empty copy with room for the steps until the next one.
    init() { rates.reserveCapacity(FiniteCheck.copyInterval + FiniteCheck.interval + 1) }

    /// Starts anew from these values.
    mutating func mark(_ position: TrainingPosition, _ values: [String: HostTensor]) {
        (self.position, self.values) = (position, values)
        rates.removeAll(keepingCapacity: true)
    }

    /// Notes what a step was taken with.
    mutating func note(rate: Double, momentum: Double?) { rates.append((rate, momentum)) }
}

/// Training came to a loss, a gradient or a weight that is no number any more.
///
/// The trainer stands before the step that made it, so its values are still good.
public struct NonFiniteLossError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the epoch, 1 for the first.
    public var epoch: Int
    /// The number of the step in its epoch, 1 for the first.
    public var step: Int
    /// The loss of the step's batch; a number where only the update went wrong.
    public var loss: Double
    /// The learning rate of the step.
    public var learningRate: Double
    /// The Euclidean norm of all gradients of the step together.
    public var gradientNorm: Double
    /// The numbers of the batch's pictures in the data set.
    public var samples: [Int]
    /// Where these pictures come from.
    public var origins: [String]
    /// The first operation whose result is not finite, with its layer.
    public var cause: String
    /// The path of that operation, `fc2/matmul`; empty when it has none.
    public var operation: String

    /// The message in lines.
    public var description: String { text(clipping: ".clipped(by: .globalNorm(1))") }

    /// The message with the way to clip gradients in the words of who reads it.
    package func text(clipping: String) -> String {
        let shown = zip(samples, origins).prefix(6).map { "\($0) (\($1))" }
        let rest = samples.count - shown.count
        let list = shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        return """
            the loss is not a number any more: step \(step) of epoch \(epoch)
              loss       \(unsigned(loss)), gradient norm \(unsigned(gradientNorm)), \
            learning rate \(learningRate)
              first      \(cause.split(separator: "\n").joined(separator: "\n             "))
              batch      \(list)
              fix        try a tenth of the learning rate, or \(clipping); look at these pictures
            """
    }

    /// The number without the sign that a NaN may have, which says nothing.
    private func unsigned(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }
}

extension Trainer {
    /// Every variable that steps change, by name.
    package func allValues() throws -> [String: HostTensor] {
        var values: [String: HostTensor] = [:]
        for name in variables.keys { values[name] = try state.store.read(name) }
        for (path, parameter) in discovery.parameters {
            if let value = parameter.value { values["model/\(path)"] = value }
        }
        return values
    }

    /// Puts values back that `allValues` gave.
    func setAllValues(_ values: [String: HostTensor]) throws {
        for (path, parameter) in discovery.parameters {
            if let value = values["model/\(path)"] { try parameter.set(value) }
        }
        for name in variables.keys {
            if let value = values[name] { try state.store.write(name, value) }
        }
    }

    /// Keeps a copy of everything that steps change.
    func markRewindPoint() throws { rewind.mark(position, try allValues()) }

    /// Throws when a loss of this epoch was not finite; now and then copies all values.
    func requireFinite() throws {
        guard latest != nil, position.totalSteps > rewind.position.totalSteps else { return }
        guard runningLossSum.isFinite else { throw try firstNonFinite() }
        if position.totalSteps - rewind.position.totalSteps >= FiniteCheck.copyInterval {
            let values = try allValues()
            guard values.values.allSatisfy(\.isFinite) else { throw try firstNonFinite() }
            rewind.mark(position, values)
        }
    }

    /// Throws when values that are to be saved are not finite.
    func requireFinite(_ values: [String: HostTensor]) throws {
        guard !values.values.allSatisfy(\.isFinite) else { return }
        if running != nil, position.totalSteps > rewind.position.totalSteps {
            throw try firstNonFinite()
        }
        let names = values.filter { !$0.value.isFinite }.keys.sorted()
        throw CheckpointError(
            .unwritable, file: nil, "values that are not finite are not saved", names)
    }

    /// Finds the first step whose results are not finite, and leaves the trainer before it.
    private func firstNonFinite() throws -> NonFiniteLossError {
        guard let running else {
            preconditionFailure("internal: steps outside of fit")
        }
        let taken = position.totalSteps - rewind.position.totalSteps
        var bad = try replay(taken) { !self.batchLoss.isFinite } ?? taken
        try replay(bad - 1) { false }
        if try !isStateFinite() {
            // The loss went wrong because an update before it did.
            bad = try replay(bad - 1) { try !self.isStateFinite() } ?? bad
            try replay(bad - 1) { false }
        }
        (learningRate, momentum) = rewind.rates[bad - 1]
        let feed = BatchFeed(
            running.data, running.batches.withoutWorkers, epoch: position.epoch,
            startingAt: position.batch)
        guard let batch = try feed.next() else {
            preconditionFailure("internal: a step without a batch")
        }
        return try diagnosis(of: batch, running.data)
    }

    private func isStateFinite() throws -> Bool {
        try allValues().values.allSatisfy(\.isFinite)
    }

    /// Goes back to the copy and takes steps again, at most `count`; tells after which one `isEnd` held.
    @discardableResult
    private func replay(_ count: Int, until isEnd: () throws -> Bool) throws -> Int? {
        guard let running else { return nil }
        try setAllValues(rewind.values)
        position = rewind.position
        history.epochs.removeLast(max(0, history.epochs.count - position.epochs))
        latest = nil
        let feed = BatchFeed(
            running.data, running.batches.withoutWorkers, epoch: position.epoch,
            startingAt: position.batch)
        for index in 0..<count {
            guard let batch = try feed.next() else { return nil }
            (learningRate, momentum) = rewind.rates[index]
            try step(batch)
            if try isEnd() { return index + 1 }
        }
        return nil
    }

    /// What the step that comes next does wrong.
    private func diagnosis(of batch: Batch, _ data: Dataset) throws -> NonFiniteLossError {
        let types = StepTypes(
            x: batch.imageType, y: batch.targetType, freezings: state.freezings)
        var (x, y) = (HostTensor(zeros: types.x), HostTensor(zeros: types.y))
        try x.withUnsafeMutableBytes { try batch.writeImages(to: $0) }
        y.withUnsafeMutableBytes { batch.writeTargets(to: $0) }
        var inputs = [x, y, HostTensor(Float(learningRate))]
        if let momentum { inputs.append(HostTensor(Float(momentum))) }
        let values = try variableValues()

        let culprit = try Interpreter.firstNonFinite(
            in: try trace(types).graph, inputs: inputs, variables: values)
        let measured = try trace(types, measuresGradients: true).graph
        let store = state.engine.makeStore()
        for (name, value) in values { try store.write(name, value) }
        let results = try state.engine.compile(measured, store: store)(inputs)
        let norm = zip(measured.outputs, results).first { $0.0.name == TrainGraph.normName }
        let problem =
            culprit?.error.problem
            ?? "rounding on \(engine.name); exact arithmetic stays finite"
        return NonFiniteLossError(
            epoch: position.epoch, step: position.batch + 1,
            loss: results.first?.doubles.first ?? .nan, learningRate: learningRate,
            gradientNorm: norm?.1.doubles.first ?? .nan, samples: Array(batch.samples),
            origins: batch.samples.map { data.origin(of: $0) },
            cause: [problem, culprit?.error.received ?? "", culprit?.error.expected ?? ""]
                .filter { !$0.isEmpty }.joined(separator: "\n"),
            operation: culprit?.path ?? "")
    }

    /// The values by the names that graphs use.
    private func variableValues() throws -> [String: HostTensor] {
        var values = try allValues()
        for (_, parameter) in discovery.parameters {
            if let home = parameter.home, let value = parameter.value {
                values[home.variable] = value
            }
        }
        return values
    }
}
