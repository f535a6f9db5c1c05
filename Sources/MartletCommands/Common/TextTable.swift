/// Rows of text in columns; columns of numbers, except for the first, are set to the
/// right.
struct TextTable {
    private var rows: [[String]]

    /// Starts with the heads of the columns.
    init(_ heads: [String]) { rows = [heads] }

    /// Adds a row with as many cells.
    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The rows, one a line, without spaces at the end.
    var text: String {
        let columns = rows[0].indices
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let isNumeric = columns.map { column in
            column > 0 && rows.count > 1
                && rows.dropFirst().allSatisfy { Self.isNumber($0[column]) }
        }
        return rows.map { row in
            var line = columns.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return isNumeric[column] ? space + row[column] : row[column] + space
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    private static func isNumber(_ cell: String) -> Bool {
        cell.isEmpty || cell.allSatisfy { $0.isNumber || ".,%-".contains($0) }
    }
}
