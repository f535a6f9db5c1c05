import Foundation
import MartletData
import MartletGraph

/// One call of `fit`.
struct FitRun<Net: Layer> {
    private let trainer: Trainer<Net>
    private let data: Dataset
    private let validation: Dataset?
    private let batches: BatchOptions
    private let loader: BatchLoader
    private let control: TrainingControl
    /// The number of steps in an epoch.
    private let stepCount: Int
    private let stepListeners: [any TrainingCallback]
    // Made once: a step that reports allocates nothing.
    private let readBatchLoss: () -> Double
    private let readRunning: () -> NamedValues

    init(
        _ trainer: Trainer<Net>, _ data: Dataset, _ validation: Dataset?, _ batches: BatchOptions
    ) {
        (self.trainer, self.data, self.validation) = (trainer, data, validation)
        self.batches = batches
        loader = BatchLoader(data, batches)
        stepCount = batches.batchCount(of: data)
        control = TrainingControl(trainer)
        stepListeners = trainer.callbacks.filter(\.wantsSteps)
        readBatchLoss = { trainer.batchLoss }
        readRunning = { (try? trainer.runningValues()) ?? [:] }
    }

    /// Trains up to and with epoch `last`.
    mutating func perform(to last: Int) throws {
        try tell(.fitStarted(plan(to: last)))
        try preparePlans()
        while trainer.position.epochs < last, control.stop == nil {
            try runEpoch()
        }
        if trainer.position.epochs >= last { control.dropSignal() }
        try tell(.fitEnded(trainer.history))
        trainer.stop = control.stop
    }

    private func plan(to last: Int) -> FitPlan {
        FitPlan(
            epochs: last, firstEpoch: trainer.position.epoch,
            stepsPerEpoch: stepCount, examples: batches.exampleCount(of: data),
            batchSize: batches.size,
            validationExamples: validation?.count ?? 0,
            metricNames: trainer.metrics.map(\.name))
    }

    /// Compiles in one order, whichever batch comes first, so that a resumed run has the same plans.
    private func preparePlans() throws {
        for first in [0, stepCount - 1] {
            let feed = BatchFeed(
                data, batches.withoutWorkers, epoch: trainer.position.epoch, startingAt: first)
            trainer.latest = nil
            if let batch = try feed.next() { _ = try trainer.plan(for: batch) }
        }
        trainer.latest = nil
    }

    // MARK: Epochs

    private func runEpoch() throws {
        let number = trainer.position.epoch
        if trainer.position.batch == 0 {
            trainer.position.startEpoch()
            try trainer.resetSums()
        }
        try trainer.markRewindPoint()
        try tell(.epochStarted(number: number))
        if control.stop == nil { try runSteps() }
        guard control.stop == nil || trainer.position.batch == stepCount else { return }
        try trainer.requireFinite()
        // The last step may have ruined weights that no loss has shown yet.
        try trainer.requireFinite(trainer.allValues())
        let epoch = try finishedEpoch()
        trainer.history.epochs.append(epoch)
        trainer.position.endEpoch()
        try tell(.epochEnded(epoch))
    }

    private func runSteps() throws {
        let feed = loader.feed(
            epoch: trainer.position.epoch, startingAt: trainer.position.batch)
        let clock = ContinuousClock()
        let before = trainer.position.seconds
        let start = clock.now
        trainer.latest = nil
        while control.stop == nil, let batch = try feed.next() {
            let rate = trainer.learningRate
            try trainer.step(batch)
            trainer.rewind.note(rate: rate, momentum: trainer.momentum)
            if trainer.position.batch % FiniteCheck.interval == 0 {
                trainer.position.seconds = before + (clock.now - start) / .seconds(1)
                try trainer.requireFinite()
            }
            if !stepListeners.isEmpty { try tellOfStep(rate) }
        }
        trainer.position.seconds = before + (clock.now - start) / .seconds(1)
    }

    private func finishedEpoch() throws -> History.Epoch {
        let position = trainer.position
        var values = try trainer.runningValues()
        let loss = values["loss"] ?? .nan
        values["loss"] = nil
        var epoch = History.Epoch(
            number: position.epoch, loss: loss, metrics: values, learningRate: position.lastRate,
            seconds: position.seconds)
        if let validation {
            let judged = try trainer.evaluate(validation)
            (epoch.validationLoss, epoch.validationMetrics) = (judged.loss, judged.metrics)
        }
        return epoch
    }

    // MARK: Events

    private func tell(_ event: TrainingEvent) throws {
        for callback in trainer.callbacks { try callback.handle(event, control) }
        try control.performSaves()
    }

    private func tellOfStep(_ rate: Double) throws {
        let position = trainer.position
        let event = TrainingEvent.stepEnded(
            StepProgress(
                epoch: position.epoch, step: position.batch, totalSteps: position.totalSteps,
                examples: position.examples, learningRate: rate, batchLoss: readBatchLoss,
                running: readRunning))
        for callback in stepListeners { try callback.handle(event, control) }
        try control.performSaves()
    }
}
