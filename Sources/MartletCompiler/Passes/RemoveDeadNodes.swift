import MartletGraph

/// Drops the nodes that no output and no assignment needs.
///
/// Inputs stay, used or not, because callers fill them by position. A variable stays when it is
/// assigned; one that is neither read nor assigned goes.
public func removeDeadNodes(_ graph: Graph) -> Graph { deadNodesRemoved(graph).graph }

func deadNodesRemoved(_ graph: Graph) -> PassResult {
    var isLive = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { isLive[output.value.index] = true }
    let assigned = Set(graph.assignments.map(\.variable))
    for assignment in graph.assignments { isLive[assignment.value.index] = true }
    for index in graph.nodes.indices.reversed() {
        switch graph.nodes[index].op {
        case .input: isLive[index] = true
        case .variable(let name, _) where assigned.contains(name): isLive[index] = true
        default: break
        }
        if isLive[index] {
            for input in graph.nodes[index].inputs { isLive[input.index] = true }
        }
    }
    let deadCount = isLive.count { !$0 }
    if deadCount == 0 { return PassResult(graph: graph, changes: 0) }
    return PassResult(graph: graph.keeping(isLive), changes: deadCount)
}

extension Graph {
    /// The nodes marked in `isLive`, which contains the operands of each of its nodes.
    fileprivate func keeping(_ isLive: [Bool]) -> Graph {
        var places = [Int](repeating: -1, count: nodes.count)
        var result = Graph(name: name)
        result.nodes.reserveCapacity(nodes.count)
        for index in nodes.indices where isLive[index] {
            var node = nodes[index]
            node.inputs = node.inputs.map { Value(places[$0.index]) }
            if let forward = node.origin.forward {
                let place = places.indices.contains(forward.index) ? places[forward.index] : -1
                node.origin.forward = place < 0 ? nil : Value(place)
            }
            places[index] = result.nodes.count
            result.nodes.append(node)
        }
        result.outputs = outputs.map { Output($0.name, Value(places[$0.value.index])) }
        result.assignments = assignments.map {
            Assignment($0.variable, Value(places[$0.value.index]))
        }
        return result
    }
}
