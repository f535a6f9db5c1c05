import ArgumentParser
import Foundation
import Martlet
import MartletData

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
        write(profile, machine, compiled: side.compileTime)
        if let trace { try writeTrace(profile, to: trace) }
    }

    private func write(_ profile: PlanProfile, _ machine: Machine, compiled: Double) {
        let whole = profile.steps.reduce(0) { $0 + $1.median }
        let limit = profile.flops / machine.arithmetic / 1000
        print(
            String(
                format: "training compiled in %.0f ms; %d steps, %.1f us (least %.1f);"
                    + " %.4f GFLOP, %.1f us at the peak", compiled, profile.steps.count, whole,
                profile.steps.reduce(0) { $0 + $1.minimum }, profile.flops / 1e9, limit))
        print("  median us   least us    part   GFLOP/s    GB/s  step")
        let numbered = Array(profile.steps.enumerated())
        let ordered =
            inOrder ? numbered : numbered.sorted { $0.element.median > $1.element.median }
        for (number, step) in ordered {
            let seconds = max(step.median, 1e-3) * 1e-6
            print(
                String(
                    format: "%11.2f %10.2f %6.1f%% %9.1f %7.1f  ", step.median, step.minimum,
                    100 * step.median / max(whole, 1e-9), step.flops / seconds / 1e9,
                    Double(step.bytes) / seconds / 1e9) + "\(number) \(step.label)  \(step.path)")
        }
    }

    /// JSON trace events, one per step of the last run.
    private func writeTrace(_ profile: PlanProfile, to path: String) throws {
        let events = profile.steps.map { step -> [String: Any] in
            [
                "name": step.label, "cat": step.path, "ph": "X", "pid": 1, "tid": 1,
                "ts": step.start, "dur": step.times.last ?? 0,
                "args": ["bytes": step.bytes, "flops": step.flops],
            ]
        }
        let data = try JSONSerialization.data(withJSONObject: ["traceEvents": events])
        try AtomicFile.write(Array(data), to: URL(fileURLWithPath: path))
        print("wrote \(path)")
    }
}
