import Foundation
import Martlet
import MartletData
import MartletReport

/// What came of judging a model, as text, as a record and as a picture.
struct EvaluationReport {
    private let data: Dataset
    private let part: JudgingData.Part
    private let notes: [String]
    private let assessment: Assessment
    private let model: String
    private let leftOut: [UnreadablePicture]
    /// The mean cross-entropy; `nil` for a model whose results are no probabilities.
    private let loss: Double?

    /// Predicts every picture and compares.
    init(
        _ classifier: Classifier, _ judging: JudgingData, worst: Int, model: String
    ) throws {
        let data = judging.data
        guard data.classNames == classifier.classNames else {
            throw ModelError(
                function: "evaluate", operation: data.name,
                expected: "the classes \(Self.few(classifier.classNames))",
                received: Self.few(data.classNames))
        }
        let predictions = try classifier.predict(data)
        (self.data, self.model, leftOut) = (data, model, judging.leftOut)
        (part, notes) = (judging.part, judging.notes)
        assessment = Assessment(predictions, of: data, mistakes: worst)
        loss = Self.crossEntropy(predictions, data)
    }

    private static func few(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", … (\(names.count))" : "")
    }

    private static func crossEntropy(_ predictions: Predictions, _ data: Dataset) -> Double? {
        guard predictions.meaning != .values else { return nil }
        var sum = 0.0
        for index in data.indices {
            let label = Int(data.labels[index])
            switch predictions.meaning {
            case .logits:
                let scores = predictions.scores(of: index).map { Double($0) }
                let largest = scores.max() ?? 0
                sum += largest - scores[label] + log(scores.reduce(0) { $0 + exp($1 - largest) })
            case .logProbabilities: sum -= Double(predictions.scores(of: index)[label])
            default:
                // The least positive float keeps a sure mistake finite.
                sum -= log(max(predictions.probabilities(of: index)[label], 1e-38))
            }
        }
        return sum / Double(data.count)
    }

    // MARK: Text

    /// The report for a terminal.
    func text(columns: Int) -> String {
        let right = assessment.choices.filter { $0.label == $0.prediction }.count
        var parts = [
            "data       \(data.description)",
            "part       \(part.rawValue)",
        ]
        parts += notes.map { "note       \($0)" }
        parts.append(
            "accuracy   \(NumberText.percent(assessment.accuracy)) "
                + "(\(right) of \(assessment.count))")
        if let loss { parts.append("loss       " + String(format: "%.4f", loss)) }
        parts += ["", classTable, "", confusion(columns)]
        if !assessment.mistakes.isEmpty { parts += ["", mistakeTable] }
        return parts.joined(separator: "\n")
    }

    private var classTable: String {
        var table = TextTable(["class", "precision", "recall", "f1", "pictures"])
        for row in assessment.classes {
            table.add(
                [row.name] + [row.precision, row.recall, row.f1].map { NumberText.percent($0) }
                    + [String(row.support)])
        }
        return table.text
    }

    /// The matrix where it fits, otherwise the most frequent confusions.
    private func confusion(_ columns: Int) -> String {
        let matrix = ConfusionMatrix(
            classNames: data.classNames, labels: assessment.choices.map(\.label),
            predictions: assessment.choices.map(\.prediction))
        let text = matrix.text
        let width = text.split(separator: "\n").map(\.count).max() ?? 0
        if width <= columns { return text }
        let names = data.classNames
        let wrong = names.indices.flatMap { label in
            names.indices.filter { $0 != label }.map { choice in
                (label, choice, assessment.matrix[label, choice])
            }
        }
        var table = TextTable(["class", "taken for", "times"])
        for (label, choice, count) in wrong.filter({ $0.2 > 0 }).sorted(by: { $0.2 > $1.2 })
            .prefix(20)
        {
            table.add([names[label], names[choice], String(count)])
        }
        return table.text
    }

    private var mistakeTable: String {
        var table = TextTable(["picture", "class", "taken for", "sure", "class's share"])
        for mistake in assessment.mistakes {
            table.add([
                mistake.origin, data.classNames[mistake.label],
                data.classNames[mistake.prediction], NumberText.percent(mistake.probability),
                NumberText.percent(mistake.labelProbability),
            ])
        }
        return table.text
    }

    // MARK: Other forms

    /// What `--json` prints.
    struct Record: Encodable {
        var model: String
        var data: String
        /// Which part of the data judged.
        var part: JudgingData.Part
        /// What a reader should know about that.
        var notes: [String]
        var count: Int
        var accuracy: Double
        var loss: Double?
        var classes: [Assessment.ClassRow]
        var confusion: [[Int]]
        var mistakes: [Assessment.Mistake]
        var leftOut: [UnreadablePicture]
    }

    /// The report as a record.
    var record: Record {
        let classes = data.classNames.indices
        return Record(
            model: model, data: data.name, part: part, notes: notes, count: assessment.count,
            accuracy: assessment.accuracy, loss: loss, classes: assessment.classes,
            confusion: classes.map { label in classes.map { assessment.matrix[label, $0] } },
            mistakes: assessment.mistakes, leftOut: leftOut)
    }

    /// The worst mistakes as one picture.
    func mistakeGrid() throws -> PictureGrid {
        PictureGrid(
            try assessment.mistakes.map { mistake in
                LabelledPicture(
                    try data.picture(mistake.sample), label: data.classNames[mistake.label],
                    prediction: data.classNames[mistake.prediction])
            })
    }
}
