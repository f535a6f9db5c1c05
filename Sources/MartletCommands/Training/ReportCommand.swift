import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletRecipes

/// `martlet report`: shows the result of a run again and writes its page anew.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show the result of a run, with its curves, and write its page anew.",
        discussion: """
            Examples:
              martlet report runs/mnist-keras-1
              martlet report runs/mnist-keras-1 --json
            """)

    @Argument(
        help: ArgumentHelp("The folder of the run.", valueName: "run"), completion: .directory)
    var folder: String

    @Option(
        help: ArgumentHelp(
            "The folder with the data, before MARTLET_DATA and the caches.", valueName: "folder"),
        completion: .directory)
    var dataDir: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
        let folder = RunFolder(URL(fileURLWithPath: self.folder, isDirectory: true))
        let output = try RunOutput(
            folder: folder, dataFolder: dataDir.map { URL(fileURLWithPath: $0, isDirectory: true) })
        if json {
            print(String(decoding: try Data(contentsOf: folder.result), as: UTF8.self))
            return
        }
        try output.write()
        print(output.text(columns: 72))
        print("report         \(folder.report.relativePath)")
    }
}
