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

    /// The pairs of different classes that were confused, the most frequent first.
    public var mostConfused: [(truth: Int, prediction: Int, count: Int)] {
        let pairs = counts.indices.flatMap { truth in
            counts[truth].indices.compactMap { prediction in
                truth != prediction && counts[truth][prediction] > 0
                    ? (truth: truth, prediction: prediction, count: counts[truth][prediction]) : nil
            }
        }
        return pairs.sorted {
            ($1.count, $0.truth, $0.prediction) < ($0.count, $1.truth, $1.prediction)
        }
    }

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }

    /// A table for the terminal: a row per true class, a column per predicted class, recall last.
    ///
    /// Names are cut where the table would not fit into 80 columns; numbers never are.
    public var text: String { text(columns: 80) }

    /// The table for a terminal of a number of columns.
    public func text(columns: Int) -> String {
        let longest = classNames.map(NumberText.columns(of:)).max() ?? 1
        let digits = max(2, String(counts.flatMap { $0 }.max() ?? 0).count)
        let nameWidth = max("truth".count, min(longest, columns / 4))
        let room = (columns - nameWidth - 11) / max(1, classNames.count)
        let width = max(digits + 1, min(longest + 1, room))
        func padded(_ text: String, _ width: Int, gap: Int = 0) -> String {
            let text = NumberText.clipped(text, to: width - gap)
            return String(repeating: " ", count: max(0, width - NumberText.columns(of: text)))
                + text
        }
        var lines = [
            padded("truth", nameWidth) + " │"
                + classNames.map { padded($0, width, gap: 1) }.joined()
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
