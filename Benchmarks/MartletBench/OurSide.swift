import Foundation
import Martlet
import MartletRecipes

/// Our side of a workload: one training step and predictions, fed from bytes in memory.
final class OurSide {
    let workload: Workload
    private let examples: Examples
    private let trainer: any Trainee
    private let firstValues: [String: HostTensor]
    private var predictors: [Int: Predictor] = [:]
    /// Milliseconds from the first line of the trace to a plan that is ready to run.
    private(set) var compileTime: Double

    /// Compiles the training step.
    init(_ workload: Workload, _ examples: Examples) throws {
        (self.workload, self.examples) = (workload, examples)
        let start = ContinuousClock.now
        trainer = try Self.trainer(workload, isRandom: true, seed: 0)
        try trainer.prepare()
        compileTime = (ContinuousClock.now - start) / .milliseconds(1)
        firstValues = trainer.net.parameterValues
    }

    /// The name of the engine that runs the plans.
    var engine: String { trainer.engineName }

    /// The first values of all parameters, for the peers.
    var weights: [String: HostWeights] {
        firstValues.mapValues {
            HostWeights(shape: $0.type.shape, values: $0.doubles.map { Float($0) })
        }
    }

    /// The losses of `count` steps from the first values, without dropout.
    func losses(_ count: Int) throws -> [Double] {
        let fresh = try Self.trainer(workload, isRandom: false, seed: 0)
        try fresh.prepare()
        try fresh.net.setParameters(firstValues)
        return try (0..<count).map { Double(try fresh.step(examples, at: $0)) }
    }

    /// Trains on for about `seconds`; milliseconds a step.
    func train(_ seconds: Double) throws -> Double {
        try timed(seconds) { _ = try trainer.step(examples, at: trainer.count) }
    }

    /// The outputs for the first `batch` pictures from the first values.
    func logits(_ batch: Int) throws -> [Double] {
        try predictor(batch).outputs(examples, at: 0).map { Double($0) }
    }

    /// Predicts batch after batch for about `seconds`; milliseconds a batch.
    func predict(_ batch: Int, _ seconds: Double) throws -> Double {
        let predictor = try predictor(batch)
        var number = 0
        return try timed(seconds) {
            _ = try predictor.outputs(examples, at: number)
            number += 1
        }
    }

    /// What each step of the training plan costs.
    func profile(runs: Int) throws -> PlanProfile { try trainer.profile(examples, runs: runs) }

    /// What each step of a prediction costs.
    func profile(predicting batch: Int, runs: Int) throws -> PlanProfile {
        try predictor(batch).profile(examples, runs: runs)
    }

    private func predictor(_ batch: Int) throws -> Predictor {
        if let known = predictors[batch] { return known }
        let net = network(workload, isRandom: true)
        let made = try Predictor(net, workload, batch, firstValues)
        predictors[batch] = made
        return made
    }

    private static func trainer(
        _ workload: Workload, isRandom: Bool, seed: Int
    ) throws -> any Trainee {
        let net = network(workload, isRandom: isRandom)
        switch workload.rule {
        case .sgd(let rate, let momentum):
            return try TraineeOf(
                net, workload, SGD(learningRate: rate, momentum: momentum), seed: seed)
        case .adam(let rate, let epsilon):
            return try TraineeOf(
                net, workload, Adam(learningRate: rate, epsilon: epsilon), seed: seed)
        }
    }
}

/// The network of a workload.
func network(_ workload: Workload, isRandom: Bool) -> Sequential {
    Sequential(workload.layers.map { $0.layer(isRandom: isRandom) })
}

/// Pictures as bytes become numbers 0 … 1 inside the plan.
func scaled(_ x: Tensor) -> Tensor { x.cast(to: .float32) * (1 / 255.0) }

/// A network with its training step, whatever the rule.
protocol Trainee: AnyObject {
    var net: Sequential { get }
    var engineName: String { get }
    /// How many steps were taken.
    var count: Int { get }
    func prepare() throws
    func step(_ examples: Examples, at number: Int) throws -> Float
    func profile(_ examples: Examples, runs: Int) throws -> PlanProfile
}

