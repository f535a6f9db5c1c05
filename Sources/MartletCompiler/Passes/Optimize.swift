import MartletGraph

/// Runs all passes over `graph` until none finds anything to do, at most eight rounds.
///
/// Outputs, assignments and inputs stay as they are, in order; values get other indices. What the
/// passes may change is a number's rounding, as `simplify` and `foldConstants` document.
///
/// Every pass' result is verified in debug builds and when `settings` ask for it. Each pass is
/// reported to `report`, on standard error at `MARTLET_DEBUG=3`, and in files of `MARTLET_DUMP`.
///
/// - Parameter evaluate: computes one operation; the reference interpreter's `evaluate`.
/// - Throws: an error that names the pass which broke the graph, which is a mistake in the pass.
public func optimize(
    _ graph: Graph, settings: Settings = .current, evaluate: ConstantEvaluator,
    report: (PassReport) -> Void = { _ in }
) throws(EngineError) -> Graph {
    let verifies = settings.verifies || _isDebugAssertConfiguration()
    var graph = graph
    let startCount = graph.nodes.count
    if verifies { try check(graph, after: "tracing") }
    Dump.write(graph, stage: "start", settings: settings)

    /// Runs one pass; returns whether it changed anything.
    func run(
        _ name: String, _ round: Int, _ pass: (Graph) -> PassResult
    ) throws(EngineError) -> Bool {
        let result = pass(graph)
        if verifies { try check(result.graph, after: name) }
        let entry = PassReport(
            pass: name, round: round, before: graph, after: result.graph, changes: result.changes)
        report(entry)
        Log.debug(3, settings: settings, entry.text)
        if result.changes > 0 { Dump.write(result.graph, stage: name, settings: settings) }
        graph = result.graph
        return result.changes > 0
    }

    var rounds = 0
    var isChanging = true
    while isChanging && rounds < 8 {
        rounds += 1
        _ = try run("removeDeadNodes", rounds) { deadNodesRemoved($0) }
        let merged = try run("mergeEqualNodes", rounds) { equalNodesMerged($0) }
        let folded = try run("foldConstants", rounds) { constantsFolded($0, evaluate: evaluate) }
        let changed = try run("simplify", rounds) { simplified($0) }
        isChanging = merged || folded || changed
    }
    if isChanging { _ = try run("removeDeadNodes", rounds) { deadNodesRemoved($0) } }
    Log.debug(
        1, settings: settings,
        "optimized \(graph.name): \(startCount) nodes, now \(graph.nodes.count), \(rounds) rounds")
    return graph
}

private func check(_ graph: Graph, after pass: String) throws(EngineError) {
    do {
        try graph.verify()
    } catch {
        throw EngineError("the graph \(graph.name) is broken after \(pass)\n\(error.description)")
    }
}
