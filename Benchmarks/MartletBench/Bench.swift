import ArgumentParser
import Foundation
import Martlet
import MartletRecipes

/// `martlet-bench`: training and prediction timed beside other frameworks, in one run.
@main struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet-bench",
        abstract: "Time training and prediction beside other frameworks, and look where time goes.",
        subcommands: [
            Compare.self, ProfileCommand.self, StartUp.self, Steady.self, FolderLoading.self,
            Feeding.self,
        ],
        defaultSubcommand: Compare.self)
}

/// `martlet-bench compare`: both sides in turn on the same networks, values and pictures.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time training steps and predictions, ours and the peers' in turn.",
        discussion: """
            MARTLET_PEERS names the virtual environment that Scripts/peers makes, \
            ~/.cache/martlet-peers unless set; without it only our side runs. All sides start from \
            the same values, see the same batches of bytes in the same order, turn them into numbers \
            themselves, and use the same number of threads. Quiet the machine first.
            """)

    private static let usualPeers = "pytorch,jax,tensorflow,paddle,onnx"

    @Option(help: "Which networks, by commas; all when left out.")
    var workloads = ""

    @Option(help: "Which frameworks, by commas; `none` for ours alone.")
    var peers = Self.usualPeers

    @Option(help: "How often the sides take turns.")
    var rounds = 5

    @Option(help: "How many seconds a turn takes; at least one step.")
    var seconds = 0.25

    @Option(help: "How many threads each side uses.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Show what the peers write to standard error.")
    var loud = false

    @Flag(help: "Training only.")
    var training = false

    @Flag(help: "Prediction only.")
    var prediction = false

    @Option(help: "Where the numbers are written as JSON.")
    var json: String?

    @Option(help: "Where the tables are written as Markdown.")
    var markdown: String?

    func validate() throws {
        for (name, value) in [("--rounds", rounds), ("--threads", threads)] where value < 1 {
            throw ValidationError("\(name) must be at least 1, got \(value)")
        }
        if seconds <= 0 { throw ValidationError("--seconds must be above 0, got \(seconds)") }
        let known = Workload.training.map(\.name)
        for name in chosen where !known.contains(name) {
            throw ValidationError(
                "there is no network \(name); there are \(known.joined(separator: ", "))")
        }
    }

    private var chosen: [String] { workloads.split(separator: ",").map(String.init) }

    private func isChosen(_ workload: Workload) -> Bool {
        chosen.isEmpty || chosen.contains(workload.name)
    }

    func run() throws {
        // Martlet reads its thread count from the environment, before the engine is first used.
        setenv("MARTLET_THREADS", String(threads), 1)
        _ = try Engines.current()
        let machine = Machine.measured(threads: threads)
        say(machine.line)
        let peers = startPeers()
        defer { for peer in peers { peer.stop() } }
        var results: [Comparison] = []
        let plan = TurnPlan(rounds: rounds, seconds: seconds)
        if !prediction {
            for workload in Workload.training where isChosen(workload) {
                // A step of the long ones takes some of the peers a quarter of a minute.
                let isUsual = workload.isLong && self.peers == Self.usualPeers
                let beside = isUsual ? peers.filter { $0.key == "pytorch" } : peers
                let result = try Comparison.training(workload, beside, plan, machine)
                say(result.lines)
                results.append(result)
            }
        }
        if !training {
            for workload in Workload.prediction where isChosen(workload) {
                for batch in [1, 256] {
                    let result = try Comparison.prediction(workload, batch, peers, plan)
                    say(result.lines)
                    results.append(result)
                }
            }
        }
        let report = Report(machine: machine, plan: plan, results: results)
        if let json { try report.writeJSON(to: json) }
        if let markdown { try report.writeMarkdown(to: markdown) }
    }

    /// The peers that can be started, with a line for each that cannot.
    private func startPeers() -> [Peer] {
        let names = peers == "none" ? [] : peers.split(separator: ",").map(String.init)
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? "/"
        let folder = environment["MARTLET_PEERS"] ?? home + "/.cache/martlet-peers"
        let python = folder + "/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            if !names.isEmpty { say("no \(python): our side alone; Scripts/peers makes it") }
            return []
        }
        return names.compactMap { name in
            do {
                let peer = try Peer(name, python: python, threads: threads, isLoud: loud)
                say("beside     \(peer.name)")
                return peer
            } catch {
                say("without    \(name): \(error)")
                return nil
            }
        }
    }
}

/// How the sides take turns.
struct TurnPlan {
    var rounds: Int
    /// Of one turn.
    var seconds: Double
}

/// Writes a line at once, also into a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