/// A network with its training step.
final class TraineeOf<Rule: Optimizer>: Trainee {
    let net: Sequential
    private(set) var count = 0
    private let step: TrainStep<Sequential, Rule>
    private let x: TensorType, y: TensorType
    private let batch: Int

    init(_ net: Sequential, _ workload: Workload, _ rule: Rule, seed: Int) throws {
        self.net = net
        batch = workload.batch
        x = TensorType(.uint8, [batch] + workload.shape)
        y = TensorType(.int32, [batch])
        let isSquared = workload.loss == .squared
        step = try TrainStep(net, optimizer: rule, seed: seed) { net, x, y in
            let logits = net(scaled(x))
            return isSquared
                ? meanSquaredError(logits.squeezed(axis: 1), y.cast(to: .float32))
                : crossEntropy(logits, y)
        }
    }

    var engineName: String { step.engine.name }

    func prepare() throws { try step.prepare(x: x, y: y) }

    func step(_ examples: Examples, at number: Int) throws -> Float {
        count += 1
        return try step(
            x: x, y: y, writingX: { examples.copyImages(number, batch, to: $0) },
            writingY: { examples.copyLabels(number, batch, to: $0) })
    }

    func profile(_ examples: Examples, runs: Int) throws -> PlanProfile {
        _ = try step(examples, at: 0)
        return try step.profile(x: x, y: y, runs: runs)
    }
}

/// A network that predicts batches of one size.
final class Predictor {
    private let step: EvaluationStep<Sequential>
    private let x: TensorType
    private let batch: Int
    private var values: [Float]

    init(
        _ net: Sequential, _ workload: Workload, _ batch: Int, _ weights: [String: HostTensor]
    ) throws {
        self.batch = batch
        x = TensorType(.uint8, [batch] + workload.shape)
        values = [Float](repeating: 0, count: batch * workload.outputCount)
        step = try EvaluationStep(net) { net, x in net(scaled(x)) }
        _ = try step.outputTypes(for: [x])
        try net.setParameters(weights)
    }

    /// The outputs of batch `number`, counted from the front and again and again.
    func outputs(_ examples: Examples, at number: Int) throws -> [Float] {
        try step.run([x]) { _, memory in
            examples.copyRange(number, batch, to: memory)
        } reading: { _, memory in
            values.withUnsafeMutableBytes { $0.copyMemory(from: memory) }
        }
        return values
    }

    func profile(_ examples: Examples, runs: Int) throws -> PlanProfile {
        _ = try outputs(examples, at: 0)
        return try step.profile([x], runs: runs)
    }
}

extension Examples {
    /// Copies the pictures of batch `number` in the shuffled order.
    func copyImages(_ number: Int, _ batch: Int, to memory: UnsafeMutableRawBufferPointer) {
        let first = number % (order.count / batch) * batch
        images.withUnsafeBytes { source in
            for k in 0..<batch {
                let start = Int(order[first + k]) * imageSize
                UnsafeMutableRawBufferPointer(rebasing: memory[(k * imageSize)...]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[start..<start + imageSize]))
            }
        }
    }

    /// Copies the labels of batch `number` in the shuffled order.
    func copyLabels(_ number: Int, _ batch: Int, to memory: UnsafeMutableRawBufferPointer) {
        let first = number % (order.count / batch) * batch
        let target = memory.bindMemory(to: Int32.self)
        for k in 0..<batch { target[k] = labels[Int(order[first + k])] }
    }

    /// Copies neighbouring pictures.
    func copyRange(_ number: Int, _ batch: Int, to memory: UnsafeMutableRawBufferPointer) {
        let first = number % (labels.count / batch) * batch
        images.withUnsafeBytes { source in
            let range = first * imageSize..<(first + batch) * imageSize
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
        }
    }
}
