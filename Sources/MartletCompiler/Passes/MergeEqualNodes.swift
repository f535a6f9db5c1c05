import MartletGraph

/// Computes once what is computed several times: nodes with equal operations and operands.
///
/// Exact. Operands of commutative operations may stand in either order, and `a < b` equals `b > a`;
/// `maximum` and `minimum` are left out because of the sign of zero. Random nodes are pure
/// functions of stream and key, so equal ones are merged too. Inputs and large constants are not.
public func mergeEqualNodes(_ graph: Graph) -> Graph { equalNodesMerged(graph).graph }

func equalNodesMerged(_ graph: Graph) -> PassResult {
    var seen: [NodeKey: Value] = [:]
    seen.reserveCapacity(graph.nodes.count)
    return Rewriter.rewrite(graph) { node, rewriter in
        guard let key = NodeKey(node) else { return nil }
        if let earlier = seen[key] { return earlier }
        seen[key] = rewriter.next
        return nil
    }
}

/// What two nodes have in common when they compute the same; `nil` for nodes that stay apart.
private struct NodeKey: Hashable {
    var op: Op
    var inputs: [Value]

    init?(_ node: Node) {
        (op, inputs) = (node.op, node.inputs)
        switch node.op {
        case .input: return nil
        case .constant(let tensor) where tensor.bytes.count > 4096: return nil
        case .binary(.add), .binary(.multiply), .binary(.logicalAnd), .binary(.logicalOr),
            .compare(.equal), .compare(.notEqual):
            inputs.sort()
        case .compare(.greater): (op, inputs) = (.compare(.less), inputs.reversed())
        case .compare(.greaterOrEqual): (op, inputs) = (.compare(.lessOrEqual), inputs.reversed())
        default: break
        }
    }
}
