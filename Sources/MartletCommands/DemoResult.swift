import Foundation
import Martlet
import MartletData
import MartletRecipes
import MartletReport

/// What the demo shows at the end, on the terminal and as a page.
struct DemoResult {
    let test: Dataset
    let history: History
    let settings: RunSettings
    let predictions: Predictions
    let stepCount: Int
    let parameterCount: Int

    /// Time spent in training steps, without the measurements between epochs.
    private var seconds: Double { history.epochs.reduce(0) { $0 + $1.seconds } }

    /// The lines for a terminal of so many columns.
    func text(columns: Int) throws -> String {
        let confusion = confusion
        let shown = right.prefix(4) + wrong.prefix(4)
        let accuracy = NumberText.percent(confusion.accuracy)
        return """
            test accuracy  \(accuracy) (\(confusion.correct) of \(confusion.total))
            training       \(secondsText) for \(history.epochs.count.counted("epoch")), \(stepText) a step
            parameters     \(parameterCount)

            \(confusion.text)

            \(TerminalPicture.grid(try shown.map(picture), columns: columns))

            """
    }

    /// The page.
    func report(engine: String) throws -> TrainingReport {
        let count = history.epochs.count
        let passes = count == 1 ? "one pass" : "\(count) passes"
        var report = TrainingReport(
            title: "Handwritten digits",
            summary: "A small convolutional network after \(passes) over "
                + "1,437 handwritten digits of 8×8 pixels, judged by 360 digits that it has never "
                + "seen.",
            facts: [
                ("test accuracy", NumberText.percent(confusion.accuracy)),
                ("recognised", "\(confusion.correct) / \(confusion.total)"),
                ("training time", secondsText), ("per step", stepText),
                ("parameters", parameterCount.grouped),
            ],
            history: history, confusion: confusion,
            samples: try test.indices.prefix(24).map(sample))
        report.mistakes = try wrong.sorted { confidence($0) > confidence($1) }.prefix(24)
            .map(sample)
        report.settings = [
            ("optimizer", "Adam"), ("learning rate", "\(settings.learningRate)"),
            ("batch size", "\(settings.batchSize)"), ("epochs", "\(history.epochs.count)"),
            ("loss", "cross-entropy"),
        ]
        report.environment = TrainingReport.environment(engine: engine, seed: "\(settings.seed)")
        report.notes = [
            "Training loss and accuracy are means over the steps of each epoch, with dropout at work."
        ]
        return report
    }

    private var confusion: ConfusionMatrix {
        ConfusionMatrix(
            classNames: test.classNames, labels: test.labels.map { Int($0) },
            predictions: predictions.choices)
    }

    private func isRight(_ index: Int) -> Bool {
        predictions.choice(of: index) == Int(test.labels[index])
    }

    private var right: [Int] { test.indices.filter { isRight($0) } }
    private var wrong: [Int] { test.indices.filter { !isRight($0) } }

    /// The probability of the choice, 0 … 1.
    private func confidence(_ index: Int) -> Double {
        predictions.probabilities(of: index)[predictions.choice(of: index)]
    }

    private var secondsText: String { String(format: "%.2f s", seconds) }

    private var stepText: String {
        String(format: "%.2f ms", seconds * 1000 / Double(max(1, stepCount)))
    }

    private func picture(_ index: Int) throws -> (picture: TerminalPicture, caption: String) {
        let name = test.classNames[predictions.choice(of: index)]
        let choice = "\(name) \(NumberText.percent(confidence(index), 1))"
        return (
            TerminalPicture(
                pixels: try test.image(index), width: test.imageShape[2],
                height: test.imageShape[1], brightest: test.brightest),
            isRight(index) ? choice : "\(choice) ✗ \(test.classNames[Int(test.labels[index])])"
        )
    }

    private func sample(_ index: Int) throws -> TrainingReport.Sample {
        TrainingReport.Sample(
            pixels: try test.image(index), imageShape: test.imageShape, brightest: test.brightest,
            label: test.classNames[Int(test.labels[index])],
            prediction: test.classNames[predictions.choice(of: index)],
            confidence: confidence(index))
    }

    /// What `--json` prints.
    struct Record: Encodable {
        var accuracy: Double
        var correct: Int
        var count: Int
        var trainingSeconds: Double
        var parameterCount: Int
        var settings: RunSettings
        var epochs: [History.Epoch]
        var model: String
        var report: String
    }

    /// The result as a record.
    func record(model: String, report: String) -> Record {
        Record(
            accuracy: confusion.accuracy, correct: confusion.correct, count: confusion.total,
            trainingSeconds: seconds, parameterCount: parameterCount, settings: settings,
            epochs: history.epochs, model: model, report: report)
    }
}
