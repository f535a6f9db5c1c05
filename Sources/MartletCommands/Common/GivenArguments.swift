/// The words of the command line before they are parsed.
enum GivenArguments {
    /// Throws for a word or a value that is empty, as a variable of the shell without a value leaves it.
    ///
    /// No option has a use for one, and as a path it would stand for the folder that one is in.
    static func check(_ arguments: [String]) throws(CommandFailure) {
        for (place, argument) in arguments.enumerated() {
            let flag =
                argument.hasPrefix("--") && argument.hasSuffix("=") ? argument.dropLast() : ""
            guard argument.isEmpty || (!flag.isEmpty && !flag.contains("=")) else { continue }
            let before = place > 0 && argument.isEmpty ? arguments[place - 1] : String(flag)
            let what = before.hasPrefix("--") ? "the value of \(before)" : "argument \(place + 1)"
            throw CommandFailure(
                .usage, "\(what) is empty\n  fix        see whether a variable has no value")
        }
    }

    /// The words with a negative number tied to the option before it, `--seed=-1` for `--seed -1`,
    /// which would otherwise be taken for an option itself.
    static func joined(_ arguments: [String]) -> [String] {
        var isOver = false
        return arguments.reduce(into: [String]()) { words, word in
            if word == "--" { isOver = true }
            if !isOver, let last = words.last, last.hasPrefix("--"), !last.contains("="),
                word.hasPrefix("-"), word.dropFirst().first?.isNumber == true, Double(word) != nil
            {
                words[words.count - 1] = "\(last)=\(word)"
            } else {
                words.append(word)
            }
        }
    }
}
