/// The words of the command line before they are parsed.
enum GivenArguments {
    /// Throws for words that no command can take, before the parser says something vague of them.
    static func check(_ arguments: [String]) throws(CommandFailure) {
        try checkForEmpty(arguments)
        try checkForNames(arguments)
    }

    /// Throws for the name of a file that begins with `-`, which the parser takes for short options.
    ///
    /// A letter follows, and an ending that begins with one; no short options and values look so.
    private static func checkForNames(_ arguments: [String]) throws(CommandFailure) {
        for argument in arguments.prefix(while: { $0 != "--" }) where !argument.contains("=") {
            let letters = argument.dropFirst()
            guard argument.hasPrefix("-"), letters.first?.isLetter == true,
                let dot = letters.lastIndex(of: "."),
                letters[letters.index(after: dot)...].first?.isLetter == true
            else { continue }
            throw CommandFailure(
                .usage,
                "\(argument.visible()) begins with - and is taken for options\n"
                    + "  fix        for a file, write ./\(argument.visible())")
        }
    }

    /// Throws for a word or a value that is empty, as a variable of the shell without a value leaves it.
    ///
    /// No option has a use for one, and as a path it would stand for the folder that one is in.
    private static func checkForEmpty(_ arguments: [String]) throws(CommandFailure) {
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
