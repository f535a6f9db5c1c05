import Foundation
import Martlet
import MartletData
import MartletReport

/// A small convolutional network that learns the digits, and what came of it.
final class DigitsDemo {
    static let learningRate = 0.003
    private let train: Dataset
    private let test: Dataset
    private let batchSize: Int
    private let seed: UInt64
    private let step: TrainStep<Sequential, Adam>
    private let predict: EvaluationStep<Sequential>
    private var epochs: [History.Epoch] = []
    private var trainingTime = Duration.zero

    /// Reads the digits and sets up the network.
    init(batchSize: Int, seed: UInt64) throws {
        (train, test) = (try .digits(.train), try .digits(.test))
        (self.batchSize, self.seed) = (batchSize, seed)
        let net = Sequential {
            Conv2D(16, kernelSize: 3, padding: .same, activation: .relu)
            MaxPool2D(2)
            Flatten()
            Dropout(0.3)
            Dense(64, activation: .relu)
            Dense(10)
        }
        step = try TrainStep(
            net, optimizer: Adam(learningRate: Float(Self.learningRate)),
            seed: Int(truncatingIfNeeded: seed)
        ) { net, x, y in crossEntropy(net(x), y) }
        // Compiles now, so that the first epoch's time is that of an epoch.
        try step.prepare(
            x: TensorType(.float32, [batchSize] + train.imageShape),
            y: TensorType(.int32, [batchSize]))
        predict = try EvaluationStep(net) { net, x in logSoftmax(net(x), axis: 1) }
    }

    /// What `epochs` passes are going to be.
    func plan(epochs: Int) -> FitPlan {
        FitPlan(
            epochs: epochs, stepsPerEpoch: (train.count + batchSize - 1) / batchSize,
            examples: train.count, batchSize: batchSize, validationExamples: test.count,
            metricNames: ["accuracy"])
    }

    /// The epochs so far.
    var history: History { History(epochs: epochs) }

    /// One line about data and network.
    var summary: String {
        "\(train.count) digits to learn from, \(test.count) to be judged by, batches of \(batchSize)"
    }

    /// Goes once through the training data in a new order, then measures.
    func trainEpoch() throws -> History.Epoch {
        let order = Shuffle.order(train.count, seed: seed, epoch: epochs.count + 1)
        let start = ContinuousClock.now
        for first in stride(from: 0, to: order.count, by: batchSize) {
            let indices = order[first..<min(first + batchSize, order.count)]
            let images = HostTensor(
                try train.pixels(indices), shape: [indices.count] + train.imageShape)
            try step(images, HostTensor(train.labels(indices), shape: [indices.count]))
        }
        let time = ContinuousClock.now - start
        trainingTime += time
        let (learned, judged) = (try measure(train), try measure(test))
        let epoch = History.Epoch(
            number: epochs.count + 1, loss: learned.loss, metrics: ["accuracy": learned.accuracy],
            validationLoss: judged.loss, validationMetrics: ["accuracy": judged.accuracy],
            learningRate: DigitsDemo.learningRate, seconds: time / .seconds(1))
        epochs.append(epoch)
        return epoch
    }

    /// What the network makes of the test digits now.
    func finish() throws -> DemoResult {
        DemoResult(
            test: test, pixels: try test.indices.map { try test.image($0) }, history: history,
            batchSize: batchSize, seed: seed,
            predictions: try measure(test).predictions,
            seconds: trainingTime / .seconds(1),
            stepCount: epochs.count * ((train.count + batchSize - 1) / batchSize),
            parameterCount: step.parameters.values.reduce(0) { $0 + $1.type.elementCount })
    }

    /// Mean loss, accuracy and the prediction for each picture.
    private func measure(
        _ data: Dataset
    ) throws -> (loss: Double, accuracy: Double, predictions: [DemoResult.Prediction]) {
        let images = HostTensor(
            try data.pixels(0..<data.count), shape: [data.count] + data.imageShape)
        let classes = data.classNames.count
        let logarithms = try predict(images)[0].doubles
        var loss = 0.0
        let predictions = data.labels.enumerated().map { index, label in
            let row = logarithms[index * classes..<(index + 1) * classes]
            loss -= row[row.startIndex + Int(label)]
            let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
            return DemoResult.Prediction(
                label: Int(label), choice: best - row.startIndex, confidence: exp(row[best]))
        }
        let right = predictions.filter(\.isRight).count
        return (
            loss / Double(max(1, data.count)), Double(right) / Double(max(1, data.count)),
            predictions
        )
    }
}
