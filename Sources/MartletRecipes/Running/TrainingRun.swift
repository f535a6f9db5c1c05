import Foundation
import Martlet
import MartletData
import MartletReport

/// Trains by a recipe in a run folder: checkpoints, logs, model, plots and report.
public struct TrainingRun {
    /// How a run ended.
    public enum Ending {
        /// All epochs are done, or a callback stopped early.
        case finished(RunResult)
        /// A signal or something else ended training; it can go on.
        case stopped(TrainingStop)
    }

    /// What is trained.
    public var recipe: Recipe
    /// With what.
    public var settings: RunSettings
    /// Where results go.
    public var folder: RunFolder
    /// Where sets with names are looked for first.
    public var dataFolder: URL?
    /// Whether to go on from the folder's newest checkpoint.
    public var resumes = false
    /// A checkpoint is also written after every so many steps; `nil` for epochs alone.
    public var checkpointSteps: Int?
    /// How progress is shown, `nil` for nothing.
    public var printer: ProgressPrinter?
    /// Told one line at a time what a user should know before training.
    public var tell: (String) -> Void = { _ in }

    /// Collects what every run needs; the rest are properties.
    public init(_ recipe: Recipe, settings: RunSettings, folder: RunFolder) {
        (self.recipe, self.settings, self.folder) = (recipe, settings, folder)
    }

    /// Trains, judges, and writes everything.
    ///
    /// - Throws: what data, model, training and files throw; checkpoints stay.
    public func perform() throws -> Ending {
        let shape = settings.recipe == Recipe.imagesName ? nil : recipe.inputShape
        let data = try RunData(settings, folder: dataFolder, expected: shape)
        return try train(
            recipe.makeNetwork(classCount: data.train.classNames.count), with: data)
    }

    private func train(_ network: some Layer, with data: RunData) throws -> Ending {
        let loss = recipe.loss
        let isRegression = loss.output == .values
        let trainer = try Trainer(
            network, inputShape: data.train.imageShape, optimizer: settings.builtOptimizer,
            loss: loss, metrics: [isRegression ? .wholeNumberAccuracy : .accuracy],
            scaling: try settings.scaling(of: data.train), seed: settings.seed)
        if settings.averageDecay != nil { trainer.evaluationWeights = .average }
        let details = Engines.details(of: trainer.engine).map { "\($0.name) \($0.value)" }
        tell(
            "\(trainer.engine.name) on cpu"
                + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
                + ", seed \(settings.seed)")
        tell("train: \(data.train)")
        tell("test: \(data.test)")
        for note in data.notes { tell(note) }

        if resumes, let found = try trainer.resume(from: folder.checkpoints) {
            for damaged in found.damaged { tell("passed over \(damaged)") }
            tell("going on from \(found.url.path)")
        }
        var initial: Double?
        if recipe.style == .accuracy, trainer.totalSteps == 0 {
            initial = try trainer.evaluate(data.test).metrics["accuracy"]
            printer?.show(line: "initial accuracy: \(initial ?? .nan)")
        }
        try folder.write(settings)
        let batches = settings.batches(channels: data.train.imageShape[0])
        let guarded = SignalGuard()
        try trainer.fit(
            data.train, validation: data.test, epochs: settings.epochs, batches: batches,
            callbacks: callbacks(
                stepsPerEpoch: BatchFeed(data.train, batches, epoch: 1).count) + [guarded])
        printer?.close()
        if let stop = trainer.stop, stop.signal != nil { return .stopped(stop) }
        let result = try self.result(trainer, data, initialAccuracy: initial)
        try write(result, trainer, data)
        return .finished(result)
    }

    private func callbacks(stepsPerEpoch: Int) -> [any TrainingCallback] {
        var list: [any TrainingCallback] = []
        if let rate = settings.rateCallback(stepsPerEpoch: stepsPerEpoch) { list.append(rate) }
        list.append(CSVLog(folder.metricsTable))
        list.append(JSONLinesLog(folder.metricsLog))
        list.append(
            ModelCheckpoint(
                folder.checkpoints, every: checkpointSteps.map { .steps($0) } ?? .epochs(1),
                keepingLast: 2, best: .smallest("val_loss")))
        if let patience = settings.patience {
            list.append(EarlyStopping(patience: patience, restoresBest: true))
        }
        if let printer { list.append(printer) }
        return list
    }

    private func result(
        _ trainer: Trainer<some Layer>, _ data: RunData, initialAccuracy: Double?
    ) throws -> RunResult {
        let judged = try trainer.evaluate(data.test)
        let predictions = try trainer.predict(data.test)
        let assessment = Assessment(predictions, of: data.test)
        let correct = assessment.choices.count { $0.label == $0.prediction }
        let history = trainer.history
        return RunResult(
            settings: settings, title: recipe.title, history: history,
            examples: data.train.count, testExamples: data.test.count, testLoss: judged.loss,
            testAccuracy: assessment.accuracy, correct: correct,
            initialAccuracy: initialAccuracy, classes: assessment.classes,
            labels: assessment.choices.map(\.label),
            predictions: assessment.choices.map(\.prediction),
            confidences: (0..<predictions.count).map { index in
                let all = predictions.probabilities(of: index)
                return all.count > 1 ? all.max() ?? 0 : 1
            },
            parameterCount: try trainer.summary.trainableCount,
            trainingSeconds: history.epochs.reduce(0) { $0 + $1.seconds },
            engine: [trainer.engine.name]
                + Engines.details(of: trainer.engine).map { "\($0.name) \($0.value)" },
            rows: recipe.reported.map { reported in
                let value = reported.quantity.value(in: history, examples: data.train.count)
                return RunResult.Row(
                    name: reported.quantity.title, reported: reported.text,
                    ours: value.map { reported.quantity.text($0) } ?? "not reached",
                    remark: reported.remark)
            },
            notes: recipe.notes + data.notes, command: CommandLine.arguments,
            finished: Date().formatted(.iso8601))
    }

    private func write(
        _ result: RunResult, _ trainer: Trainer<some Layer>, _ data: RunData
    ) throws {
        try trainer.saveModel(
            to: folder.model, name: settings.recipe, trainedOn: data.train, ink: recipe.ink,
            preparation: data.preparation,
            facts: [
                "data": settings.data, "epochs": String(result.history.epochs.count),
                "seed": String(settings.seed),
                "test accuracy": NumberForm.percent(result.testAccuracy),
            ])
        try RunOutput(folder: folder, result: result, test: data.test).write()
    }
}
