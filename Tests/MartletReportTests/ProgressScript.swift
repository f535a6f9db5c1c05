import Martlet
import MartletReport

/// A scripted run of training with times, for the styles of progress.
struct ProgressScript {
    var plan = FitPlan(
        epochs: 10, stepsPerEpoch: 1875, examples: 60_000, batchSize: 32,
        validationExamples: 10_000, metricNames: ["accuracy"])
    var moments: [(event: TrainingEvent, seconds: Double)] = []

    /// The text of a renderer for the whole script.
    func text(_ renderer: any ProgressRenderer) -> [ProgressOutput] {
        var renderer = renderer
        return moments.flatMap { renderer.text(for: $0.event, at: $0.seconds) }
    }

    mutating func add(_ event: TrainingEvent, at seconds: Double) {
        moments.append((event, seconds))
    }

    mutating func step(
        _ step: Int, epoch: Int = 1, loss: Double, accuracy: Double? = 0.5, at seconds: Double
    ) {
        var running: NamedValues = ["loss": loss]
        running["accuracy"] = accuracy
        add(
            .stepEnded(
                StepProgress(
                    epoch: epoch, step: step, totalSteps: (epoch - 1) * plan.stepsPerEpoch + step,
                    examples: min(step * plan.batchSize, plan.examples), learningRate: 0.001,
                    batchLoss: { loss }, running: { running })), at: seconds)
    }

    /// The first epoch of the Keras text: 17 seconds, with validation.
    static func keras(epochSeconds: Double = 17, loss: Double = 0.1390) -> ProgressScript {
        var script = ProgressScript()
        script.add(.fitStarted(script.plan), at: 100)
        script.add(.epochStarted(number: 1), at: 100)
        script.step(1, loss: 2.3026, accuracy: 0.0938, at: 100.02)
        script.step(2, loss: 2.1, accuracy: 0.125, at: 100.03)
        script.step(938, loss: 0.2468, accuracy: 0.925, at: 100 + epochSeconds / 2)
        script.step(1875, loss: loss, accuracy: 0.9569, at: 100 + epochSeconds)
        let epoch = History.Epoch(
            number: 1, loss: loss, metrics: ["accuracy": 0.9569], validationLoss: 0.0479,
            validationMetrics: ["accuracy": 0.9837], learningRate: 0.001, seconds: epochSeconds)
        script.add(.epochEnded(epoch), at: 100 + epochSeconds)
        return script
    }

    /// The second epoch of two goes on after step 1000 of 1875, without validation.
    static func resumed() -> ProgressScript {
        var script = ProgressScript()
        script.plan.epochs = 2
        script.plan.firstEpoch = 2
        script.plan.validationExamples = 0
        script.add(.fitStarted(script.plan), at: 0)
        script.add(.epochStarted(number: 2), at: 0)
        script.step(1001, epoch: 2, loss: 0.05, accuracy: 0.98, at: 0.5)
        script.step(1101, epoch: 2, loss: 0.05, accuracy: 0.98, at: 1.5)
        let epoch = History.Epoch(
            number: 2, loss: 0.045, metrics: ["accuracy": 0.981], learningRate: 0.001, seconds: 8.75
        )
        script.add(.epochEnded(epoch), at: 8.75)
        script.add(.fitEnded(History(epochs: [epoch])), at: 8.75)
        return script
    }
}
