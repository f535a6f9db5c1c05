import CAllocationCounter
import Foundation
import Martlet
import MartletTestSupport
import Testing

@Suite struct TrainerTests {
    @Test func fitLearnsAndReportsEveryEpoch() throws {
        let trainer = try Sample.trainer()
        let history = try trainer.fit(
            Sample.data(), validation: Sample.data(30, seed: 2), epochs: 12, batchSize: 8)
        #expect(history.epochs.map(\.number) == Array(1...12))
        let (first, last) = (try #require(history.epochs.first), try #require(history.epochs.last))
        #expect(last.loss < first.loss / 2)
        #expect((last["val_accuracy"] ?? 0) > 0.9)
        #expect(trainer.epochsDone == 12)
        #expect(trainer.totalSteps == 12 * 7)
    }

    @Test func epochsIsTheTotalToReach() throws {
        let (once, twice) = (try Sample.trainer(), try Sample.trainer())
        try once.fit(Sample.data(), epochs: 4, batchSize: 8)
        try twice.fit(Sample.data(), epochs: 2, batchSize: 8)
        try twice.fit(Sample.data(), epochs: 4, batchSize: 8)
        #expect(once.history.timeless == twice.history.timeless)
        #expect(once.model.parameterValues == twice.model.parameterValues)
        try twice.fit(Sample.data(), epochs: 4, batchSize: 8)
        #expect(twice.totalSteps == once.totalSteps)
    }

    @Test func fitAndEvaluateGiveTheSameNumbers() throws {
        let trainer = try Sample.trainer()
        let test = Sample.data(37, seed: 2)
        let history = try trainer.fit(Sample.data(), validation: test, epochs: 2, batchSize: 8)
        let judged = try trainer.evaluate(test)
        #expect(judged.loss == history.epochs.last?.validationLoss)
        #expect(judged.metrics == history.epochs.last?.validationMetrics)
    }

    /// Batches of one size but other types have plans of their own.
    @Test func profileTakesBatchesOfOtherTypes() throws {
        let trainer = try Sample.trainer(SGD(learningRate: 0))
        var options = BatchOptions(size: 10)
        options.labelSmoothing = 0.1
        try trainer.fit(Sample.data(), epochs: 1, batches: options)
        let plain = try #require(
            try BatchFeed(Sample.data(), BatchOptions(size: 10), epoch: 1).next())
        #expect(try trainer.profile(plain, runs: 1).steps.isEmpty == false)
        #expect(trainer.compilations.last?.reason.contains("y changed from f32") == true)
    }

    @Test func predictionsAgreeWithEvaluation() throws {
        let trainer = try Sample.trainer()
        let data = Sample.data(37)
        try trainer.fit(data, epochs: 3, batchSize: 8)
        trainer.evaluationBatchSize = 16
        let predictions = try trainer.predict(data)
        let judged = try trainer.evaluate(data)
        let hits = zip(predictions.choices, data.labels).filter { $0 == Int($1) }.count
        #expect(judged["accuracy"] == Double(hits) / 37)
        let loss = data.indices.reduce(0.0) { sum, index in
            sum - log(predictions.probabilities(of: index)[Int(data.labels[index])])
        }
        #expect(abs(judged.loss - loss / 37) < 1e-6)
    }

    /// A net with one result that gives 0 for everything.
    private static func zeroTrainer(_ optimizer: any Optimizer) throws -> Trainer<Sequential> {
        let net = Sequential {
            Flatten()
            Dense(1)
        }
        let trainer = try net.compile(
            inputShape: [1, 6, 6], optimizer: optimizer, loss: .meanSquaredError,
            metrics: [.wholeNumberAccuracy])
        try net.setParameters(net.parameterValues.mapValues { HostTensor(zeros: $0.type) })
        return trainer
    }

    /// The loss of an epoch is the mean over examples, not over batches.
    @Test func theShortLastBatchWeighsLess() throws {
        let trainer = try Self.zeroTrainer(SGD(learningRate: 0))
        // Labels 0, 1, 2, 3, 0: the model gives 0, so losses are the squares.
        let history = try trainer.fit(Sample.data(5), epochs: 1, batchSize: 4, shuffles: false)
        #expect(history.epochs[0].loss == 14.0 / 5)
        #expect(history.epochs[0].metrics["accuracy"] == 2.0 / 5)
        trainer.evaluationBatchSize = 3
        let judged = try trainer.evaluate(Sample.data(5))
        // The mean of three squares is rounded to single precision.
        #expect(abs(judged.loss - 14.0 / 5) < 1e-6)
    }

