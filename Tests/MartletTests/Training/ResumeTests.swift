import Foundation
import Martlet
import MartletTestSupport
import Testing

/// Going on from a checkpoint gives the bits of a run that was never stopped.
@Suite struct ResumeTests {
    private static let epochs = 3

    /// Bytes as they are, pictures that threads augment, and mixtures of them.
    enum Feeding: CaseIterable, Sendable {
        case plain, augmented, mixed

        var options: BatchOptions {
            let augmentation = Augmentation(.rotate(degrees: -9...9), .shift(x: -1...1, y: -1...1))
            return switch self {
            case .plain: BatchOptions(size: 16, shuffleSeed: 5)
            case .augmented:
                BatchOptions(
                    size: 16, shuffleSeed: 5, augmentation: augmentation, labelSmoothing: 0.1,
                    workers: 2)
            case .mixed:
                BatchOptions(
                    size: 16, shuffleSeed: 5, augmentation: augmentation,
                    mixing: Mixing(mixup: 0.4), workers: 2)
            }
        }
    }

    /// Everything that remembers something.
    private static func callbacks() -> [any TrainingCallback] {
        [
            LearningRate(perStep: CosineDecay(from: 0.02, steps: 12)),
            EarlyStopping(.smallest("val_loss"), patience: 5, restoresBest: true),
            PlateauRate(.smallest("val_loss"), factor: 0.5, patience: 1),
        ]
    }

    private static func makeTrainer() throws -> Trainer<Sequential> {
        try Sample.trainer(
            Adam(learningRate: 0.02).clipped(by: .globalNorm(1)).averagingWeights(decay: 0.9))
    }

    private static func run(
        _ trainer: Trainer<Sequential>, _ extra: [any TrainingCallback] = [],
        feeding: Feeding = .plain
    ) throws {
        try trainer.fit(
            Sample.data(), validation: Sample.data(30, seed: 2), epochs: epochs,
            batches: feeding.options, callbacks: callbacks() + extra)
    }

    @Test(arguments: Feeding.allCases)
    func resumingAtAnyBatchGivesTheSameBits(_ feeding: Feeding) throws {
        let folder = try Sample.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let whole = try Self.makeTrainer()
        var places: [URL] = []
        let saving = OnStep { progress, control in
            let place = folder.appendingPathComponent("\(progress.totalSteps).martlet")
            places.append(place)
            control.save(to: place)
        }
        let savingEpochs = OnEpochEnd { epoch, control in
            let place = folder.appendingPathComponent("epoch-\(epoch.number).martlet")
            places.append(place)
            control.save(to: place)
        }
        try Self.run(whole, [saving, savingEpochs], feeding: feeding)
        let expected = try whole.checkpoint().tensors.filter { !$0.key.hasPrefix("callbacks/On") }
        let predictions = try whole.predict(Sample.data())
        #expect(places.count == 3 * 4 + 3)

        for place in places {
            let resumed = try Self.makeTrainer()
            try resumed.resume(from: place)
            try Self.run(resumed, feeding: feeding)
            #expect(resumed.history.timeless == whole.history.timeless, "\(place)")
            #expect(try resumed.checkpoint().tensors == expected, "\(place)")
            #expect(try resumed.predict(Sample.data()) == predictions, "\(place)")
        }
    }

    @Test func evaluatingBetweenDoesNotChangeTraining() throws {
        let (plain, curious) = (try Self.makeTrainer(), try Self.makeTrainer())
        _ = try curious.evaluate(Sample.data(30, seed: 2))
        try Self.run(plain)
        try Self.run(curious, [OnStep { _, _ in _ = try curious.predict(Sample.data(5)) }])
        #expect(plain.history.timeless == curious.history.timeless)
        #expect(plain.model.parameterValues == curious.model.parameterValues)
    }

