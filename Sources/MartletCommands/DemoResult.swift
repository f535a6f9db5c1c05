import Foundation
import Martlet
import MartletData
import MartletReport

/// What the demo shows at the end, on the terminal and as a page.
struct DemoResult {
    /// What the network made of one digit.
    struct Prediction {
        var label: Int
        var choice: Int
        /// The probability of the choice, 0 … 1.
        var confidence: Double
        var isRight: Bool { label == choice }
    }

    let test: Dataset
    /// The pixels of each test digit.
    let pixels: [[UInt8]]
    let history: History
    let batchSize: Int
    let seed: UInt64
    let predictions: [Prediction]
    /// Time spent in training steps, without the measurements between epochs.
    let seconds: Double
    let stepCount: Int
    let parameterCount: Int

    /// The lines for the terminal.
    var text: String {
        let confusion = confusion
        let right = predictions.indices.filter { predictions[$0].isRight }
        let wrong = predictions.indices.filter { !predictions[$0].isRight }
        let shown = right.prefix(4) + wrong.prefix(4)
        return """
            test accuracy  \(percent(confusion.accuracy)) (\(confusion.correct) of \
            \(confusion.total))
            training       \(secondsText) for \(history.epochs.count) epochs, \(stepText) a step
            parameters     \(parameterCount)

            \(confusion.text)

            \(TerminalPicture.grid(shown.map(picture)))

            """
    }

    /// The page.
    func report(engine: String) -> TrainingReport {
        let wrong = predictions.indices.filter { !predictions[$0].isRight }
        let right = predictions.indices.filter { predictions[$0].isRight }
        var report = TrainingReport(
            title: "Handwritten digits",
            summary: "A small convolutional network after \(history.epochs.count) passes over "
                + "1,437 handwritten digits of 8×8 pixels, judged by 360 digits that it has never "
                + "seen.",
            facts: [
                ("test accuracy", percent(confusion.accuracy)),
                ("recognised", "\(confusion.correct) / \(confusion.total)"),
                ("training time", secondsText), ("per step", stepText),
                ("parameters", parameterCount.formatted(.number.locale(Locale(identifier: "en")))),
            ],
            history: history, confusion: confusion,
            samples: (wrong.prefix(24) + right.prefix(24)).map(sample))
        report.settings = [
            ("optimizer", "Adam"), ("learning rate", "\(DigitsDemo.learningRate)"),
            ("batch size", "\(batchSize)"), ("epochs", "\(history.epochs.count)"),
            ("loss", "cross-entropy"),
        ]
        report.environment = TrainingReport.environment(engine: engine, seed: "\(seed)")
        report.notes = [
            "Training loss and accuracy were measured after each epoch, with dropout switched off."
        ]
        return report
    }

    private var confusion: ConfusionMatrix {
        ConfusionMatrix(
            classNames: test.classNames, labels: predictions.map(\.label),
            predictions: predictions.map(\.choice))
    }

    private var secondsText: String { String(format: "%.2f s", seconds) }

    private var stepText: String {
        String(format: "%.2f ms", seconds * 1000 / Double(max(1, stepCount)))
    }

    private func picture(_ index: Int) -> (picture: TerminalPicture, caption: String) {
        let prediction = predictions[index]
        let choice = "\(test.classNames[prediction.choice]) \(percent(prediction.confidence))"
        return (
            TerminalPicture(
                pixels: pixels[index], width: test.imageShape[2],
                height: test.imageShape[1], brightest: test.brightest),
            prediction.isRight ? choice : "\(choice) ✗ \(test.classNames[prediction.label])"
        )
    }

    private func sample(_ index: Int) -> TrainingReport.Sample {
        let prediction = predictions[index]
        return TrainingReport.Sample(
            pixels: pixels[index], imageShape: test.imageShape, brightest: test.brightest,
            label: test.classNames[prediction.label],
            prediction: test.classNames[prediction.choice], confidence: prediction.confidence)
    }
}
