import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletRecipes
import MartletReport

/// `martlet demo`: trains a small network on the digits that come with Martlet.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Train a small network on handwritten digits and write a report.",
        discussion: """
            Takes a few seconds and needs no download: 1,437 digits of 8×8 pixels to learn from, \
            360 to be judged by. The report is one HTML page; the model beside it is for \
            martlet predict.

            Example:
              martlet demo
              martlet predict runs/demo/model.martlet seven.png
            """)

    @Option(help: "How many times to go through the training data.")
    var epochs = 30

    @Option(help: "How many digits make one step.")
    var batchSize = 32

    @Option(help: "The number that weights and shuffling start from.")
    var seed = 0

    @Option(
        help: ArgumentHelp("The folder that the report goes to.", valueName: "folder"),
        completion: .directory)
    var out = "runs/demo"

    @OptionGroup var output: OutputOptions
    @OptionGroup var device: DeviceOptions

    func validate() throws {
        if epochs < 1 { throw ValidationError("--epochs must be at least 1, got \(epochs)") }
        if !(1...1437).contains(batchSize) {
            throw ValidationError("--batch-size must be from 1 to 1437, got \(batchSize)")
        }
    }

    func run() throws {
        let engine = try device.engine()
        let folder = URL(fileURLWithPath: out, isDirectory: true)
        try RunFolder.check(folder)
        let demo = try DigitsDemo {
            ($0.epochs, $0.batchSize, $0.seed) = (epochs, batchSize, seed)
        }
        let progress = ProgressPrinter(mode: output.quiet ? .none : .auto)
        if !output.quiet { progress.show(line: "\(demo.summary) on \(engine.name)") }
        let model = folder.appendingPathComponent("model.martlet")
        let result = try demo.perform(engine, progress, model: model)
        let page = folder.appendingPathComponent("report.html")
        try AtomicFile.write(Array(try result.report(engine: engine.name).html.utf8), to: page)
        if output.json {
            return try output.printJSON(result.record(model: model.path, report: page.path))
        }
        print(try result.text(columns: TerminalStyle.current().columns))
        print("model          \(model.path)")
        print("report         \(page.path)")
    }
}
