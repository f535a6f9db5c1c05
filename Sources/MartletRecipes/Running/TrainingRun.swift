import Foundation
import Martlet
import MartletData
import MartletFormats
import MartletReport

/// Trains by a recipe in a run folder: checkpoints, logs, model, plots and report.
public struct TrainingRun {
    /// How a run ended.
    public enum Ending {
        /// All epochs are done, or a callback stopped early.
        case finished(RunResult)
        /// A signal ended it; it can go on.
        case stopped(TrainingStop)
    }

    /// Where a run's results go.
    public enum Place {
        /// Into the first folder `<recipe>-N` below this one that is free, once the data is read.
        case new(below: URL)
        /// Into the folder of an earlier start, from whose newest checkpoint training goes on.
        case resumed(RunFolder)
    }

    /// What is trained.
    public var recipe: Recipe
    /// With what.
    public var settings: RunSettings
    /// Where results go.
    public var place: Place
    /// Where sets with names are looked for, and whether they may be fetched.
    public var fetching = FetchSettings()
    /// What computes, `nil` for `Engines.current()`.
    public var engine: (any Engine)?
    /// A checkpoint is also written after every so many steps; `nil` for epochs alone.
    public var checkpointSteps: Int?
    /// How progress is shown, `nil` for nothing.
    public var printer: ProgressPrinter?
    /// Told one line at a time what a user should know before training.
    public var tell: (String) -> Void = { _ in }

    /// Collects what every run needs; the rest are properties.
    public init(_ recipe: Recipe, settings: RunSettings, place: Place) {
        (self.recipe, self.settings, self.place) = (recipe, settings, place)
    }

    /// Trains, judges, and writes everything.
    ///
    /// What goes wrong before training leaves no folder behind.
    ///
    /// - Returns: How it ended, and the folder of the run.
    /// - Throws: what data, model, training and files throw; checkpoints stay.
    public func perform() throws -> (ending: Ending, folder: RunFolder) {
        if case .new(let root) = place { try RunFolder.check(root) }
        let shape = settings.recipe == Recipe.imagesName ? nil : recipe.inputShape
        let data = try RunData(settings, fetching, expected: shape)
        return try train(
            recipe.makeNetwork(classCount: data.train.classNames.count), with: data)
    }

    private func train(
        _ network: some Layer, with data: RunData
    ) throws -> (ending: Ending, folder: RunFolder) {
        let trainer = try Trainer(
            network, inputShape: data.train.imageShape, optimizer: settings.builtOptimizer,
            loss: recipe.loss, metrics: [recipe.metric],
            scaling: try settings.scaling(of: data.train), seed: settings.seed, engine: engine)
        if settings.averageDecay != nil { trainer.evaluationWeights = .average }
        let details = Engines.details(of: trainer.engine).map { "\($0.name) \($0.value)" }
        tell(
            "\(trainer.engine.name) on cpu"
                + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
                + ", seed \(settings.seed)")
        tell("train: \(data.train)")
        tell("test: \(data.test)")
        for note in data.notes { tell(note) }

        var lock: RunLock?
        if case .resumed(let folder) = place {
            lock = try RunLock(folder)
            try resume(trainer, from: folder)
        }
        let initial = InitialAccuracy(try initialAccuracy(trainer, data.test))
        // What fails before leaves no folder behind.
        let folder = try runFolder()
        let held = try lock ?? RunLock(folder)
        defer { withExtendedLifetime(held) {} }
        try folder.write(settings)
        let (batches, stepsBefore) = (settings.batches, trainer.totalSteps)
        let guarded = SignalGuard()
        let steps = batches.batchCount(of: data.train)
        try trainer.fit(
            data.train, validation: data.test, epochs: settings.epochs, batches: batches,
            callbacks: callbacks(folder, stepsPerEpoch: steps, samples: samples(of: data.train))
                + [initial, guarded])
        printer?.close()
        if let stop = trainer.stop, stop.signal != nil { return (.stopped(stop), folder) }
        // Judging and drawing can take long too, and then Control-C must not lose a word.
        let last = SignalGuard()
        var result = try self.result(trainer, data, initialAccuracy: initial.accuracy)
        if trainer.totalSteps == stepsBefore, let earlier = try? RunOutput.result(in: folder) {
            // Nothing was left to train, so the result still comes from the earlier start.
            (result.command, result.finished) = (earlier.command, earlier.finished)
        }
        if let stop = last.stop { return (.stopped(stop), folder) }
        try write(result, to: folder, trainer, data)
        withExtendedLifetime(last) {}
        return (.finished(result), folder)
    }

    /// A few pictures for TensorBoard.
    private func samples(of data: Dataset) -> [(tag: String, picture: Picture)] {
        let pictures = data.indices.prefix(20).compactMap { try? data.labelledPicture($0) }
        return pictures.isEmpty ? [] : [("samples", PictureGrid(pictures, columns: 10).picture)]
    }

    private func runFolder() throws -> RunFolder {
        switch place {
        case .new(let root): try RunFolder.new(settings.recipe, in: root)
        case .resumed(let folder): folder
        }
    }

    /// Brings the trainer to the newest checkpoint of a run.
    private func resume(_ trainer: Trainer<some Layer>, from folder: RunFolder) throws {
        guard let found = try trainer.resume(from: folder.checkpoints) else {
            tell("there is no checkpoint in \(folder.url.path), so training begins anew")
            return
        }
        for damaged in found.damaged { tell("passed over \(damaged)") }
        guard trainer.epochsDone <= settings.epochs else {
            throw DataError(
                .unsuitable, file: folder.url.path, place: "epochs",
                expected: "at least the \(trainer.epochsDone) that are done",
                found: "\(settings.epochs)",
                fix: "--epochs is the number in all, those that are done included")
        }
        tell("going on from \(found.url.path)")
    }

    /// The accuracy before the first step, in recipes whose text has it.
    private func initialAccuracy(_ trainer: Trainer<some Layer>, _ test: Dataset) throws -> Double?
    {
        guard recipe.style == .accuracy, trainer.totalSteps == 0 else { return nil }
        let accuracy = try trainer.evaluate(test).metrics["accuracy"]
        printer?.show(line: "initial accuracy: \(accuracy ?? .nan)")
        return accuracy
    }

    private func callbacks(
        _ folder: RunFolder, stepsPerEpoch: Int, samples: [(tag: String, picture: Picture)]
    ) -> [any TrainingCallback] {
        var list: [any TrainingCallback] = []
        if let rate = settings.rateCallback(stepsPerEpoch: stepsPerEpoch) { list.append(rate) }
        list.append(CSVLog(folder.metricsTable))
        list.append(JSONLinesLog(folder.metricsLog))
        list.append(
            TensorBoardLog(
                folder.events, histogramsEvery: max(1, settings.epochs / 10), pictures: samples))
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
        _ result: RunResult, to folder: RunFolder, _ trainer: Trainer<some Layer>, _ data: RunData
    ) throws {
        var facts = [
            "data": settings.data, "epochs": String(result.history.epochs.count),
            "seed": String(settings.seed),
            "test accuracy": NumberText.percent(result.testAccuracy),
        ]
        if settings.recipe == Recipe.imagesName {
            facts.merge(FolderTraining.facts(of: result)) { $1 }
        }
        try trainer.saveModel(
            to: folder.model, name: settings.recipe, trainedOn: data.train, ink: recipe.ink,
            preparation: data.preparation, facts: facts)
        let missing = try RunOutput(folder: folder, result: result, test: data.test).write()
        if let missing { tell("note: \(missing)") }
    }
}
