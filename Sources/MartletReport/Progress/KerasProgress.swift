import Foundation
import Martlet

/// Progress in the form of Keras in TensorFlow 2: a bar of 30, times, running and final numbers.
///
/// - Same as: `Model.fit(verbose=1)` of TensorFlow 2.3. The last line of an epoch is complete
///   whatever the terminal's width; live lines are shortened to it.
public struct KerasProgress: ProgressRenderer {
    private let settings: ProgressSettings
    private var clock = ProgressClock()

    /// Makes the renderer.
    public init(settings: ProgressSettings) { self.settings = settings }

    public mutating func text(
        for event: TrainingEvent, at seconds: Double
    ) -> [ProgressOutput] {
        clock.note(event, at: seconds)
        switch event {
        case .fitStarted, .fitEnded: return []
        case .epochStarted(let number): return [.line("Epoch \(number)/\(clock.plan.epochs)")]
        case .stepEnded(let step):
            guard settings.isLive, step.step < clock.plan.stepsPerEpoch,
                clock.isDue(at: seconds, after: settings.leastInterval)
            else { return [] }
            return [.live(live(step, at: seconds))]
        case .epochEnded(let epoch): return [.line(final(epoch, at: seconds))]
        }
    }

    private func live(_ step: StepProgress, at now: Double) -> String {
        let left = (clock.stepTime(at: now) ?? 0) * Double(clock.stepsLeft)
        let numbers = [" - ETA: \(Self.timeLeft(left))"] + Self.texts(step.running.entries)
        guard let columns = settings.columns else {
            return bar(step.step, width: 30) + numbers.joined()
        }
        // Numbers go first from the end, then the bar gets shorter; the loss goes last.
        for count in stride(from: numbers.count, through: 0, by: -1) {
            let tail = numbers.prefix(count).joined()
            for width in count > 2 ? [30] : [30, 20, 10, 5] {
                let line = bar(step.step, width: width) + tail
                if NumberText.columns(of: line) < columns { return line }
            }
        }
        return NumberText.clipped(bar(step.step, width: 5), to: max(1, columns - 1))
    }

    private func final(_ epoch: History.Epoch, at now: Double) -> String {
        let time = clock.epochTime(at: now)
        let steps = max(1, clock.plan.stepsPerEpoch - clock.stepsBefore)
        var entries = [NamedValues.Entry("loss", epoch.loss)] + epoch.metrics.entries
        if let loss = epoch.validationLoss {
            entries.append(NamedValues.Entry("val_loss", loss))
            entries += epoch.validationMetrics.entries.map {
                NamedValues.Entry("val_\($0.name)", $0.value)
            }
        }
        return bar(clock.plan.stepsPerEpoch, width: 30) + " - \(NumberText.fixed(time, 0))s "
            + Self.stepTime(time / Double(steps)) + Self.texts(entries).joined()
    }

    private func bar(_ step: Int, width: Int) -> String {
        let total = clock.plan.stepsPerEpoch
        let digits = String(total).count
        let number = String(step)
        let full = min(width, width * step / max(1, total))
        let head =
            full == 0
            ? "" : String(repeating: "=", count: full - 1) + (step < total ? ">" : "=")
        return String(repeating: " ", count: max(0, digits - number.count)) + "\(number)/\(total) ["
            + head + String(repeating: ".", count: width - full) + "]"
    }

    private static func texts(_ entries: [NamedValues.Entry]) -> [String] {
        entries.map { entry in
            let isSmall = abs(entry.value) <= 0.001
            return " - \(entry.name): "
                + (isSmall
                    ? String(format: "%.4e", entry.value) : NumberText.fixed(entry.value, 4))
        }
    }

    private static func timeLeft(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e9))
        if seconds > 3600 {
            return "\(whole / 3600):" + String(format: "%02d:%02d", whole / 60 % 60, whole % 60)
        }
        return seconds > 60 ? "\(whole / 60):" + String(format: "%02d", whole % 60) : "\(whole)s"
    }

    private static func stepTime(_ seconds: Double) -> String {
        if seconds >= 1 || seconds == 0 { return "\(NumberText.fixed(seconds, 0))s/step" }
        return seconds >= 0.001
            ? "\(NumberText.fixed(seconds * 1e3, 0))ms/step"
            : "\(NumberText.fixed(seconds * 1e6, 0))us/step"
    }
}
