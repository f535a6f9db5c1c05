extension String {
    /// The text with letters that would steer a terminal in a form that is seen: `\n`, `\u{1B}`.
    ///
    /// - Parameter keepingLines: Whether line breaks stay, as in a message of several lines.
    func visible(keepingLines: Bool = false) -> String {
        unicodeScalars.reduce(into: "") { text, letter in
            switch letter {
            case "\n" where !keepingLines: text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where letter.properties.generalCategory == .control && letter != "\n":
                text += "\\u{" + String(letter.value, radix: 16, uppercase: true) + "}"
            default: text.unicodeScalars.append(letter)
            }
        }
    }

    /// The message of an error without the half of its advice that is for those who write Swift.
    var withoutSwiftAdvice: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.hasPrefix("  fix "), let half = line.firstRange(of: "; in Swift, ") else {
                return line
            }
            return line[..<half.lowerBound]
        }.joined(separator: "\n")
    }
}
