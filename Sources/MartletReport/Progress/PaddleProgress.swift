import Martlet

/// Progress in the form of PaddlePaddle's course: `epoch: 0, batch: 200, loss is: 9.123456`.
///
/// Epochs and batches count from 0. A line every 200 batches, never for batch 0; the loss is that
/// of the batch, in single precision as Python shows it.
public struct PaddleProgress: ProgressRenderer {
    private let stepsPerLine: Int

    /// Makes the renderer.
    public init(settings: ProgressSettings) { stepsPerLine = max(1, settings.stepsPerLine ?? 200) }

    public mutating func text(
        for event: TrainingEvent, at seconds: Double
    ) -> [ProgressOutput] {
        guard case .stepEnded(let step) = event else { return [] }
        let batch = step.step - 1
        guard batch > 0, batch % stepsPerLine == 0 else { return [] }
        return [
            .line("epoch: \(step.epoch - 1), batch: \(batch), loss is: \(Float(step.batchLoss))")
        ]
    }
}

/// Only the accuracy after each epoch: `epoch 0 accuracy: 0.9552`, counted from 0.
///
/// The accuracy is that on the validation data, or on the training data where there is none.
public struct AccuracyProgress: ProgressRenderer {
    /// Makes the renderer.
    public init() {}

    /// False.
    public var wantsSteps: Bool { false }

    /// The line for the accuracy before training.
    public static func initialLine(_ accuracy: Double) -> String { "initial accuracy: \(accuracy)" }

    public mutating func text(
        for event: TrainingEvent, at seconds: Double
    ) -> [ProgressOutput] {
        guard case .epochEnded(let epoch) = event,
            let accuracy = epoch.validationMetrics["accuracy"] ?? epoch.metrics["accuracy"]
        else { return [] }
        return [.line("epoch \(epoch.number - 1) accuracy: \(accuracy)")]
    }
}
