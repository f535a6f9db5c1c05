import Foundation

extension Plot {
    /// The curves in characters, for a terminal.
    ///
    /// With Unicode the dots of braille characters give eight points a character; colours, or else
    /// signs of their own, tell the curves apart.
    ///
    /// - Parameters:
    ///   - columns: the width of each line, at least 24.
    ///   - rows: the height of the area between the axes, at least 3.
    public func text(
        columns: Int = 72, rows: Int = 12, usesUnicode: Bool = true, usesColour: Bool = false
    ) -> String {
        let ys = verticalAxis
        let labels = ys.ticks.map { label($0, on: ys) }
        let margin = labels.map(\.count).max() ?? 1
        let isFine = usesUnicode && (usesColour || series.count < 2)
        var grid = CharacterGrid(
            columns: max(8, max(24, columns) - margin - 2), rows: max(3, rows), isFine: isFine)
        for (index, line) in series.enumerated() { draw(line, index, into: &grid, ys) }
        var lines = [title + legend(usesUnicode, usesColour, isFine)]
        let frame = usesUnicode ? "│" : "|"
        for row in 0..<grid.rows {
            let tick = zip(ys.ticks, labels).first { tick, _ in
                grid.row(ofHeight: ys.share(tick)) == row
            }
            let label = tick?.1 ?? ""
            lines.append(
                String(repeating: " ", count: margin - label.count) + "\(label) \(frame)"
                    + grid.line(row, usesColour: usesColour))
        }
        lines.append(
            String(repeating: " ", count: margin + 1) + (usesUnicode ? "└" : "+")
                + String(repeating: usesUnicode ? "─" : "-", count: grid.columns))
        lines.append(
            String(repeating: " ", count: margin + 2) + horizontalLabels(width: grid.columns))
        return lines.map { line in
            line.lastIndex { $0 != " " }.map { String(line[...$0]) } ?? ""
        }.joined(separator: "\n")
    }

    private func draw(
        _ line: PlotSeries, _ index: Int, into grid: inout CharacterGrid, _ ys: Axis
    ) {
        let xs = horizontalAxis
        for piece in pieces(line) {
            var last: (x: Int, y: Int)?
            for point in piece {
                let place = grid.place(xs.share(point.x), height(point.y, on: ys))
                if let last, line.mark == .line {
                    grid.draw(from: last, to: place, series: index)
                } else {
                    grid.mark(place, series: index)
                }
                last = place
            }
        }
    }

    private func legend(_ usesUnicode: Bool, _ usesColour: Bool, _ isFine: Bool) -> String {
        guard series.count > 1 else { return "" }
        return "   "
            + series.enumerated().map { index, line in
                let sign = isFine ? "⠤" : String(CharacterGrid.sign(index))
                return CharacterGrid.painted(sign, index, usesColour) + " \(line.name)"
            }.joined(separator: "   ")
    }

    /// The first and last value below the axis, with its name between them where there is room.
    private func horizontalLabels(width: Int) -> String {
        let axis = horizontalAxis
        let first = axis.label(axis.low.rounded(.up))
        let last = axis.label(axis.high.rounded(.down))
        if isEmpty || first == last {
            return isEmpty ? horizontalName : "\(horizontalName) \(first)"
        }
        let room = width - first.count - last.count
        let name = horizontalName.count + 2 <= room ? horizontalName : ""
        let before = max(1, (room - name.count) / 2)
        return first + String(repeating: " ", count: before) + name
            + String(repeating: " ", count: max(1, room - name.count - before)) + last
    }
}

/// Characters of which each is one point, or two by four points in braille.
struct CharacterGrid {
    let columns: Int
    let rows: Int
    private let isFine: Bool
    private var bits: [UInt8]
    private var owners: [Int?]

    init(columns: Int, rows: Int, isFine: Bool) {
        (self.columns, self.rows, self.isFine) = (columns, rows, isFine)
        bits = [UInt8](repeating: 0, count: columns * rows)
        owners = [Int?](repeating: nil, count: columns * rows)
    }

    private var pointsWide: Int { isFine ? columns * 2 : columns }
    private var pointsHigh: Int { isFine ? rows * 4 : rows }

    /// The point at shares of width and height, counted from the upper left.
    func place(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
        func point(_ share: Double, _ count: Int) -> Int {
            min(count - 1, max(0, Int((share * Double(count - 1)).rounded())))
        }
        return (point(x, pointsWide), pointsHigh - 1 - point(y, pointsHigh))
    }

    /// The row of characters at a share of the height.
    func row(ofHeight share: Double) -> Int { place(0, share).y / (isFine ? 4 : 1) }

    mutating func mark(_ point: (x: Int, y: Int), series: Int) {
        // The braille bits of a column's four points.
        let dots: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        let index = isFine ? point.y / 4 * columns + point.x / 2 : point.y * columns + point.x
        bits[index] |= isFine ? dots[point.x % 2][point.y % 4] : 1
        if owners[index] == nil { owners[index] = series }
    }

    mutating func draw(from: (x: Int, y: Int), to: (x: Int, y: Int), series: Int) {
        let steps = max(1, abs(to.x - from.x), abs(to.y - from.y))
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            mark(
                (
                    from.x + Int((Double(to.x - from.x) * share).rounded()),
                    from.y + Int((Double(to.y - from.y) * share).rounded())
                ), series: series)
        }
    }

    func line(_ row: Int, usesColour: Bool) -> String {
        (0..<columns).map { column in
            let index = row * columns + column
            guard let owner = owners[index] else { return " " }
            let braille = Unicode.Scalar(0x2800 + UInt32(bits[index])).map { String($0) }
            return Self.painted(
                isFine ? braille ?? " " : String(Self.sign(owner)), owner, usesColour)
        }.joined()
    }

    /// The sign of a curve where colours do not tell them apart.
    static func sign(_ series: Int) -> Character { ["*", "o", "+", "x"][abs(series) % 4] }

    static func painted(_ text: String, _ series: Int, _ usesColour: Bool) -> String {
        guard usesColour else { return text }
        return "\u{1B}[\(["34", "33", "32", "35"][abs(series) % 4])m\(text)\u{1B}[0m"
    }
}
