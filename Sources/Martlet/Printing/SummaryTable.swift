import MartletGraph

/// Sets a summary as text.
struct SummaryTable {
    private let summary: ModelSummary
    private let width: Int
    private let cells: [(layer: String, shape: String, count: String)]

    private static let heads = (layer: "Layer (type)", shape: "Output shape", count: "Parameters")
    private static let shortestLayer = 16

    init(_ summary: ModelSummary, width: Int) {
        self.summary = summary
        self.width = max(width, 20)
        cells = summary.rows.map { row in
            let layer = row.path.isEmpty ? row.kind : "\(row.path) (\(row.kind))"
            let shape = row.outputShape.isEmpty ? "-" : LayerShape.text(row.outputShape)
            return (layer, shape, row.parameterCount.grouped)
        }
    }

    var text: String {
        let shapeWidth = (cells.map(\.shape.count) + [Self.heads.shape.count]).max() ?? 0
        let countWidth = (cells.map(\.count.count) + [Self.heads.count.count]).max() ?? 0
        let natural = (cells.map(\.layer.count) + [Self.heads.layer.count]).max() ?? 0
        let layerWidth = min(natural, width - shapeWidth - countWidth - 4)
        let isStacked = layerWidth < min(natural, Self.shortestLayer)
        let columns = isStacked ? min(width, 40) : layerWidth + shapeWidth + countWidth + 4
        let (thin, thick) = (
            String(repeating: "-", count: columns), String(repeating: "=", count: columns)
        )
        func line(_ cell: (layer: String, shape: String, count: String)) -> [String] {
            if isStacked { return stacked(cell, columns) }
            return [
                padded(shortened(cell.layer, layerWidth), layerWidth) + "  "
                    + padded(cell.shape, shapeWidth) + "  "
                    + String(repeating: " ", count: countWidth - cell.count.count) + cell.count
            ]
        }
        var lines = ["Model: \(summary.name)", thin] + line(Self.heads) + [thick]
        lines += cells.flatMap(line) + [thick] + totals
        return lines.joined(separator: "\n")
    }

    private var totals: [String] {
        [
            "Total parameters: \(summary.parameterCount.grouped)"
                + " (\(Self.memory(summary.byteCount)))",
            "Trainable parameters: \(summary.trainableCount.grouped)",
            "Non-trainable parameters: \(summary.nonTrainableCount.grouped)",
        ]
    }

    /// The layer in one line, the rest below it.
    private func stacked(
        _ cell: (layer: String, shape: String, count: String), _ columns: Int
    ) -> [String] {
        let gap = columns - 2 - cell.shape.count - cell.count.count
        let first = shortened(cell.layer, columns)
        if gap < 1 { return [first, "  \(cell.shape)", "  \(cell.count)"] }
        return [first, "  \(cell.shape)\(String(repeating: " ", count: gap))\(cell.count)"]
    }

    /// Cuts the beginning off: the end of a path tells more.
    private func shortened(_ text: String, _ width: Int) -> String {
        text.count <= width ? text : "…" + text.suffix(width - 1)
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// `476.29 KiB`.
    static func memory(_ bytes: Int) -> String {
        var (size, unit) = (Double(bytes), "B")
        for larger in ["KiB", "MiB", "GiB", "TiB"] where size >= 1024 {
            (size, unit) = (size / 1024, larger)
        }
        if unit == "B" { return "\(bytes) B" }
        let hundredths = Int((size * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) \(unit)"
    }
}

extension Int {
    /// The number with commas, `60,000`.
    package var grouped: String {
        var digits = String(magnitude)[...]
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// So many of a thing, `1 epoch`, `60,000 epochs`.
    package func counted(_ thing: String) -> String { "\(grouped) \(thing)\(self == 1 ? "" : "s")" }
}
