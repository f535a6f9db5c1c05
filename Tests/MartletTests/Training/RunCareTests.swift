import Foundation
import Martlet
import MartletTestSupport
import Testing

/// Runs beside older files, with settings that do not fit, and with weights that go wrong late.
@Suite struct RunCareTests {
    private func withFolder<Result>(_ body: (CheckpointFolder) throws -> Result) throws -> Result {
        let url = try Sample.folder()
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(CheckpointFolder(url))
    }

    @Test func checkpointsOfAnEarlierRunDoNotCrowdOutNewOnes() throws {
        try withFolder { folder in
            for steps in [100, 200] {
                try Data("{".utf8).write(to: folder.file(totalSteps: steps))
            }
            try Data("{".utf8).write(to: folder.best)
            let trainer = try Sample.trainer()
            try trainer.fit(
                Sample.data(16), epochs: 3, batchSize: 8,
                callbacks: [ModelCheckpoint(folder, keepingLast: 2)])
            #expect(folder.files.map(\.totalSteps) == [6, 4])
            #expect(try folder.newestGood()?.damaged.isEmpty == true)
            for file in [folder.file(totalSteps: 200), folder.best] {
                #expect(!FileManager.default.fileExists(atPath: file.path))
                #expect(FileManager.default.fileExists(atPath: file.path + ".old"))
            }
        }
    }

    @Test func momentumWithoutAnInputIsIgnored() throws {
        let trainer = try Sample.trainer()
        trainer.momentum = 0.5
        #expect(trainer.momentum == nil)
        try trainer.fit(
            Sample.data(16), epochs: 1, batchSize: 8,
            callbacks: [LearningRate(perStep: OneCycle(maximum: 0.01, steps: 2))])
        #expect(trainer.totalSteps == 2)
        #expect(trainer.momentum == nil)

        let other = try Sample.trainer(SGD(learningRate: 0.1, momentum: 0.5).withMomentumInput())
        other.momentum = 0.75
        #expect(other.momentum == 0.75)
        other.momentum = nil
        #expect(other.momentum == 0.75)
    }

    @Test func theBestAveragesComeBack() throws {
        let data = Sample.data(30, seed: 9)
        let trainer = try Sample.trainer(Adam(learningRate: 0.01).averagingWeights(decay: 0.5))
        trainer.evaluationWeights = .average
        // After the second epoch the rate ruins the model.
        let ruin = OnEpochEnd { epoch, control in
            if epoch.number == 2 { control.learningRate = 3 }
        }
        let stopping = EarlyStopping(.smallest("val_loss"), patience: 2, restoresBest: true)
        try trainer.fit(
            Sample.data(), validation: data, epochs: 20, batchSize: 8, callbacks: [stopping, ruin])
        #expect(trainer.history.epochs.count == stopping.bestEpoch + 2)
        let best = trainer.history.epochs.compactMap(\.validationLoss).min()
        #expect(try trainer.evaluate(data).loss == best)
    }

    @Test func anEpochThatEndsWithRuinedWeightsIsNotCounted() throws {
        let net = Sequential {
            Flatten()
            Dense(4)
        }
        let square = Loss.custom("square") { predictions, targets in
            (predictions * predictions).mean() * 1000 + targets.cast(to: .float32).sum() * 0
        }
        let trainer = try net.compile(
            inputShape: [1, 6, 6], optimizer: SGD(learningRate: 1e-6), loss: square)
        // The rate of the last step carries the weights beyond all numbers.
        let ruin = OnStep { progress, control in
            control.learningRate = progress.totalSteps == 9 ? 3e38 : 1e-6
        }
        var told = 0
        let listen = OnEpochEnd { _, _ in told += 1 }
        let error = try #require(
            #expect(throws: NonFiniteLossError.self) {
                try trainer.fit(
                    Sample.data(40), epochs: 1, batchSize: 4, shuffles: false,
                    callbacks: [ruin, listen])
            })
        #expect(error.step == 10)
        #expect(told == 0)
        #expect(trainer.history.epochs.isEmpty)
        #expect(trainer.totalSteps == 9)
    }

    @Test func impossiblePositionsAreDamage() throws {
        try withFolder { folder in
            let place = folder.url.appendingPathComponent("c.martlet")
            let trainer = try Sample.trainer()
            try trainer.fit(Sample.data(8), epochs: 1, batchSize: 8)
            try trainer.save(to: place)
            for (good, bad) in [
                ("\"totalSteps\":1", "\"totalSteps\":-1"), ("\"epochs\":1", "\"epochs\":-5"),
                ("\"batch\":0", "\"batch\":9"), ("\"examples\":0", "\"examples\":-2"),
                ("\"epochs\":1", "\"epochs\":9223372036854775807"),
            ] {
                var file = try CheckpointFile(contentsOf: place)
                file.change { texts, _ in
                    let text = texts["progress"] ?? ""
                    #expect(text.contains(good))
                    texts["progress"] = text.replacingOccurrences(of: good, with: bad)
                }
                let changed = folder.url.appendingPathComponent("changed.martlet")
                try file.write(to: changed)
                let error = #expect(throws: CheckpointError.self) {
                    try Checkpoint(contentsOf: changed)
                }
                #expect(error?.kind == .damaged)
            }
        }
    }

    @Test func callbacksAreLetGoButTheirStateStays() throws {
        try withFolder { folder in
            let trainer = try Sample.trainer()
            weak var gone: EarlyStopping?
            try {
                let stopping = EarlyStopping(.smallest("loss"), patience: 5)
                gone = stopping
                try trainer.fit(Sample.data(8), epochs: 2, batchSize: 8, callbacks: [stopping])
            }()
            #expect(gone == nil)
            let place = folder.url.appendingPathComponent("c.martlet")
            try trainer.save(to: place)
            let resumed = try Sample.trainer()
            try resumed.resume(from: place)
            let stopping = EarlyStopping(.smallest("loss"), patience: 5)
            try resumed.fit(Sample.data(8), epochs: 2, batchSize: 8, callbacks: [stopping])
            #expect(stopping.best == trainer.history.epochs.map(\.loss).min())
        }
    }

    @Test func aStopBySignalDoesNotSpoilACompleteRun() throws {
        let trainer = try Sample.trainer()
        let late = OnEpochEnd { epoch, control in
            if epoch.number == 2 { control.stop(TrainingStop("interrupted", signal: SIGINT)) }
        }
        try trainer.fit(Sample.data(8), epochs: 2, batchSize: 8, callbacks: [late])
        #expect(trainer.stop == nil)
        try trainer.fit(Sample.data(8), epochs: 2, batchSize: 8)
        #expect(trainer.epochsDone == 2)
    }
}
