import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletRecipes
import MartletReport

/// `martlet report`: shows the result of a run again and writes its page anew.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show the result of a run, with its curves, and write its page anew.",
        discussion: """
            The pictures on the page come from the test data. Without it the page is written all the \
            same, and both page and command say why there are none.

            Example:
              martlet report runs/mnist-keras-1
            """)

    @Argument(
        help: ArgumentHelp("The folder of the run.", valueName: "run"), completion: .directory)
    var folder: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let folder = RunFolder(URL(fileURLWithPath: self.folder, isDirectory: true))
        let run = try RunOutput(folder: folder, data.settings(output))
        // The result is shown also where nothing can be written.
        let outcome = Result { try run.write() }
        if case .success(let missing?) = outcome { output.note(missing) }
        try RunRecord(run.runResult, folder).show(output, curves: run.curves(.current()))
        _ = try outcome.get()
    }
}