    @Test func otherDataOrBatchesAreRefused() throws {
        let folder = try Sample.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let place = folder.appendingPathComponent("c.martlet")
        let trainer = try Sample.trainer()
        try trainer.fit(Sample.data(), epochs: 1, batchSize: 16)
        try trainer.save(to: place)

        let other = try Sample.trainer()
        try other.resume(from: place)
        let error = #expect(throws: CheckpointError.self) {
            try other.fit(Sample.data(40, name: "fewer"), epochs: 2, batchSize: 8)
        }
        #expect(error?.kind == .mismatched)
        let starts = error?.details.map { String($0.prefix(12)) }
        #expect(starts == ["data name: s", "data count: ", "batches: sav"])
        let changed = #expect(throws: CheckpointError.self) {
            try other.fit(Sample.data(seed: 7), epochs: 2, batchSize: 16)
        }
        #expect(changed?.details.first?.hasPrefix("data contents") == true)

        try other.resume(from: place, allowing: [.data])
        try other.fit(Sample.data(40, name: "fewer"), epochs: 2, batchSize: 8)
        #expect(other.history.epochs.count == 2)
    }

    @Test func anotherTrainerIsRefusedWithAllDifferences() throws {
        let folder = try Sample.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let place = folder.appendingPathComponent("c.martlet")
        let trainer = try Sample.trainer()
        try trainer.save(to: place)
        let net = Sequential {
            Conv2D(5, kernelSize: 3)
            Flatten()
            Dense(6)
        }
        let other = try net.compile(
            inputShape: [1, 6, 6], optimizer: SGD(momentum: 0.9), loss: .negativeLogLikelihood,
            seed: 4)
        let before = try other.allValues()
        let error = try #require(
            #expect(throws: CheckpointError.self) { try other.resume(from: place) })
        #expect(error.kind == .mismatched)
        for part in [
            "model, line 2: saved (layers.0): Conv2D(",
            "optimizer: saved Adam", "loss: saved crossEntropy", "metrics: saved", "seed: saved 3",
            "missing     optimizer/layers.0.weight/velocity",
            "unexpected  optimizer/layers.0.weight/",
            "type        model/layers.0.weight: saved f32[4,1,3,3], given f32[5,1,3,3]",
            "unexpected  model/layers.5.weight",
        ] {
            #expect(error.description.contains(part), "\(part) is not in\n\(error)")
        }
        #expect(try other.allValues() == before)

        let careful = try Sample.trainer(Adam(learningRate: 0.5, beta1: 0.8), seed: 9)
        #expect(throws: CheckpointError.self) { try careful.resume(from: place) }
        try careful.resume(from: place, allowing: [.settings])
        #expect(careful.learningRate == 0.01)
    }

    @Test func theFolderFindsTheNewestGoodCheckpoint() throws {
        let url = try Sample.folder()
        defer { try? FileManager.default.removeItem(at: url) }
        let folder = CheckpointFolder(url.appendingPathComponent("runs"))
        #expect(try folder.newestGood() == nil)
        let trainer = try Sample.trainer()
        try trainer.fit(
            Sample.data(), validation: Sample.data(30, seed: 2), epochs: 3, batchSize: 16,
            callbacks: [
                ModelCheckpoint(
                    folder, every: .steps(3), keepingLast: 2, best: .smallest("val_loss"))
            ])
        #expect(folder.files.map(\.totalSteps) == [12, 9])
        #expect(FileManager.default.fileExists(atPath: folder.best.path))

        try Data("{".utf8).write(to: folder.file(totalSteps: 13))
        let leftover = folder.url.appendingPathComponent(".step-00000013.martlet.ABC")
        try Data("half".utf8).write(to: leftover)
        let resumed = try Sample.trainer()
        let found = try #require(try resumed.resume(from: folder))
        #expect(found.url == folder.file(totalSteps: 12))
        #expect(found.damaged.map(\.file) == [folder.file(totalSteps: 13).path])
        #expect(resumed.epochsDone == 3)
        try resumed.fit(
            Sample.data(), validation: Sample.data(30, seed: 2), epochs: 3, batchSize: 16,
            callbacks: [ModelCheckpoint(folder)])
        #expect(!FileManager.default.fileExists(atPath: leftover.path))
        for (_, file) in folder.files { try Data("{".utf8).write(to: file) }
        try FileManager.default.removeItem(at: folder.best)
        let error = #expect(throws: CheckpointError.self) { try folder.newestGood() }
        #expect(error?.kind == .damaged)
    }

    @Test func aSignalEndsFitWithACheckpoint() throws {
        let url = try Sample.folder()
        defer { try? FileManager.default.removeItem(at: url) }
        let folder = CheckpointFolder(url)
        let guarded = SignalGuard()
        let trainer = try Sample.trainer()
        let trigger = OnStep { progress, _ in
            guard progress.totalSteps == 2 else { return }
            // Another thread may take the signal, since workers block it.
            kill(getpid(), SIGTERM)
            for _ in 0..<10_000 where guarded.received == nil { usleep(1000) }
        }
        try trainer.fit(
            Sample.data(), epochs: 3, batchSize: 16,
            callbacks: [trigger, guarded, ModelCheckpoint(folder)])
        #expect(guarded.received == SIGTERM)
        #expect(trainer.stop?.exitCode == 143)
        #expect(trainer.totalSteps == 2)
        #expect(trainer.stop?.checkpoint == folder.file(totalSteps: 2))
        #expect(folder.files.count == 1)
    }
}
