import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletReport

/// `martlet demo`: trains a small network on the digits that come with Martlet.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Train a small network on handwritten digits and write a report.",
        discussion: """
            Takes a few seconds and needs no download: 1,437 digits of 8×8 pixels to learn from, \
            360 to be judged by. The report is one HTML page.
            """)

    @Option(help: "How many times to go through the training data.")
    var epochs = 30

    @Option(help: "How many digits make one step.")
    var batchSize = 32

    @Option(help: "The number that weights and shuffling start from.")
    var seed: UInt64 = 0

    @Option(help: "The folder that the report goes to.")
    var out = "runs/demo"

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    func validate() throws {
        if epochs < 1 { throw ValidationError("--epochs must be at least 1, got \(epochs)") }
        if !(1...1437).contains(batchSize) {
            throw ValidationError("--batch-size must be from 1 to 1437, got \(batchSize)")
        }
    }

    func run() throws {
        let engine = try EngineUnavailable.check()
        let demo = try DigitsDemo(batchSize: batchSize, seed: seed)
        let progress = ProgressPrinter(mode: quiet ? .none : .auto)
        if !quiet { progress.show(line: "\(demo.summary) on \(engine.name)") }
        progress.show(.fitStarted(demo.plan(epochs: epochs)))
        for number in 1...epochs {
            progress.show(.epochStarted(number: number))
            progress.show(.epochEnded(try demo.trainEpoch()))
        }
        progress.show(.fitEnded(demo.history))
        let result = try demo.finish()
        let page = URL(fileURLWithPath: out).appendingPathComponent("report.html")
        try AtomicFile.write(Array(result.report(engine: engine.name).html.utf8), to: page)
        print(result.text)
        print("report         \(page.path)")
    }
}
