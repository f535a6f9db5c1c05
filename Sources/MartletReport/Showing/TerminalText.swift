/// Text as it stands in a terminal: how wide it is, and what may be shown of it.
package enum TerminalText {
    /// The columns that a text takes.
    static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

    private static func width(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.properties.isEmojiPresentation { return 2 }
        // Scripts of East Asia and their full-width forms.
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// The text without what could steer the terminal, and in ASCII where that is all there is.
    static func shown(_ text: String, _ style: TerminalStyle) -> String {
        String(
            text.map { character -> Character in
                let isControl = character.unicodeScalars.contains {
                    switch $0.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: true
                    default: false
                    }
                }
                return isControl || !(style.usesUnicode || character.isASCII) ? "?" : character
            })
    }

    /// Words in lines of at most so many columns, but at least 20, the later ones indented.
    ///
    /// A word that is longer has a line of its own.
    package static func wrapped(_ text: String, to columns: Int) -> String {
        text.split(separator: " ").reduce(into: [String]()) { lines, word in
            if let last = lines.last, width(last + " " + word) <= max(20, columns) {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append((lines.isEmpty ? "" : "  ") + word)
            }
        }.joined(separator: "\n")
    }

    /// The text, cut to a number of columns.
    static func cut(_ text: String, to columns: Int) -> String {
        if width(text) <= columns { return text }
        var result = ""
        var total = 0
        for character in text {
            total += width(character)
            if total > columns - min(2, columns - 1) { break }
            result.append(character)
        }
        return String((result + "..").prefix(max(result.count, 0) + min(2, max(0, columns - 1))))
    }
}
