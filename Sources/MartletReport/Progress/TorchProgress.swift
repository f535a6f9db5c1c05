import Martlet

/// Progress in the form of PyTorch's MNIST example.
///
/// A line every 10 steps, beginning with the first: the examples before the step, their share of
/// the epoch, and the loss of the step's batch. After the epoch the test set's mean loss, the
/// number of right answers and their share.
public struct TorchProgress: ProgressRenderer {
    private let stepsPerLine: Int
    private var clock = ProgressClock()

    /// Makes the renderer.
    public init(settings: ProgressSettings) { stepsPerLine = max(1, settings.stepsPerLine ?? 10) }

    public mutating func text(
        for event: TrainingEvent, at seconds: Double
    ) -> [ProgressOutput] {
        clock.note(event, at: seconds)
        let plan = clock.plan
        switch event {
        case .fitStarted, .epochStarted, .fitEnded: return []
        case .stepEnded(let step):
            guard (step.step - 1) % stepsPerLine == 0 else { return [] }
            let before = (step.step - 1) * plan.batchSize
            let share = 100 * Double(before) / Double(max(1, plan.examples))
            return [
                .line(
                    "Train Epoch: \(step.epoch) [\(before)/\(plan.examples) "
                        + "(\(NumberText.fixed(share, 0))%)]\tLoss: "
                        + NumberText.fixed(step.batchLoss, 6))
            ]
        case .epochEnded(let epoch):
            guard let loss = epoch.validationLoss else { return [] }
            var text = "Test set: Average loss: \(NumberText.fixed(loss, 4))"
            if let accuracy = epoch.validationMetrics["accuracy"], accuracy.isFinite {
                let all = plan.validationExamples
                let right = Int((accuracy * Double(all)).rounded())
                let share = NumberText.fixed(100 * Double(right) / Double(max(1, all)), 0)
                text += ", Accuracy: \(right)/\(all) (\(share)%)"
            }
            return [.line(""), .line(text), .line("")]
        }
    }
}
