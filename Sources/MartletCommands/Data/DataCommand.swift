import ArgumentParser

/// `martlet data`: everything about data sets but looking at them.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Look into data sets and check them.",
        discussion: """
            Example:
              martlet data info digits
            """,
        subcommands: [DataInfoCommand.self, DataCheckCommand.self])
}
