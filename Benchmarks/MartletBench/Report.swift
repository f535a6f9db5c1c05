import Foundation
import Martlet
import MartletData
import MartletRecipes

/// The numbers of a run as files.
struct Report {
    var machine: Machine
    var plan: TurnPlan
    var results: [Comparison]

    /// Everything, for programs.
    func writeJSON(to path: String) throws {
        func side(_ side: Comparison.Side) -> [String: Any] {
            var entry: [String: Any] = [
                "name": side.name, "median": side.median, "least": side.minimum,
                "turns": side.turns,
            ]
            if let difference = side.difference, difference.isFinite {
                entry["difference"] = difference
            }
            return entry
        }
        let entries = results.map { result in
            var entry: [String: Any] = [
                "workload": result.title, "kind": result.kind, "batch": result.batch,
                "unit": "ms", "martlet": side(result.ours), "peers": result.peers.map(side),
                "ratios": Dictionary(
                    result.peers.map { ($0.name, result.ratio($0)) },
                    uniquingKeysWith: { a, _ in a }),
            ]
            entry["gflop"] = result.flops
            entry["utilisation"] = result.utilisation
            entry["compileMilliseconds"] = result.compileTime
            return entry
        }
        let whole: [String: Any] = [
            "machine": [
                "processor": machine.processor, "threads": machine.threads,
                "instructionSet": machine.instructionSet, "gflops": machine.arithmetic,
                "gigabytesPerSecond": machine.bandwidth,
            ],
            "rounds": plan.rounds, "turnSeconds": plan.seconds, "results": entries,
        ]
        let data = try JSONSerialization.data(
            withJSONObject: whole, options: [.prettyPrinted, .sortedKeys])
        try AtomicFile.write(Array(data) + [10], to: URL(fileURLWithPath: path))
    }

    /// The tables of `docs/performance.md`.
    func writeMarkdown(to path: String) throws {
        var text = """
            Measured on \(machine.processor), \(machine.threads) threads, \
            \(machine.instructionSet): \(Int(machine.arithmetic)) GFLOP/s of multiply-adds, \
            \(Int(machine.bandwidth)) GB/s; \(plan.rounds) turns of \(plan.seconds) s.

            """
        for kind in ["training", "prediction"] {
            let rows = results.filter { $0.kind == kind }
            if !rows.isEmpty { text += "\n" + table(rows) }
        }
        try AtomicFile.write(Array(text.utf8), to: URL(fileURLWithPath: path))
    }

    private func table(_ rows: [Comparison]) -> String {
        var names: [String] = []
        for name in rows.flatMap({ $0.peers.map(\.name) }) where !names.contains(name) {
            names.append(name)
        }
        let isTraining = rows.contains { $0.utilisation != nil }
        let head =
            [isTraining ? "training" : "prediction", "batch", "Martlet, ms"]
            + (isTraining ? ["of the peak"] : []) + names.map { "\($0), ms (ratio)" }
        let cells = rows.map { row in
            [row.title, "\(row.batch)", String(format: "%.4g", row.ours.median)]
                + (isTraining ? [String(format: "%.0f %%", 100 * (row.utilisation ?? 0))] : [])
                + names.map { name in
                    guard let side = row.peers.first(where: { $0.name == name }) else { return "" }
                    return String(format: "%.4g (%.2f)", side.median, row.ratio(side))
                }
        }
        let lines = [head, head.map { _ in "---" }] + cells
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
            + "\n"
    }
}
