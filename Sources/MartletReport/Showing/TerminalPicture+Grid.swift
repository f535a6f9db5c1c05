extension TerminalPicture {
    /// Puts pictures with a caption each side by side, as many in a row as fit into `columns`.
    public static func grid(
        _ pictures: [(picture: TerminalPicture, caption: String)], columns: Int = 80
    ) -> String {
        grid(
            pictures.map { ($0.picture, $0.caption, nil) },
            style: TerminalStyle(columns: columns), across: nil)
    }

    /// Draws pictures with their captions side by side, never wider than the terminal.
    ///
    /// Captions are green for right predictions and red for wrong ones where there are colours.
    ///
    /// - Parameters:
    ///   - across: pictures in a row; nil for as many as fit in their own size. Pictures are made
    ///     smaller where that many do not fit.
    public static func grid(
        _ pictures: [LabelledPicture], style: TerminalStyle, map: GreyMap = .grey,
        across: Int? = nil
    ) -> String {
        let wanted = across.map { max(1, min($0, (style.columns + 2) / 3)) }
        let width = wanted.map { max(1, (style.columns + 2) / $0 - 2) } ?? style.columns
        return grid(
            pictures.map {
                (
                    TerminalPicture($0.picture, style: style, map: map, width: width),
                    $0.caption, $0.isRight
                )
            }, style: style, across: wanted)
    }

    private typealias Item = (picture: TerminalPicture, caption: String, isRight: Bool?)

    private static func grid(_ items: [Item], style: TerminalStyle, across: Int?) -> String {
        guard !items.isEmpty else { return "" }
        let captions = items.map { TerminalText.shown($0.caption, style) }
        let widest = items.map(\.picture.columns).max() ?? 0
        let longest = captions.map(TerminalText.width).max() ?? 0
        // A caption may widen its picture's place, but not beyond its share of the line.
        let share = across.map { max(1, (style.columns + 2) / $0 - 2) } ?? style.columns
        let width = max(1, min(share, max(widest, longest)))
        let perRow = across ?? max(1, (style.columns + 2) / (width + 2))
        let rows = stride(from: 0, to: items.count, by: perRow).map { start in
            let range = start..<min(start + perRow, items.count)
            let height = range.map { items[$0].picture.lines.count }.max() ?? 0
            var lines = (0..<height).map { line in
                joined(
                    range.map { index in
                        let picture = items[index].picture
                        return picture.lines.indices.contains(line)
                            ? (picture.lines[line], picture.columns) : ("", 0)
                    }, width: width)
            }
            lines.append(
                joined(
                    range.map { index in
                        let text = TerminalText.cut(captions[index], to: width)
                        return (
                            coloured(text, items[index].isRight, style), TerminalText.width(text)
                        )
                    }, width: width))
            return lines.joined(separator: "\n")
        }
        return rows.joined(separator: "\n\n")
    }

    private static func coloured(
        _ text: String, _ isRight: Bool?, _ style: TerminalStyle
    ) -> String {
        guard let isRight, style.colours != .none, !text.isEmpty else { return text }
        return "\u{1B}[\(isRight ? 32 : 31)m\(text)\u{1B}[0m"
    }

    /// The pieces in places of `width` columns, two columns apart, without spaces at the end.
    private static func joined(_ pieces: [(text: String, columns: Int)], width: Int) -> String {
        var line = ""
        for (number, piece) in pieces.enumerated() {
            if number > 0 { line += "  " }
            line += piece.text + String(repeating: " ", count: max(0, width - piece.columns))
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
