import Foundation
import Martlet
import MartletTestSupport
import Testing

/// Training that comes to a number which is none stops and says where.
@Suite struct NonFiniteTests {
    /// Divides by the sum of a picture's pixels, which is 0 for a black picture.
    private final class Fragile: Layer {
        let dense = Dense(4)

        func callAsFunction(_ x: Tensor) -> Tensor {
            running(x) {
                let flat = x.flattened()
                return dense(flat) / flat.sum(axes: [1], keepingAxes: true)
            }
        }
    }

    private static func data(blackAt black: Int) -> Dataset {
        let whole = Sample.data(40)
        var images: [UInt8] = []
        for index in whole.indices {
            let pixels = (try? whole.image(index)) ?? []
            images += index == black ? pixels.map { _ in 0 } : pixels
        }
        return Dataset(
            name: "with a black picture", images: images, imageShape: [1, 6, 6],
            labels: whole.labels, classNames: whole.classNames)
    }

    @Test func theBatchAndTheOperationAreNamed() throws {
        let trainer = try Fragile().compile(
            inputShape: [1, 6, 6], optimizer: Adam(learningRate: 0.01), loss: .crossEntropy)
        let error = try #require(
            #expect(throws: NonFiniteLossError.self) {
                try trainer.fit(Self.data(blackAt: 22), epochs: 2, batchSize: 4, shuffles: false)
            })
        #expect(error.epoch == 1)
        #expect(error.step == 6)
        #expect(error.samples == [20, 21, 22, 23])
        #expect(error.origins == ["record 20", "record 21", "record 22", "record 23"])
        #expect(error.learningRate == 0.01)
        #expect(!error.loss.isFinite)
        #expect(error.operation.contains("divide"), "\(error)")
        #expect(trainer.totalSteps == 5)
        #expect(
            trainer.model.parameterValues.values.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })

        // The values are those of a run that ended before that step.
        let other = try Fragile().compile(
            inputShape: [1, 6, 6], optimizer: Adam(learningRate: 0.01), loss: .crossEntropy)
        try other.fit(
            Self.data(blackAt: 22), epochs: 1, batches: BatchOptions(size: 4),
            callbacks: [OnStep { if $0.step == 5 { $1.stop("here") } }])
        #expect(other.model.parameterValues == trainer.model.parameterValues)
    }

    @Test func anUpdateThatOverflowsIsFoundBeforeTheLoss() throws {
        let net = Sequential {
            Flatten()
            Dense(4)
        }
        let trainer = try net.compile(
            inputShape: [1, 6, 6], optimizer: SGD(learningRate: 0.1), loss: .meanSquaredErrorOfAll)
        // The third step's rate carries the weights beyond all numbers.
        let ruin = OnStep { progress, control in
            control.learningRate = progress.totalSteps == 2 ? 3e38 : 0.1
        }
        let error = try #require(
            #expect(throws: NonFiniteLossError.self) {
                try trainer.fit(
                    Sample.data(40), epochs: 1, batchSize: 4, shuffles: false, callbacks: [ruin])
            })
        #expect(error.step == 3)
        #expect(error.learningRate == 3e38)
        #expect(error.loss.isFinite)
        #expect(error.operation.hasPrefix("optimizer/"), "\(error)")
        #expect(trainer.totalSteps == 2)
    }

    @Test func noCheckpointHoldsSuchNumbers() throws {
        let folder = try Sample.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let checkpoints = CheckpointFolder(folder)
        let trainer = try Fragile().compile(
            inputShape: [1, 6, 6], optimizer: Adam(learningRate: 0.01), loss: .crossEntropy)
        #expect(throws: NonFiniteLossError.self) {
            try trainer.fit(
                Self.data(blackAt: 22), epochs: 2, batchSize: 4, shuffles: false,
                callbacks: [ModelCheckpoint(checkpoints, every: .steps(1))])
        }
        #expect(checkpoints.files.map(\.totalSteps) == [5, 4, 3])
        let good = try #require(try checkpoints.newestGood())
        #expect(good.checkpoint.tensors.values.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })
    }
}

extension Loss {
    /// The mean square of all results.
    fileprivate static var meanSquaredErrorOfAll: Loss {
        .custom("square") { predictions, targets in
            square(predictions).mean() * 1000 + targets.cast(to: .float32).sum() * 0
        }
    }
}
