/// Text with the characters that HTML gives a meaning written as entities.
///
/// Control characters, which no page may hold, become the replacement character.
package func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case "\n", "\t": result.unicodeScalars.append(scalar)
        case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}": result += "\u{FFFD}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// Pieces of pages; the texts that they are given are escaped here.
enum HTML {
    /// A card with a heading; `contents` is HTML.
    static func section(_ heading: String, hint: String = "", _ contents: String) -> String {
        let hint = hint.isEmpty ? "" : "<p class=\"hint\">\(escaped(hint))</p>\n"
        return """
            <section class="card">
            <h2>\(escaped(heading))</h2>
            \(hint)\(contents)
            </section>
            """
    }

    /// Cards beside each other where there is room; nothing when there are none.
    static func pair(_ cards: [String]) -> [String] {
        switch cards.count {
        case 0: []
        case 1: cards
        default: ["<div class=\"pair\">\(cards.joined(separator: "\n"))</div>"]
        }
    }

    /// A table of names and values, a row each; command lines stand in the letters of a terminal.
    static func pairs(_ pairs: [(name: String, value: String)]) -> String {
        let rows = pairs.map { name, value in
            let value = name == "command" ? "<code>\(escaped(value))</code>" : escaped(value)
            return "<tr><th scope=\"row\">\(escaped(name))</th><td>\(value)</td></tr>"
        }
        return "<table class=\"pairs\"><tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table>"
    }

    /// A table with names at the left and numbers at the right.
    ///
    /// - Parameters:
    ///   - remarks: what stands below the names, for each row, or nothing at all.
    ///   - footer: a last row that sums up.
    ///   - hasTwoNames: whether the second column holds names as well.
    static func numbers(
        heads: [String], rows: [[String]], remarks: [String] = [], footer: [String]? = nil,
        hasTwoNames: Bool = false
    ) -> String {
        let head = heads.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
        func line(_ row: [String], _ remark: String) -> String {
            let cells = row.dropFirst().map { "<td>\(escaped($0))</td>" }.joined()
            let small = remark.isEmpty ? "" : "<small>\(escaped(remark))</small>"
            return "<tr><th scope=\"row\">\(escaped(row.first ?? ""))\(small)</th>\(cells)</tr>"
        }
        let lines = rows.enumerated().map { index, row in
            line(row, index < remarks.count ? remarks[index] : "")
        }
        let foot = footer.map { "<tfoot>\(line($0, ""))</tfoot>\n" } ?? ""
        let style = hasTwoNames ? "numbers named" : "numbers"
        return "<div class=\"scroll\"><table class=\"\(style)\">\n"
            + "<thead><tr>\(head)</tr></thead>\n<tbody>\n\(lines.joined(separator: "\n"))\n"
            + "</tbody>\n\(foot)</table></div>"
    }

    /// Something that is folded away until it is asked for.
    static func folded(_ summary: String, isCard: Bool = false, _ contents: String) -> String {
        "<details\(isCard ? " class=\"card\"" : "")><summary>\(escaped(summary))</summary>\n"
            + "\(contents)\n</details>"
    }

    /// Cards one below the other; nothing when there are none.
    static func column(_ cards: [String]) -> String? {
        cards.count < 2
            ? cards.first : "<div class=\"column\">\(cards.joined(separator: "\n"))</div>"
    }

    /// A plot with its title, and a legend that names each curve with its last value.
    static func figure(_ plot: Plot) -> String {
        let isNamed = plot.series.count > 1
        let names = plot.series.enumerated().map { index, line in
            let last = plot.lastText(line).map { " <b>\($0)</b>" } ?? ""
            let mark = "<i style=\"background:var(--series-\(index % 4 + 1))\"></i>"
            return "<span class=\"key\">"
                + (isNamed ? mark + escaped(line.name) : "last") + "\(last)</span>"
        }
        let isWorthIt = isNamed || plot.series.contains { $0.mark == .dots }
        let legend = isWorthIt ? "<span class=\"legend\">\(names.joined())</span>" : ""
        let drawing = plot.drawing(width: 520, height: 300, showsTitle: false)
        return """
            <figure class="card">
            <figcaption><h2>\(escaped(plot.title))</h2>\(legend)</figcaption>
            \(SVGText(theme: nil).element(drawing))
            </figure>
            """
    }
}
