import Foundation
import Martlet
import MartletTestSupport
import Testing

@Suite struct CallbackTests {
    /// Notes the names of events.
    private final class Notes: TrainingCallback {
        var text: [String] = []
        func handle(_ event: TrainingEvent, _ control: TrainingControl) {
            switch event {
            case .fitStarted(let plan):
                text.append("fit \(plan.firstEpoch)-\(plan.epochs) of \(plan.stepsPerEpoch)")
            case .epochStarted(let number): text.append("epoch \(number)")
            case .stepEnded(let progress): text.append("step \(progress.step)")
            case .epochEnded(let epoch): text.append("end \(epoch.number)")
            case .fitEnded: text.append("done")
            }
        }
    }

    @Test func eventsComeInOrder() throws {
        let notes = Notes()
        try Sample.trainer().fit(Sample.data(20), epochs: 2, batchSize: 8, callbacks: [notes])
        let epoch = ["step 1", "step 2", "step 3"]
        var expected = ["fit 1-2 of 3", "epoch 1"] + epoch
        expected += ["end 1", "epoch 2"] + epoch
        expected += ["end 2", "done"]
        #expect(notes.text == expected)
    }

    @Test func runningNumbersArePlain() throws {
        let trainer = try Sample.trainer(SGD(learningRate: 0))
        var (losses, means): ([Double], [Double]) = ([], [])
        let listen = OnStep { progress, _ in
            losses.append(progress.batchLoss)
            means.append(progress.running["loss"] ?? .nan)
        }
        try trainer.fit(Sample.data(16), epochs: 1, batchSize: 8, callbacks: [listen])
        #expect(means.count == 2)
        #expect(abs(means[0] - losses[0]) < 1e-6)
        #expect(abs(means[1] - (losses[0] + losses[1]) / 2) < 1e-6)
    }

    @Test func aCallbackEndsFit() throws {
        let trainer = try Sample.trainer()
        let stopper = OnStep { progress, control in
            if progress.totalSteps == 5 { control.stop("enough") }
        }
        try trainer.fit(Sample.data(24), epochs: 4, batchSize: 8, callbacks: [stopper])
        #expect(trainer.stop?.reason == "enough")
        #expect(trainer.history.epochs.count == 1)
        #expect(trainer.totalSteps == 5)
        // Going on makes the run that was never stopped.
        try trainer.fit(Sample.data(24), epochs: 4, batchSize: 8)
        let whole = try Sample.trainer()
        try whole.fit(Sample.data(24), epochs: 4, batchSize: 8)
        #expect(trainer.history.timeless == whole.history.timeless)
        #expect(trainer.stop == nil)
    }

    /// Gives epochs chosen numbers by setting the rate to zero and reading a list.
    private func run(
        _ losses: [Double], _ callback: some TrainingCallback
    ) throws -> TrainingControl {
        let trainer = try Sample.trainer()
        let control = TrainingControl(trainer)
        try callback.handle(
            .fitStarted(
                FitPlan(epochs: losses.count, stepsPerEpoch: 1, examples: 1, batchSize: 1)),
            control)
        for (index, loss) in losses.enumerated() where control.stop == nil {
            let epoch = History.Epoch(
                number: index + 1, loss: loss, learningRate: 0.1, seconds: 0)
            try callback.handle(.epochEnded(epoch), control)
        }
        return withExtendedLifetime(trainer) { control }
    }

