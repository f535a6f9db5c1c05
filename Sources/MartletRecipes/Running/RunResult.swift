import Foundation
import Martlet
import MartletData
import MartletReport

/// What a training run came to; `result.json` in its folder.
public struct RunResult: Codable, Sendable {
    /// A number of the text beside the run's.
    public struct Row: Codable, Sendable, Hashable {
        /// What was measured.
        public var name: String
        /// What the text says.
        public var reported: String
        /// What the run gave.
        public var ours: String
        /// What a reader should know about it.
        public var remark: String
    }

    /// What the run was told.
    public var settings: RunSettings
    /// The recipe's title.
    public var title: String
    /// The epochs.
    public var history: History
    /// The numbers of training and test pictures.
    public var examples: Int, testExamples: Int
    /// The loss and the accuracy on the test data at the end.
    public var testLoss: Double, testAccuracy: Double
    /// The number of test pictures that were recognised.
    public var correct: Int
    /// The accuracy before training.
    public var initialAccuracy: Double?
    /// The scores of each class.
    public var classes: [Assessment.ClassRow]
    /// The label and the prediction of every test picture.
    public var labels: [Int], predictions: [Int]
    /// The probability that the model gave its prediction, for every test picture.
    public var confidences: [Double]
    /// The number of values that training changes.
    public var parameterCount: Int
    /// Time in training steps, of all starts together.
    public var trainingSeconds: Double
    /// The engine with its library.
    public var engine: [String]
    /// The numbers of the text beside ours.
    public var rows: [Row]
    /// What a reader should know.
    public var notes: [String]
    /// The command line.
    public var command: [String]
    /// When training ended, in the form of ISO 8601.
    public var finished: String?

    /// Throws for lists that do not fit together, as in a file that was edited.
    ///
    /// - Throws: `DataError` that names the list.
    func check(file: String) throws(DataError) {
        try settings.check(file: file)
        func require(_ isGood: Bool, _ place: String, _ expected: String) throws(DataError) {
            guard !isGood else { return }
            throw DataError(
                .malformed, file: file, place: place, expected: expected, found: "other numbers")
        }
        let range = classes.indices
        try require(labels.allSatisfy(range.contains), "labels", "numbers of classes")
        try require(predictions.allSatisfy(range.contains), "predictions", "numbers of classes")
        try require(
            predictions.count == labels.count && confidences.count == labels.count,
            "predictions, confidences", "as many numbers as labels, \(labels.count)")
    }

    /// The lines for a terminal of so many columns.
    public func text(columns: Int) -> String {
        var lines = [
            "test accuracy  \(NumberText.percent(testAccuracy)) "
                + "(\(correct.grouped) of \(testExamples.grouped))",
            "test loss      \(NumberText.fixed(testLoss, 4))",
            "training       \(NumberText.words(seconds: trainingSeconds)) for "
                + "\(history.epochs.count.counted("epoch")), \(parameterCount.grouped) parameters",
        ]
        if !rows.isEmpty {
            let head = Row(name: "", reported: "text", ours: "here", remark: "")
            let widths = ([head] + rows).reduce((0, 0)) {
                (max($0.0, $1.name.count), max($0.1, $1.reported.count))
            }
            lines.append("")
            for row in [head] + rows {
                let remark = row.remark.isEmpty ? "" : "   (\(row.remark))"
                lines.append(
                    row.name.padding(toLength: widths.0 + 2, withPad: " ", startingAt: 0)
                        + row.reported.padding(toLength: widths.1 + 2, withPad: " ", startingAt: 0)
                        + row.ours + remark)
            }
        }
        let shown = notes.map { TerminalText.wrapped("note: \($0)", to: min(columns, 100)) }
        return (lines + shown).joined(separator: "\n")
    }
}
