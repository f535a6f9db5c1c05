import Foundation
import Martlet
import MartletReport

/// Sets predictions as lines that stand below each other in columns, or as records for JSON.
struct PredictionLine {
    private let pathWidth: Int
    private let labelWidth: Int
    private let top: Int
    private let showsScores: Bool
    private let givesNumber: Bool

    /// Measures the columns.
    init(
        _ description: ModelDescription, paths: [String], top: Int, showsScores: Bool
    ) {
        pathWidth = min(60, paths.map { $0.visible().count }.max() ?? 0)
        labelWidth = min(24, description.classNames.map { $0.visible().count }.max() ?? 0)
        (self.top, self.showsScores) = (top, showsScores)
        givesNumber = description.output == .values
    }

    /// Path, class and confidence; then the next likely classes, then the scores.
    func text(_ path: String, _ prediction: Prediction) -> String {
        var line = Self.padded(path, pathWidth)
        if givesNumber {
            line += "  " + Self.padded(prediction.label, labelWidth)
        } else {
            for (label, probability) in prediction.top(top) {
                line += "  " + Self.padded(label, labelWidth) + "  " + Self.percent(probability)
            }
        }
        if showsScores || givesNumber {
            line += "  " + prediction.scores.map { Self.number($0) }.joined(separator: " ")
        }
        return line
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        let text = text.visible()
        return text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Percent, one below the other in columns.
    private static func percent(_ share: Double) -> String {
        let text = NumberText.percent(share)
        return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }

    private static func number(_ score: Float) -> String { String(format: "%.4f", Double(score)) }

    /// What `--json` prints for a picture.
    struct Record: Encodable {
        struct Choice: Encodable {
            var label: String
            var probability: Double
        }

        var path: String
        var label: String
        var classNumber: Int
        var confidence: Double
        var top: [Choice]
        var isInverted: Bool
        var scores: [Float]?

        private enum CodingKeys: String, CodingKey {
            case path, label, classNumber = "class", confidence, top, isInverted = "inverted"
            case scores
        }
    }

    /// The same as a record.
    func record(_ path: String, _ prediction: Prediction) -> Record {
        Record(
            path: path, label: prediction.label, classNumber: prediction.classNumber,
            confidence: prediction.confidence,
            top: prediction.top(top).map { .init(label: $0.label, probability: $0.probability) },
            isInverted: prediction.isInverted, scores: showsScores ? prediction.scores : nil)
    }
}
