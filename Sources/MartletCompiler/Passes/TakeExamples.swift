import MartletGraph

extension Graph {
    /// The number of examples that all inputs have along their first axis, `nil` without any.
    public var exampleCount: Int? {
        let counts = Set(inputs.map { $0.type.shape.first ?? 0 })
        guard counts.count == 1, let count = counts.first, count > 0 else { return nil }
        return count
    }

    /// The same computation for so many examples, when the results of each depend on nothing else.
    ///
    /// That is seen from the operations: examples lie along the first axis of every value that comes
    /// from an input, and nothing looks across it.
    ///
    /// - Returns: `nil` when an operation might mix examples, a result does not have them along its
    ///   first axis, or a run leaves something behind.
    public func taking(examples count: Int) -> Graph? {
        guard count > 0, let all = exampleCount, assignments.isEmpty, !outputs.isEmpty else {
            return nil
        }
        var result = self
        var isExamples = [Bool](repeating: false, count: nodes.count)
        for (index, node) in nodes.enumerated() {
            let operands = node.inputs.map { isExamples[$0.index] }
            guard let kind = examplesAreFirst(node, operands, all) else { return nil }
            isExamples[index] = kind
            guard kind else { continue }
            result.nodes[index].type = TensorType(
                node.type.dtype, [count] + node.type.shape.dropFirst())
            result.nodes[index].op = node.op.with(examples: count)
        }
        // What every example shares may have been taken for examples, and the other way round.
        for (index, node) in result.nodes.enumerated() {
            let operands = node.inputs.map { result[$0].type }
            guard (try? node.op.resultType(operands)) == result.nodes[index].type else {
                return nil
            }
        }
        return outputs.allSatisfy { isExamples[$0.value.index] } ? result : nil
    }

    /// Whether a node's first axis counts examples; `nil` when it might mix them.
    private func examplesAreFirst(_ node: Node, _ operands: [Bool], _ all: Int) -> Bool? {
        let hasExamples = operands.contains(true)
        switch node.op {
        case .input: return true
        case .random: return nil
        case .broadcast(let shape):
            if hasExamples { return isFirstKept(node) ? true : nil }
            // A bias: the same for each example.
            let from = self[node.inputs[0]].type.shape
            let isRepeated = from.count < shape.count || from.first == 1
            return isRepeated && shape.first == all
        default: break
        }
        guard hasExamples else { return false }
        guard node.type.shape.first == all else { return nil }
        let isKept: Bool
        switch node.op {
        case _ where node.op.isElementwise, .concatenate(axis: 1...):
            isKept = operands.allSatisfy { $0 }
        case .reshape, .oneHot: isKept = true
        case .transpose(let permutation): isKept = permutation.first == 0
        case .slice(let a): isKept = a.starts[0] == 0 && a.limits[0] == all && a.strides[0] == 1
        case .pad(let a): isKept = a.low[0] == 0 && a.high[0] == 0 && a.interior[0] == 0
        case .reverse(let axes), .reduce(_, let axes), .standardize(let axes, _):
            isKept = !axes.contains(0)
        case .argReduce(_, let axis), .cumulativeSum(let axis, _), .softmax(let axis),
            .logSoftmax(let axis):
            isKept = axis > 0
        case .matmul(let a):
            isKept =
                node.type.rank == 2
                ? operands == [true, false] && !a.transposeA : operands == [true, true]
        case .conv2D: isKept = operands == [true, false]
        case .maxPool2D, .averagePool2D: isKept = true
        case .gather(let axis):
            isKept = axis == 0 ? operands == [false, true] : operands == [true, false]
        case .gatherAlong(let axis): isKept = axis > 0 && operands == [true, true]
        default: isKept = false
        }
        return isKept ? true : nil
    }

    /// Whether a broadcast of examples leaves their axis in its place.
    private func isFirstKept(_ node: Node) -> Bool {
        let from = self[node.inputs[0]].type.shape
        return from.count == node.type.rank && from.first == node.type.shape.first
    }
}

extension Op {
    /// The operation for another number of examples along the first axis of its result.
    fileprivate func with(examples count: Int) -> Op {
        switch self {
        case .input(let name, let type):
            return .input(name, TensorType(type.dtype, [count] + type.shape.dropFirst()))
        case .broadcast(let shape): return .broadcast([count] + shape.dropFirst())
        case .reshape(let shape): return .reshape([count] + shape.dropFirst())
        case .slice(var box):
            box.limits[0] = count
            return .slice(box)
        default: return self
        }
    }
}
