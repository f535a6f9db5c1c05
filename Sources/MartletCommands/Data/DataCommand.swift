import ArgumentParser

/// `martlet data`: everything about data sets but looking at them.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "List, fetch, verify and check data sets.",
        discussion: """
            Data sets are looked for in --data-dir, MARTLET_DATA, Martlet's cache and the folders of \
            torchvision, Keras and PaddlePaddle. Only Martlet's cache is ever written to.

            Example:
              martlet data fetch mnist
            """,
        subcommands: [
            DataListCommand.self, DataFetchCommand.self, DataVerifyCommand.self,
            DataInfoCommand.self, DataCheckCommand.self,
        ])
}
