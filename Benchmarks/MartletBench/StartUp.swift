import ArgumentParser
import Foundation
import Martlet

/// `martlet-bench start`: from the start of the process to the first training step.
struct StartUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Take the first training step of a network and print when it was done.")

    @Argument(help: "The network.")
    var workload = "mnist-keras"

    func run() throws {
        guard let found = Workload.training.first(where: { $0.name == workload }) else {
            throw ValidationError("there is no network \(workload)")
        }
        func stamp(_ what: String) {
            print(String(format: "%8.1f ms  ", Self.age() * 1000) + what)
        }
        stamp("the program runs")
        _ = try Engines.current()
        stamp("the engine is loaded")
        let examples = Examples(found)
        stamp("the examples are made")
        let side = try OurSide(found, examples)
        stamp("the plan is compiled")
        _ = try side.train(0)
        stamp("the first step is done")
    }

    /// Seconds since this process started, as the kernel counts it (in hundredths).
    private static func age() -> Double {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let uptime = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8),
            let rest = stat.split(separator: ")").last
        else { return .nan }
        let fields = rest.split(separator: " ")
        guard fields.count > 19, let ticks = Double(fields[19]),
            let up = uptime.split(separator: " ").first.flatMap({ Double($0) })
        else { return .nan }
        return up - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
