import MartletGraph
import Testing

/// What differs first between two graphs, or `nil` when they are equal down to every bit.
func difference(_ a: Graph, _ b: Graph) -> String? {
    if a.name != b.name { return "names \(a.name) and \(b.name)" }
    if a.nodes.count != b.nodes.count { return "\(a.nodes.count) and \(b.nodes.count) nodes" }
    for (index, (x, y)) in zip(a.nodes, b.nodes).enumerated() {
        if x.op != y.op { return "%\(index): \(x.op) and \(y.op)" }
        if x.inputs != y.inputs { return "%\(index): operands \(x.inputs) and \(y.inputs)" }
        if x.type != y.type { return "%\(index): types \(x.type) and \(y.type)" }
        if x.origin != y.origin { return "%\(index): origins \(x.origin) and \(y.origin)" }
        let paths = (Array(x.origin.path.unicodeScalars), Array(y.origin.path.unicodeScalars))
        if paths.0 != paths.1 { return "%\(index): path \(x.origin.path) is spelled otherwise" }
    }
    if a.outputs != b.outputs { return "outputs \(a.outputs) and \(b.outputs)" }
    if a.assignments != b.assignments { return "\(a.assignments) and \(b.assignments)" }
    return nil
}

/// Checks that `graph` is valid and comes back from its text unchanged.
func expectRoundTrip(
    _ graph: Graph, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
) {
    do {
        try graph.verify()
        let back = try Graph(parsing: graph.text)
        #expect(difference(graph, back) == nil, comment, sourceLocation: sourceLocation)
        #expect(back.text == graph.text, comment, sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(comment): \(error)", sourceLocation: sourceLocation)
    }
}