    @Test func earlyStoppingWaits() throws {
        let stopping = EarlyStopping(.smallest("loss"), patience: 2, minimumChange: 0.1)
        let control = try run([3, 2, 1.95, .nan, 1], stopping)
        #expect(control.stop?.reason == "loss was best in epoch 2 and no better for 2 epochs")
        #expect(stopping.bestEpoch == 2)
        #expect(stopping.best == 2)
        #expect(
            try run([3, 2, 2, 1, 1], EarlyStopping(.smallest("loss"), patience: 2)).stop == nil)
        #expect(try run([1, 2, 2, 3], EarlyStopping(.largest("loss"), patience: 2)).stop == nil)
    }

    @Test func earlyStoppingRemembersAndStaysStopped() throws {
        let first = EarlyStopping(.smallest("loss"), patience: 2)
        _ = try run([3, 2, 4], first)
        let second = EarlyStopping(.smallest("loss"), patience: 2)
        try second.restore(try #require(try first.savedState()))
        let trainer = try Sample.trainer()
        let control = TrainingControl(trainer)
        let plan = FitPlan(
            epochs: 9, firstEpoch: 4, stepsPerEpoch: 1, examples: 1, batchSize: 1)
        try second.handle(.fitStarted(plan), control)
        #expect(control.stop == nil)
        let epoch = History.Epoch(number: 4, loss: 5, learningRate: 0.1, seconds: 0)
        try second.handle(.epochEnded(epoch), control)
        #expect(control.stop != nil)

        let third = EarlyStopping(.smallest("loss"), patience: 2)
        try third.restore(try #require(try second.savedState()))
        let again = TrainingControl(trainer)
        try third.handle(.fitStarted(plan), again)
        #expect(again.stop != nil)
    }

    @Test func theBestValuesComeBack() throws {
        let data = Sample.data(30, seed: 9)
        let trainer = try Sample.trainer()
        var kept: [[String: HostTensor]] = []
        // After the second epoch the rate ruins the model.
        let ruin = OnEpochEnd { epoch, control in
            kept.append(try control.modelValues())
            if epoch.number == 2 { control.learningRate = 3 }
        }
        let stopping = EarlyStopping(.smallest("val_loss"), patience: 2, restoresBest: true)
        try trainer.fit(
            Sample.data(), validation: data, epochs: 20, batchSize: 8, callbacks: [ruin, stopping])
        let losses = trainer.history.epochs.compactMap(\.validationLoss)
        let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
        #expect(stopping.bestEpoch == best + 1 && losses.count == best + 3)
        #expect(trainer.model.parameterValues == kept[best])
    }

    @Test func aNumberThatIsNotThereIsNamed() throws {
        let trainer = try Sample.trainer()
        let error = #expect(throws: CallbackError.self) {
            try trainer.fit(
                Sample.data(8), epochs: 1, callbacks: [EarlyStopping(patience: 1)])
        }
        #expect(error?.expected == "one of loss, accuracy")
        #expect(error?.fix == "give fit validation data")
    }

    @Test func schedulesSetTheRateOfTheStep() throws {
        var rates: [Double] = []
        let trainer = try Sample.trainer()
        let listen = OnStep { progress, _ in rates.append(progress.learningRate) }
        let steps = LearningRate(perStep: RateFunction { 0.01 / Double($0 + 1) })
        try trainer.fit(Sample.data(16), epochs: 2, batchSize: 8, callbacks: [steps, listen])
        #expect(rates == (1...4).map { 0.01 / Double($0) })
        rates = []
        let epochs = LearningRate(perEpoch: RateFunction { 0.01 * Double($0 + 1) })
        let other = try Sample.trainer()
        try other.fit(Sample.data(16), epochs: 2, batchSize: 8, callbacks: [epochs, listen])
        #expect(rates == [0.01, 0.01, 0.02, 0.02])
    }

    @Test func thePlateauLowersTheRate() throws {
        let plateau = PlateauRate(.smallest("loss"), factor: 0.5, patience: 1)
        let control = try run([1, 2, 2, 2, 2], plateau)
        #expect(control.stop == nil)
        let again = PlateauRate(.smallest("loss"), factor: 0.5, patience: 1)
        try again.restore(try #require(try plateau.savedState()))
        #expect(try again.savedState() == plateau.savedState())
        let state: ReduceOnPlateau = try #require(try plateau.savedState()).value()
        #expect(state.rate == 0.01 / 4)
    }

    @Test func logsHoldEveryEpochOnce() throws {
        let folder = try Sample.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (csv, json) = (
            folder.appendingPathComponent("log.csv"), folder.appendingPathComponent("log.jsonl")
        )
        func logs() -> [any TrainingCallback] { [CSVLog(csv), JSONLinesLog(json, everySteps: 2)] }
        let place = folder.appendingPathComponent("c.martlet")
        let trainer = try Sample.trainer()
        let saving = OnEpochEnd { epoch, control in
            if epoch.number == 2 { control.save(to: place) }
        }
        try trainer.fit(
            Sample.data(), epochs: 3, batchSize: 16, callbacks: logs() + [saving])
        // Epochs come back from the checkpoint when a file was lost or cut off.
        try FileManager.default.removeItem(at: csv)
        let written = try String(contentsOf: json, encoding: .utf8).split(separator: "\n")
        try Data(written.dropLast(4).joined(separator: "\n").utf8).write(to: json)
        let resumed = try Sample.trainer()
        try resumed.resume(from: place)
        try resumed.fit(Sample.data(), epochs: 4, batchSize: 16, callbacks: logs())

        let rows = try String(contentsOf: csv, encoding: .utf8).split(separator: "\n")
        #expect(rows.count == 5)
        #expect(rows[0] == "epoch,loss,accuracy,learning_rate,seconds")
        #expect(rows.dropFirst().map { $0.prefix(2) } == ["1,", "2,", "3,", "4,"])
        let lines = try String(contentsOf: json, encoding: .utf8).split(separator: "\n")
        #expect(lines.filter { $0.contains("\"type\":\"epoch\"") }.count == 4)
        #expect(lines.filter { $0.contains("\"type\":\"step\"") }.count == 8)
        #expect(Set(lines).count == lines.count)
    }
}
