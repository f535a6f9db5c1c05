import ArgumentParser
import Foundation
import Martlet
import MartletData

/// `martlet-bench`: the training step of `mnist-keras` timed beside PyTorch's, in one run.
@main struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet-bench",
        abstract: "Time training steps of the mnist-keras network, ours and PyTorch's in turn.",
        discussion: """
            MARTLET_PEER_PYTHON names a Python with PyTorch; without it only our side runs. Both \
            sides start from the same weights, see the same batches, read the loss after each step \
            and use the same number of threads. Quiet the machine first.
            """,
        subcommands: [Steady.self, FolderLoading.self])

    @Option(help: "How often the two sides take turns.")
    var rounds = 5

    @Option(help: "How many steps a side takes in each turn.")
    var steps = 100

    @Option(help: "How many steps the losses are compared over.")
    var compare = 50

    @Option(help: "How many pictures make one batch.")
    var batchSize = 32

    @Option(help: "How many threads each side uses.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Let PyTorch use its fused Adam.")
    var fused = false

    func validate() throws {
        for (name, value) in [
            ("--rounds", rounds), ("--steps", steps), ("--compare", compare),
            ("--batch-size", batchSize), ("--threads", threads),
        ] where value < 1 { throw ValidationError("\(name) must be at least 1, got \(value)") }
    }

    func run() throws {
        // Martlet reads its thread count from the environment, before the engine is first used.
        setenv("MARTLET_THREADS", String(threads), 1)
        let workload = try Workload(batchSize: batchSize, batchCount: 50)
        let ours = try OurRun(workload)
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let peer = try startPeer(workload, file)
        defer { peer?.stop() }

        print(
            "mnist-keras training step, batch \(batchSize), \(threads) threads, "
                + "\(rounds) × \(steps) steps")
        if let peer { print(try comparison(workload, peer)) }
        // Both sides warm up before the first turn that counts.
        _ = try ours.times(steps)
        _ = try peer?.ask("time \(steps)")
        var (mine, theirs) = ([[Double]](), [[Double]]())
        for _ in 0..<rounds {
            mine.append(try ours.times(steps))
            if let peer { theirs.append(try peer.ask("time \(steps)")) }
        }
        print(line("Martlet (\(ours.engine))", mine))
        if let peer {
            print(line(peer.name, theirs))
            let ratio = median(theirs.flatMap { $0 }) / median(mine.flatMap { $0 })
            print(String(format: "ratio      Martlet is %.2f times as fast", ratio))
        }
    }

    /// The peer process with the workload's file, `nil` when no Python was named.
    private func startPeer(_ workload: Workload, _ file: URL) throws -> Peer? {
        guard let python = ProcessInfo.processInfo.environment["MARTLET_PEER_PYTHON"],
            !python.isEmpty
        else {
            print("MARTLET_PEER_PYTHON is not set: timing our side only")
            return nil
        }
        try AtomicFile.write(workload.file.bytes, to: file)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("peers/pytorch_mnist_keras.py")
        return try Peer(
            python: python, script: script, file: file, threads: threads,
            options: fused ? ["--fused"] : [])
    }

    /// How far the losses of both sides lie apart over the first steps.
    private func comparison(_ workload: Workload, _ peer: Peer) throws -> String {
        let mine = try OurRun(workload).losses(compare)
        let theirs = try peer.ask("losses \(compare)")
        guard mine.count == theirs.count else {
            throw Peer.Failure(description: "the peer gave \(theirs.count) losses")
        }
        let differences = zip(mine, theirs).map { abs($0 - $1) / max(abs($1), 1e-12) }
        return String(
            format:
                "losses     %d steps, %.4f to %.4f (peer %.4f), largest relative difference %.1e",
            compare, mine[0], mine[compare - 1], theirs[compare - 1], differences.max() ?? 0)
    }

    private func line(_ name: String, _ rounds: [[Double]]) -> String {
        let each = rounds.map { String(format: "%.3f", median($0)) }.joined(separator: " ")
        return name.padding(toLength: 20, withPad: " ", startingAt: 0)
            + String(format: " median %.3f ms a step", median(rounds.flatMap { $0 }))
            + "  (turns: \(each))"
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
