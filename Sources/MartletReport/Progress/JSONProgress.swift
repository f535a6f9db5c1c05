import Foundation
import Martlet

/// One JSON object a line for each event.
///
/// The key `event` is `fit_started`, `epoch_started`, `step`, `epoch` or `fit_ended`; `time` is in
/// seconds since the first event. Steps are written at most ten times a second, or every
/// `stepsPerLine` steps. Numbers that JSON cannot hold are the texts `nan`, `inf` and `-inf`.
public struct JSONProgress: ProgressRenderer {
    private let settings: ProgressSettings
    private var clock = ProgressClock()

    /// Makes the renderer.
    public init(settings: ProgressSettings) { self.settings = settings }

    public mutating func text(
        for event: TrainingEvent, at seconds: Double
    ) -> [ProgressOutput] {
        clock.note(event, at: seconds)
        let time = (clock.runTime(at: seconds) * 1000).rounded() / 1000
        switch event {
        case .fitStarted(let plan):
            let names = plan.metricNames.map(JSONText.string).joined(separator: ",")
            return line(
                "fit_started", time,
                [
                    ("epochs", String(plan.epochs)), ("first_epoch", String(plan.firstEpoch)),
                    ("steps_per_epoch", String(plan.stepsPerEpoch)),
                    ("examples", String(plan.examples)), ("batch_size", String(plan.batchSize)),
                    ("validation_examples", String(plan.validationExamples)),
                    ("metrics", "[\(names)]"),
                ])
        case .epochStarted(let number):
            return line("epoch_started", time, [("epoch", String(number))])
        case .stepEnded(let step):
            let isDue =
                settings.stepsPerLine.map { step.step % max(1, $0) == 0 }
                ?? clock.isDue(at: seconds, after: settings.leastInterval)
            guard isDue else { return [] }
            return line(
                "step", time,
                [
                    ("epoch", String(step.epoch)), ("step", String(step.step)),
                    ("total_steps", String(step.totalSteps)), ("examples", String(step.examples)),
                    ("learning_rate", JSONText.number(step.learningRate)),
                    ("batch_loss", JSONText.number(step.batchLoss)),
                ] + step.running.entries.map { ($0.name, JSONText.number($0.value)) })
        case .epochEnded(let epoch): return line("epoch", time, Self.fields(epoch))
        case .fitEnded(let history):
            return line("fit_ended", time, [("epochs", String(history.epochs.count))])
        }
    }

    private static func fields(_ epoch: History.Epoch) -> [(String, String)] {
        var fields = [("epoch", String(epoch.number)), ("loss", JSONText.number(epoch.loss))]
        fields += epoch.metrics.entries.map { ($0.name, JSONText.number($0.value)) }
        if let loss = epoch.validationLoss { fields.append(("val_loss", JSONText.number(loss))) }
        fields += epoch.validationMetrics.entries.map {
            ("val_\($0.name)", JSONText.number($0.value))
        }
        return fields + [
            ("learning_rate", JSONText.number(epoch.learningRate)),
            ("seconds", JSONText.number(epoch.seconds)),
        ]
    }

    private func line(
        _ event: String, _ time: Double, _ fields: [(String, String)]
    ) -> [ProgressOutput] {
        let all = [("event", JSONText.string(event)), ("time", JSONText.number(time))] + fields
        let pairs = all.map { "\(JSONText.string($0.0)):\($0.1)" }
        return [.line("{" + pairs.joined(separator: ",") + "}")]
    }
}

/// Values as JSON writes them.
enum JSONText {
    static func number(_ value: Double) -> String {
        if value.isNaN { return "\"nan\"" }
        return value.isInfinite ? (value < 0 ? "\"-inf\"" : "\"inf\"") : "\(value)"
    }

    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<" ": result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
