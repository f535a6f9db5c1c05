/// Rows of text in columns; columns of numbers, except for the first, are set to the
/// right.
struct TextTable {
    private var rows: [[String]]

    /// Starts with the heads of the columns.
    init(_ heads: [String]) { rows = [heads] }

    /// Adds a row with as many cells.
    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The rows, one a line, without spaces at the end.
    var text: String { lines(rows).joined(separator: "\n") }

    /// The rows in lines of at most so many characters, where words allow it.
    ///
    /// The last column holds sentences: they are broken between words, and go on where the column
    /// begins, or below the other cells where too little room is left beside them.
    func text(columns: Int) -> String {
        let heads = lines(rows.map { Array($0.dropLast()) })
        let start = (heads.map(\.count).max() ?? 0) + 2
        let isBeside = columns - start >= 24
        return zip(heads, rows).map { head, row in
            let indent = isBeside ? start : 2
            let words = Self.broken(row.last ?? "", columns: columns - indent)
            let lines = words.map { String(repeating: " ", count: indent) + $0 }
            guard isBeside, let first = words.first else {
                return ([head] + lines).joined(separator: "\n")
            }
            let space = String(repeating: " ", count: start - head.count)
            return ([head + space + first] + lines.dropFirst()).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private func lines(_ rows: [[String]]) -> [String] {
        let columns = (rows.first ?? []).indices
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
        }
    }

    /// The words of a text in lines of at most so many characters; a longer word has its own line.
    private static func broken(_ text: String, columns: Int) -> [String] {
        text.split(separator: " ").reduce(into: [String]()) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
    }

    private static func isNumber(_ cell: String) -> Bool {
        cell.isEmpty || cell.allSatisfy { $0.isNumber || ".,%-".contains($0) }
    }
}
