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
}
