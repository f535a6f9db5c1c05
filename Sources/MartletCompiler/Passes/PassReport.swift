import MartletGraph

/// What one run of one pass did to a graph.
public struct PassReport: Sendable {
    /// The name of the pass' function.
    public var pass: String
    /// Counts from 1.
    public var round: Int
    /// The graph that went in and the one that came out.
    public var before: Graph, after: Graph
    /// How many nodes the pass removed or replaced.
    public var changes: Int

    /// One line with the counts, then one line for each node that went or came.
    public var text: String {
        let counts = "\(before.nodes.count) nodes, now \(after.nodes.count)"
        let line = "\(pass), round \(round) of \(before.name): \(counts), \(changes) changes"
        return ([line] + differences).joined(separator: "\n")
    }

    /// The nodes that are in one graph only, without their numbers: `  - …` went, `  + …` came.
    public var differences: [String] {
        guard changes > 0 else { return [] }
        var counts: [String: Int] = [:]
        for node in after.nodes { counts[after.summary(node), default: 0] += 1 }
        var gone: [String] = []
        for node in before.nodes {
            let summary = before.summary(node)
            let count = counts[summary, default: 0]
            if count > 0 { counts[summary] = count - 1 } else { gone.append("  - " + summary) }
        }
        var come: [String] = []
        for node in after.nodes.reversed() {
            let summary = after.summary(node)
            guard let count = counts[summary], count > 0 else { continue }
            counts[summary] = count - 1
            come.append("  + " + summary)
        }
        return gone + come.reversed()
    }
}

extension Graph {
    /// A node without the numbers of values, which passes change.
    fileprivate func summary(_ node: Node) -> String {
        let operands = node.inputs.map { operand in
            switch self[operand].op {
            case .input(let name, _), .variable(let name, _): name
            default: "\(self[operand].op.name) \(self[operand].type)"
            }
        }
        let call = "\(node.op.name)(\(operands.joined(separator: ", ")))"
        return [node.origin.path, node.type.description, call, node.op.attributeText]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }
}
