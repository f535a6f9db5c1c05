import ArgumentParser
import Foundation
import MartletData

/// Where data sets are looked for.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data-dir"),
        help: ArgumentHelp(
            "The folder with data sets that is looked into first.", valueName: "folder"),
        completion: .directory)
    var folder: String?

    @Flag(help: "Use what is on this machine; never the network.")
    var offline = false

    /// The same for the fetcher, with messages about what happens.
    func settings(_ output: OutputOptions) -> FetchSettings {
        var settings = FetchSettings(
            folder: folder.map { URL(fileURLWithPath: $0, isDirectory: true) },
            isOffline: offline ? true : nil)
        if !output.quiet { settings.onEvent = FetchMessages(isTerminal: Console.isTerminal).show }
        return settings
    }
}
