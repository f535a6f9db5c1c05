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

    /// A table of names and values, a row each.
    static func pairs(_ pairs: [(name: String, value: String)]) -> String {
        let rows = pairs.map {
            "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>"
        }
        return "<table class=\"pairs\"><tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table>"
    }

    /// A table with names at the left and numbers at the right.
    static func numbers(heads: [String], rows: [[String]], lastIsText: Bool = false) -> String {
        let head = heads.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
        let lines = rows.map { row in
            let cells = row.dropFirst().map { "<td>\(escaped($0))</td>" }.joined()
            return "<tr><th scope=\"row\">\(escaped(row.first ?? ""))</th>\(cells)</tr>"
        }
        return "<div class=\"scroll\"><table class=\"numbers\(lastIsText ? " remarks" : "")\">\n"
            + "<thead><tr>\(head)</tr></thead>\n<tbody>\n\(lines.joined(separator: "\n"))\n"
            + "</tbody></table></div>"
    }

    /// A plot with its title and legend as text of the page.
    static func figure(_ plot: Plot) -> String {
        let names = plot.series.enumerated().map { index, line in
            "<span class=\"key\"><i style=\"background:var(--series-\(index % 4 + 1))\"></i>"
                + "\(escaped(line.name))</span>"
        }
        let legend =
            names.count > 1 ? "<span class=\"legend\">\(names.joined())</span>" : ""
        let drawing = plot.drawing(width: 520, height: 300, showsTitle: false)
        return """
            <figure class="card">
            <figcaption><h2>\(escaped(plot.title))</h2>\(legend)</figcaption>
            \(SVGText(theme: nil).element(drawing))
            </figure>
            """
    }
}
