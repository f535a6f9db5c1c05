import Martlet

/// Martlet's own progress: a bar with rate, time left and running numbers, and a line an epoch.
public struct BarProgress: ProgressRenderer {
    private let settings: ProgressSettings
    private var clock = ProgressClock()

    /// Makes the renderer.
    public init(settings: ProgressSettings) { self.settings = settings }

    public mutating func text(
        for event: TrainingEvent, at seconds: Double
    ) -> [ProgressOutput] {
        clock.note(event, at: seconds)
        switch event {
        case .fitStarted, .epochStarted: return []
        case .stepEnded(let step):
            guard settings.isLive, clock.isDue(at: seconds, after: settings.leastInterval) else {
                return []
            }
            return [.live(live(step, at: seconds))]
        case .epochEnded(let epoch): return [.line(line(epoch))]
        case .fitEnded(let history):
            return history.epochs.isEmpty ? [] : [.line(summary(history, at: seconds))]
        }
    }

    private func head(_ number: Int) -> String {
        let total = String(clock.plan.epochs)
        let padding = String(repeating: " ", count: max(0, total.count - String(number).count))
        return "epoch \(padding)\(number)/\(total)"
    }

    private func live(_ step: StepProgress, at now: Double) -> String {
        let plan = clock.plan
        var line = ProgressPieces()
        line.add(head(step.epoch), rank: 1, tone: .heading)
        line.bar = (1, Double(step.step) / Double(max(1, plan.stepsPerEpoch)))
        let total = plan.stepsPerEpoch.grouped
        let done = step.step.grouped
        line.add(
            String(repeating: " ", count: max(0, total.count - done.count)) + "\(done)/\(total)",
            rank: 6)
        if let time = clock.steadyStepTime(at: now) {
            let rate = NumberText.rate(Double(plan.batchSize) / time)
            line.add("\(rate) images/s", rank: 7, tone: .soft)
            line.add(
                NumberText.clock(time * Double(clock.stepsLeft) + 0.5) + " left", rank: 4,
                tone: .soft)
            if clock.runStepsLeft > clock.stepsLeft {
                let all = NumberText.clock(time * Double(clock.runStepsLeft) + 0.5)
                line.add("\(all) in all", rank: 9, tone: .soft)
            }
        }
        for (index, entry) in step.running.entries.enumerated() {
            line.add(
                "\(entry.name) \(NumberText.metric(entry.name, entry.value))",
                rank: entry.name == "loss" ? 0 : index < 3 ? 5 : 8 + index,
                tone: entry.value.isFinite ? .plain : .warning)
        }
        return line.text(settings)
    }

    private func line(_ epoch: History.Epoch) -> String {
        let plan = clock.plan
        var line = ProgressPieces()
        line.add(head(epoch.number), rank: 1, tone: .heading)
        line.add(Self.padded(NumberText.duration(epoch.seconds), 5), rank: 6, tone: .soft)
        let steps = plan.stepsPerEpoch - clock.stepsBefore
        if epoch.seconds > 0, steps > 0 {
            let examples = Double(plan.examples) * Double(steps) / Double(plan.stepsPerEpoch)
            let rate = NumberText.rate(examples / epoch.seconds)
            line.add(Self.padded(rate, 6) + " images/s", rank: 8, tone: .soft)
        }
        let hasValidation = epoch.validationLoss != nil
        line.add(
            "loss \(NumberText.loss(epoch.loss))", rank: hasValidation ? 2 : 0,
            tone: epoch.loss.isFinite ? .plain : .warning)
        for (index, entry) in epoch.metrics.entries.enumerated() {
            line.add(
                "\(entry.name) \(NumberText.metric(entry.name, entry.value))",
                rank: hasValidation ? 7 + 2 * index : 3 + 2 * index)
        }
        if let loss = epoch.validationLoss {
            line.add(
                "validation loss \(NumberText.loss(loss))", rank: 3,
                tone: loss.isFinite ? .plain : .warning)
            for (index, entry) in epoch.validationMetrics.entries.enumerated() {
                line.add(
                    "\(entry.name) \(NumberText.metric(entry.name, entry.value))",
                    rank: index == 0 ? 0 : 6 + 2 * index)
            }
        }
        return line.text(settings)
    }

    private func summary(_ history: History, at now: Double) -> String {
        let time = "trained for \(NumberText.duration(clock.runTime(at: now)))"
        let best = history.best
        guard let best, history.epochs.count > 1 else { return time }
        let text = "\(time), best \(best.name) \(best.text) after epoch \(best.epoch)"
        let room = settings.columns.map { $0 - 1 } ?? .max
        return NumberText.columns(of: text) <= room ? text : time
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension History {
    /// The best epoch by validation accuracy, or else by validation loss, or else by loss.
    package var best: (name: String, text: String, epoch: Int)? {
        func finite(_ value: (Epoch) -> Double?) -> [(value: Double, epoch: Int)] {
            epochs.compactMap { epoch in
                value(epoch).flatMap { $0.isFinite ? ($0, epoch.number) : nil }
            }
        }
        let names = epochs.last?.validationMetrics.entries.map(\.name) ?? []
        if let name = names.first(where: { $0.lowercased().contains("accuracy") }),
            let best = finite({ $0.validationMetrics[name] }).max(by: { $0.value < $1.value })
        {
            return ("validation \(name)", NumberText.metric(name, best.value), best.epoch)
        }
        if let best = finite({ $0.validationLoss }).min(by: { $0.value < $1.value }) {
            return ("validation loss", NumberText.loss(best.value), best.epoch)
        }
        return finite({ $0.loss }).min { $0.value < $1.value }
            .map { ("loss", NumberText.loss($0.value), $0.epoch) }
    }
}
