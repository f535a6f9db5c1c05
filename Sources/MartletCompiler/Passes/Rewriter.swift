import MartletGraph

/// Copies a graph node by node, in order, while a pass replaces some nodes by others.
///
/// Every node gets its operands from the new graph, so a rule sees operands that are already
/// rewritten, and one walk carries a change through a whole chain.
struct Rewriter {
    /// The graph that is copied.
    let source: Graph
    /// The graph that grows.
    private(set) var builder: GraphBuilder
    /// What is known of the new nodes, by index.
    private(set) var facts: [Fact] = []
    /// How many nodes were replaced.
    private(set) var changes = 0
    /// How often each new node's original is used.
    private var useCounts: [Int] = []
    private var places: [Value?]
    private let sourceUseCounts: [Int]

    init(_ graph: Graph) {
        source = graph
        builder = GraphBuilder(name: graph.name)
        builder.graph.nodes.reserveCapacity(graph.nodes.count)
        places = [Value?](repeating: nil, count: graph.nodes.count)
        sourceUseCounts = graph.useCounts
    }

    /// Walks `graph`; `replace` gives the value that stands for a node, or `nil` to keep the node.
    ///
    /// The node that `replace` gets has operands of the new graph. A replacement has its type.
    static func rewrite(
        _ graph: Graph, _ replace: (Node, inout Rewriter) -> Value?
    ) -> PassResult {
        var rewriter = Rewriter(graph)
        for index in graph.nodes.indices {
            let node = rewriter.moved(graph.nodes[index])
            rewriter.builder.origin = node.origin
            let value: Value
            if let replacement = replace(node, &rewriter) {
                rewriter.changes += 1
                value = replacement
                assert(rewriter[value].type == node.type, "\(node.op.name) changed its type")
            } else {
                value = rewriter.keep(node)
            }
            rewriter.useCounts[value.index] += rewriter.sourceUseCounts[index]
            rewriter.places[index] = value
        }
        return PassResult(graph: rewriter.finished(), changes: rewriter.changes)
    }

    /// A node of the new graph.
    subscript(value: Value) -> Node { builder.graph.nodes[value.index] }

    /// What is known of a value of the new graph.
    func fact(_ value: Value) -> Fact { facts[value.index] }

    /// True when the original of `value` has just one user, outputs and assignments counted.
    func isUsedOnce(_ value: Value) -> Bool { useCounts[value.index] == 1 }

    /// The value that the next node to be appended will have.
    var next: Value { Value(builder.graph.nodes.count) }

    /// Appends a node as it is.
    mutating func keep(_ node: Node) -> Value {
        builder.graph.nodes.append(node)
        noteLast()
        return Value(builder.graph.nodes.count - 1)
    }

    /// Appends an operation whose operands are right by construction.
    mutating func append(_ op: Op, _ inputs: [Value]) -> Value {
        do {
            let value = try builder.append(op, inputs)
            noteLast()
            return value
        } catch {
            preconditionFailure("internal: a pass made a wrong node: \(error.description)")
        }
    }

    /// The number of `scalar`, which has no axes, repeated over `shape`.
    mutating func repeated(_ scalar: HostTensor, over shape: [Int]) -> Value {
        if shape.allSatisfy({ $0 == 1 }) { return append(.constant(scalar.reshaped(shape)), []) }
        return append(.broadcast(shape), [append(.constant(scalar), [])])
    }

    private mutating func noteLast() {
        let node = builder.graph.nodes[builder.graph.nodes.count - 1]
        facts.append(Fact(of: node, operands: node.inputs.map { facts[$0.index] }))
        useCounts.append(0)
    }

    private func moved(_ node: Node) -> Node {
        var node = node
        node.inputs = node.inputs.map { places[$0.index] ?? $0 }
        if let forward = node.origin.forward {
            node.origin.forward =
                places.indices.contains(forward.index) ? places[forward.index] : nil
        }
        return node
    }

    private func finished() -> Graph {
        var graph = builder.graph
        graph.outputs = source.outputs.map {
            Graph.Output($0.name, places[$0.value.index] ?? $0.value)
        }
        graph.assignments = source.assignments.map {
            Graph.Assignment($0.variable, places[$0.value.index] ?? $0.value)
        }
        return graph
    }
}

/// What a pass made of a graph.
struct PassResult {
    var graph: Graph
    /// How many nodes the pass removed or replaced.
    var changes: Int
}

extension Graph {
    /// How many operands, outputs and assignments refer to each node.
    var useCounts: [Int] {
        var counts = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for input in node.inputs { counts[input.index] += 1 } }
        for output in outputs { counts[output.value.index] += 1 }
        for assignment in assignments { counts[assignment.value.index] += 1 }
        return counts
    }
}
