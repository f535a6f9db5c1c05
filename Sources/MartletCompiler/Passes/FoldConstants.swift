import MartletGraph

/// Computes one operation on known operands; the reference interpreter's `evaluate` fits.
public typealias ConstantEvaluator = (Op, [HostTensor], TensorType) throws -> HostTensor

/// Computes now what depends on constants only.
///
/// Nothing with more than 4,096 elements is folded, so that graphs stay small: a repeated number
/// stays a `broadcast` of it, and elementwise operations on repeated numbers are done once.
/// Counting and random nodes stay what they are. The numbers are those of `evaluate`; an operation
/// that it throws for stays in the graph.
public func foldConstants(_ graph: Graph, evaluate: ConstantEvaluator) -> Graph {
    constantsFolded(graph, evaluate: evaluate).graph
}

func constantsFolded(_ graph: Graph, evaluate: ConstantEvaluator) -> PassResult {
    let largest = 4096
    var known: [Value: HostTensor] = [:]

    /// The elements of a constant value of bounded size.
    func elements(_ value: Value, _ rewriter: Rewriter) -> HostTensor? {
        let node = rewriter[value]
        guard node.type.elementCount <= largest else { return nil }
        if case .constant(let tensor) = node.op { return tensor }
        if let tensor = known[value] { return tensor }
        var operands: [HostTensor] = []
        switch node.op {
        case .iota: break
        case .broadcast:
            guard let operand = elements(node.inputs[0], rewriter) else { return nil }
            operands = [operand]
        default: return nil
        }
        guard let result = try? evaluate(node.op, operands, node.type) else { return nil }
        known[value] = result
        return result
    }

    return Rewriter.rewrite(graph) { node, rewriter in
        guard node.op.isFoldable else { return nil }
        if node.op.isElementwise {
            let numbers = node.inputs.compactMap { rewriter.fact($0).splat }
            if numbers.count == node.inputs.count {
                let type = node.type.with(shape: [])
                guard let number = try? evaluate(node.op, numbers, type), number.type == type
                else { return nil }
                return rewriter.repeated(number, over: node.type.shape)
            }
        }
        guard node.type.elementCount <= largest else { return nil }
        var operands: [HostTensor] = []
        for input in node.inputs {
            guard let operand = elements(input, rewriter) else { return nil }
            operands.append(operand)
        }
        guard let result = try? evaluate(node.op, operands, node.type), result.type == node.type
        else { return nil }
        return rewriter.append(.constant(result), [])
    }
}

extension Op {
    /// True for operations that compute something from operands; `broadcast` is worth keeping.
    fileprivate var isFoldable: Bool {
        switch self {
        case .input, .variable, .constant, .iota, .random, .broadcast: false
        default: true
        }
    }
}
