import Foundation
import Martlet

/// Several runs side by side, a row each, for the terminal.
public struct RunComparison: Sendable {
    /// One run.
    public struct Run: Sendable {
        /// What the run is called.
        public var name: String
        /// Its numbers.
        public var history: History

        /// Puts a name and numbers together.
        public init(name: String, history: History) { (self.name, self.history) = (name, history) }
    }

    /// The runs in the order of the rows.
    public var runs: [Run]

    /// Collects runs.
    public init(_ runs: [Run]) { self.runs = runs }

    /// The table: epochs, the last epoch's numbers, the best epoch and the time of all epochs.
    ///
    /// Columns that no run has are left out.
    public var text: String {
        var names: [String] = []
        for run in runs {
            guard let last = run.history.epochs.last else { continue }
            let all =
                ["loss"] + last.metrics.entries.map(\.name)
                + (last.validationLoss == nil ? [] : ["val_loss"])
                + last.validationMetrics.entries.map { "val_\($0.name)" }
            for name in all where !names.contains(name) { names.append(name) }
        }
        var rows = [["run", "epochs"] + names + ["best", "time"]]
        rows += runs.map { run in
            let epochs = run.history.epochs
            let numbers = names.map { name in
                epochs.last?[name].map { NumberText.metric(name, $0) } ?? "-"
            }
            let best = run.history.best.map { "\($0.text) (\($0.epoch))" } ?? "-"
            let time = NumberText.duration(epochs.reduce(0) { $0 + $1.seconds })
            return [run.name, String(epochs.count)] + numbers + [best, time]
        }
        return Self.aligned(rows)
    }

    /// The first column at the left, the others at the right.
    private static func aligned(_ rows: [[String]]) -> String {
        let count = rows.first?.count ?? 0
        let widths = (0..<count).map { column in
            rows.map { NumberText.columns(of: $0[column]) }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, text in
                let space = String(
                    repeating: " ", count: widths[column] - NumberText.columns(of: text))
                return column == 0 ? text + space : space + text
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