    @Test(arguments: [
        Scaling.unit(), .unit(brightest: 16), .symmetric(),
        .standard(mean: [0.1307], standardDeviation: [0.3081]),
    ])
    func scalingInThePlanIsTheDataSets(_ scaling: Scaling) throws {
        let bytes = HostTensor((0...255).map { UInt8($0) }, shape: [1, 1, 16, 16])
        let plan = try compile(inputs: [bytes.type]) { [scaling($0[0])] }
        let result = try plan([bytes])[0].scalars(as: Float.self)
        let expected = scaling.floats(Array(0...255), shape: [1, 16, 16])
        if scaling.shift == [0] { #expect(result == expected) }
        for (a, b) in zip(try #require(result), expected) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func aStepOfTheTrainerAllocatesNothing() throws {
        guard allocation_counter_works(), try Engines.current().name == "onednn" else { return }
        let trainer = try Sample.trainer()
        let feed = BatchFeed(Sample.data(), BatchOptions(size: 8), epoch: 1)
        let batch = try #require(try feed.next())
        for _ in 0..<5 { try trainer.step(batch) }
        allocation_counter_start()
        for _ in 0..<100 { try trainer.step(batch) }
        let count = allocation_counter_stop()
        #expect(count.own == 0)
        #expect(count.alive == 0)
    }

    @Test func gradientsCanBeSummedOverTheEpoch() throws {
        // By hand: w ← w − rate · Σ gradients since the epoch's start; zero weights, one result.
        let data = Sample.data(3)
        let trainer = try Self.zeroTrainer(SGD(learningRate: 0.001).summingGradients())
        try trainer.fit(data, epochs: 2, batchSize: 1, shuffles: false)

        var weights = [Double](repeating: 0, count: 36)
        var bias = 0.0
        for _ in 0..<2 {
            var sum = [Double](repeating: 0, count: 37)
            for index in data.indices {
                let x = try data.image(index).map { Double(Float($0) / 255) }
                let guess = zip(weights, x).reduce(bias) { $0 + $1.0 * $1.1 }
                let slope = 2 * (guess - Double(data.labels[index]))
                for place in 0..<36 { sum[place] += slope * x[place] }
                sum[36] += slope
                for place in 0..<36 { weights[place] -= 0.001 * sum[place] }
                bias -= 0.001 * sum[36]
            }
        }
        let result = try #require(trainer.model.parameterValues["layers.1.weight"]).doubles
        for (a, b) in zip(result, weights) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func theFirstDataSetBringsTheScaling() throws {
        let trainer = try Sample.trainer()
        #expect(trainer.scaling == nil)
        _ = try trainer.evaluate(Sample.data())
        #expect(trainer.scaling == .unit(brightest: 255))
    }

    @Test func dataThatDoesNotFitIsRefused() throws {
        let trainer = try Sample.trainer()
        let wide = Dataset(
            name: "wide", images: [UInt8](repeating: 0, count: 8), imageShape: [1, 2, 4],
            labels: [0], classNames: ["a"])
        #expect(throws: ModelError.self) { try trainer.fit(wide, epochs: 1) }
        let many = Dataset(
            name: "many", images: [UInt8](repeating: 0, count: 36), imageShape: [1, 6, 6],
            labels: [4], classNames: ["a", "b", "c", "d", "e"])
        let error = #expect(throws: ModelError.self) { try trainer.fit(many, epochs: 1) }
        #expect(error?.expected == "a model with a result for each of 5 classes")
        #expect(throws: ModelError.self) { try trainer.evaluate(Sample.data(0)) }
    }

    @Test func mistakesInTheModelShowWhenItIsCompiled() throws {
        let net = Sequential {
            Conv2D(2, kernelSize: 9)
            Flatten()
            Dense(4)
        }
        #expect(throws: ModelError.self) {
            try net.compile(inputShape: [1, 6, 6], optimizer: Adam(), loss: .crossEntropy)
        }
        #expect(throws: ModelError.self) { try Sample.trainer(metrics: [.accuracy, .accuracy]) }
    }
}
