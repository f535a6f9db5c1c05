import ArgumentParser
import Foundation
import Martlet
import MartletRecipes

/// `martlet-bench profile`: where the time of a plan goes.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Measure each step of a network's plan, the most expensive first.")

    @Argument(help: "The network, `mnist-keras` for example.")
    var workload: String

    @Option(help: "How often the plan runs.")
    var runs = 200

    @Option(help: "Look at the prediction of a batch of this size instead of training.")
    var predict: Int?

    @Option(help: "How many threads to use.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Keep the order in which the steps run.")
    var inOrder = false

    @Option(help: "Where the last run is written as trace events, for Perfetto or Chrome.")
    var trace: String?

    func run() throws {
        guard let found = Workload.training.first(where: { $0.name == workload }) else {
            let names = Workload.training.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no network \(workload); there are \(names)")
        }
        setenv("MARTLET_THREADS", String(threads), 1)
        _ = try Engines.current()
        let machine = Machine.measured(threads: threads)
        print(machine.line)
        let side = try OurSide(found, Examples(found))
        let profile =
            try predict.map { try side.profile(predicting: $0, runs: runs) }
            ?? side.profile(runs: runs)
        let text = ProfileText(profile, machine)
        print(String(format: "compiled in %.0f ms; ", side.compileTime) + text.heading)
        print(text.table(inOrder: inOrder))
        if let trace {
            try text.writeTrace(to: URL(fileURLWithPath: trace))
            print("wrote \(trace)")
        }
    }
}
