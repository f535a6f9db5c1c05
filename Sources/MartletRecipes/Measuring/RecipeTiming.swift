import Foundation
import Martlet
import MartletData

/// Times of a recipe's training step and predictions, by the trainer that `martlet train` uses.
///
/// Pictures and labels are made up, so no data is needed; they go in as bytes, and batches are made
/// without augmentation.
package struct RecipeTiming: Encodable, Sendable {
    /// Times of predictions in batches of one size.
    package struct Prediction: Encodable, Sendable {
        package var batchSize: Int
        /// The middle of the turns, for one batch.
        package var milliseconds: Double
        package var picturesPerSecond: Double
    }

    package var recipe: String
    package var batchSize: Int
    /// The middle of the turns.
    package var stepMilliseconds: Double
    /// The shortest turn.
    package var leastMilliseconds: Double
    package var picturesPerSecond: Double
    /// 10^9 operations of a step's convolutions and products.
    package var gigaflops: Double
    /// The part of the machine's measured arithmetic that the step reaches; `nil` where the engine
    /// does not tell its operations.
    package var shareOfPeak: Double?
    /// From the beginning of the trace to a plan that can run.
    package var compileMilliseconds: Double
    package var predictions: [Prediction]
}

/// One recipe with made-up data, ready to be measured.
package struct RecipeBench {
    private let recipe: Recipe
    private let settings: RunSettings
    private let engine: any Engine

    /// Takes a recipe with its settings, of which the size of batches counts.
    package init(_ recipe: Recipe, _ settings: RunSettings, _ engine: any Engine) {
        (self.recipe, self.settings, self.engine) = (recipe, settings, engine)
    }

    /// Measures training for about `seconds`, and each size of predictions for half of that.
    package func timing(
        seconds: Double, predicting sizes: [Int], _ machine: Machine
    ) throws -> RecipeTiming {
        try timing(recipe.makeNetwork(), seconds, sizes, machine)
    }

    /// What each step of the training plan costs, or of the plan that predicts batches of `size`.
    package func profile(predicting size: Int?, runs: Int) throws -> PlanProfile {
        try profile(recipe.makeNetwork(), size, runs)
    }

    private static let turns = 5

    private func timing(
        _ network: some Layer, _ seconds: Double, _ sizes: [Int], _ machine: Machine
    ) throws -> RecipeTiming {
        let start = ContinuousClock.now
        let trainer = try trainer(network)
        let batches = BatchCycle(recipe.inputShape, size: settings.batchSize)
        try trainer.step(try batches.next())
        let compiled = (ContinuousClock.now - start) / .milliseconds(1)
        let flops = try trainer.profile(try batches.next(), runs: 1).flops
        let times = try turns(seconds) { try trainer.step(try batches.next()) }
        let step = PlanProfile.median(times)
        let reached = flops / (step / 1000) / (machine.arithmetic * 1e9)
        return RecipeTiming(
            recipe: recipe.name, batchSize: settings.batchSize, stepMilliseconds: step,
            leastMilliseconds: times.min() ?? step,
            picturesPerSecond: Double(settings.batchSize) / step * 1000, gigaflops: flops / 1e9,
            shareOfPeak: flops > 0 ? reached : nil, compileMilliseconds: compiled,
            predictions: try sizes.map { size in
                let batches = BatchCycle(recipe.inputShape, size: size)
                let times = try turns(seconds / 2) { try trainer.predict(try batches.next()) }
                let middle = PlanProfile.median(times)
                return .init(
                    batchSize: size, milliseconds: middle,
                    picturesPerSecond: Double(size) / middle * 1000)
            })
    }

    private func profile(
        _ network: some Layer, _ size: Int?, _ runs: Int
    ) throws -> PlanProfile {
        let trainer = try trainer(network)
        let batch = try BatchCycle(recipe.inputShape, size: size ?? settings.batchSize).next()
        guard size != nil else { return try trainer.profile(batch, runs: runs) }
        return try trainer.profilePrediction(batch, runs: runs)
    }

    private func trainer<Net: Layer>(_ network: Net) throws -> Trainer<Net> {
        try Trainer(
            network, inputShape: recipe.inputShape, optimizer: settings.builtOptimizer,
            loss: recipe.loss, metrics: [recipe.metric], scaling: .unit(), seed: settings.seed,
            engine: engine)
    }

    /// Milliseconds a call in each of a few turns; a first one warms up and does not count.
    private func turns(_ seconds: Double, _ body: () throws -> Void) throws -> [Double] {
        try (0...Self.turns).map { _ in try timed(seconds / Double(Self.turns), body) }
            .dropFirst().map { $0 }
    }
}

/// Batches of made-up pictures without end, the same in every run.
private final class BatchCycle {
    private let data: Dataset
    private let options: BatchOptions
    private var feed: BatchFeed

    init(_ shape: [Int], size: Int) {
        // Enough that restarting costs nothing beside the steps.
        let count = size * max(4, 2048 / size)
        var random = SplitMix(state: 7)
        let data = Dataset(
            name: "made-up pictures",
            images: (0..<count * shape.reduce(1, *)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            },
            imageShape: shape,
            labels: (0..<count).map { _ in Int32(truncatingIfNeeded: random.next() % 10) },
            classNames: (0..<10).map { String($0) })
        // Batches are made where they are used, so that their cost is part of the step's.
        var options = BatchOptions(size: size)
        options.workers = 0
        (self.data, self.options) = (data, options)
        feed = BatchFeed(data, options, epoch: 1)
    }

    /// The next batch, valid until the next call.
    func next() throws -> Batch {
        if let batch = try feed.next() { return batch }
        feed = BatchFeed(data, options, epoch: 1)
        guard let batch = try feed.next() else {
            preconditionFailure("internal: made-up pictures have a batch")
        }
        return batch
    }
}
