import Foundation

/// How often each class was taken for each other class.
public struct ConfusionMatrix: Sendable, Hashable {
    /// The names of the classes.
    public let classNames: [String]
    /// `counts[truth][prediction]`, the number of examples.
    public let counts: [[Int]]

    /// Counts pairs of true and predicted class numbers.
    ///
    /// - Precondition: both lists are equally long and hold numbers in `0 ..< classNames.count`.
    public init(classNames: [String], labels: [Int], predictions: [Int]) {
        precondition(
            labels.count == predictions.count,
            "ConfusionMatrix: \(labels.count) labels, \(predictions.count) predictions")
        let row = [Int](repeating: 0, count: classNames.count)
        var counts = [[Int]](repeating: row, count: classNames.count)
        for (label, prediction) in zip(labels, predictions) { counts[label][prediction] += 1 }
        (self.classNames, self.counts) = (classNames, counts)
    }

    /// The number of examples.
    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The number of examples on the diagonal.
    public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

    /// The share of examples that were recognised, 0 … 1; 0 when there are none.
    public var accuracy: Double { Self.share(correct, of: total) }

    /// The share of class `k`'s examples that were recognised; 0 when there are none.
    public func recall(_ k: Int) -> Double { Self.share(counts[k][k], of: counts[k].reduce(0, +)) }

    /// The share of predictions of class `k` that were right; 0 when there are none.
    public func precision(_ k: Int) -> Double {
        Self.share(counts[k][k], of: counts.reduce(0) { $0 + $1[k] })
    }

    /// The number of examples of class `k`.
    public func support(_ k: Int) -> Int { counts[k].reduce(0, +) }

    /// The harmonic mean of precision and recall of class `k`; 0 when both are 0.
    public func f1(_ k: Int) -> Double {
        let (precision, recall) = (precision(k), recall(k))
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }

    /// A table for the terminal: a row per true class, a column per predicted class, recall last.
    public var text: String {
        let largest = counts.flatMap { $0 }.max() ?? 0
        let width = max(classNames.map(\.count).max() ?? 1, String(largest).count, 2) + 1
        let nameWidth = max(classNames.map(\.count).max() ?? 1, "truth".count)
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        var lines = [
            padded("truth", nameWidth) + " │" + classNames.map { padded($0, width) }.joined()
                + " │ recall"
        ]
        lines.append(
            String(repeating: "─", count: nameWidth) + "─┼"
                + String(repeating: "─", count: width * classNames.count) + "─┼───────")
        for (k, row) in counts.enumerated() {
            let cells = row.map { padded($0 == 0 ? "·" : String($0), width) }.joined()
            lines.append(
                padded(classNames[k], nameWidth) + " │" + cells + " │ "
                    + padded(NumberText.percent(recall(k), 1), 6))
        }
        return lines.joined(separator: "\n")
    }
}
