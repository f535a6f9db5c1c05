import ArgumentParser

/// A word in the place of a subcommand that is none.
enum UnknownCommand {
    /// Throws for the first such word, with the nearest subcommand.
    static func check(_ arguments: [String]) throws(CommandFailure) {
        var command: any ParsableCommand.Type = MartletCommand.self
        for (place, argument) in arguments.enumerated() {
            let known = command.configuration.subcommands
            if place == 0, argument == "help" { continue }
            if known.isEmpty || argument.hasPrefix("-") || argument == "help" { return }
            if let next = known.first(where: { $0.configuration.commandName == argument }) {
                command = next
                continue
            }
            let names = known.compactMap { $0.configuration.commandName }
            let isVersion = place == 0 && argument == "version"
            let hint =
                isVersion
                ? "did you mean '--version'?"
                : NearestName.find(argument, in: names).map { "did you mean '\($0)'?" }
                    ?? "the commands are \(names.joined(separator: ", "))"
            throw CommandFailure(
                .usage,
                """
                unknown command '\(argument)'
                  \(hint)
                Usage: \(MartletCommand.usageString(for: command))
                  See 'martlet --help' for more information.
                """)
        }
    }
}
