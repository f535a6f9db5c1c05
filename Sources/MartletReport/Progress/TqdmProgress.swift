import Foundation
import Martlet

/// A bar over the epoch's examples in the form of tqdm, then the summed loss and `epoch= 0`.
///
/// The rate is the mean over the epoch. Epochs count from 0.
public struct TqdmProgress: ProgressRenderer {
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
        case .epochStarted: return []
        case .stepEnded(let step):
            guard settings.isLive, clock.isDue(at: seconds, after: settings.leastInterval) else {
                return []
            }
            return [.live(bar(step.examples, at: seconds))]
        case .epochEnded(let epoch):
            let sum = epoch.loss * Double(clock.plan.examples)
            return [
                .line(bar(clock.plan.examples, elapsed: epoch.seconds)),
                .line(NumberText.fixed(sum, 4)), .line("epoch= \(epoch.number - 1)"),
            ]
        }
    }

    private func bar(_ done: Int, at now: Double) -> String {
        bar(done, elapsed: clock.epochTime(at: now))
    }

    private func bar(_ done: Int, elapsed: Double) -> String {
        let total = max(1, clock.plan.examples)
        let new = done - min(done, clock.stepsBefore * clock.plan.batchSize)
        let rate = elapsed > 0 && new > 0 ? Double(new) / elapsed : nil
        let left = rate.map { Self.time(Double(total - done) / $0) } ?? "?"
        let share = min(1, Double(done) / Double(total))
        let percentage = NumberText.fixed(100 * share, 0)
        let head = String(repeating: " ", count: max(0, 3 - percentage.count)) + "\(percentage)%|"
        let tail = "| \(done)/\(total) [\(Self.time(elapsed))<\(left), \(Self.rate(rate))]"
        let columns = settings.isLive ? settings.columns.map { $0 - 1 } : nil
        let width = columns.map { max(1, $0 - head.count - tail.count) } ?? 10
        let line = head + blocks(share, width: width) + tail
        return columns.map { NumberText.clipped(line, to: max(1, $0)) } ?? line
    }

    private func blocks(_ share: Double, width: Int) -> String {
        let signs = Array(settings.usesUnicode ? " ▏▎▍▌▋▊▉█" : " 123456789#")
        let steps = signs.count - 1
        let parts = Int(share * Double(width * steps))
        let full = String(repeating: signs[steps], count: parts / steps)
        guard parts / steps < width else { return full }
        return full + String(signs[parts % steps])
            + String(repeating: " ", count: width - parts / steps - 1)
    }

    private static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        let whole = Int(max(0, seconds))
        let rest = String(format: "%02d:%02d", whole / 60 % 60, whole % 60)
        return whole >= 3600 ? "\(whole / 3600):\(rest)" : rest
    }

    private static func rate(_ rate: Double?) -> String {
        guard let rate else { return "?it/s" }
        return rate < 1
            ? String(format: "%5.2fs/it", 1 / rate) : String(format: "%5.2fit/s", rate)
    }
}
