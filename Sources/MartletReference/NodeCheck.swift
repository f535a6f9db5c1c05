import MartletCompiler
import MartletGraph

extension Interpreter {
    /// Throws unless `op` takes operands of these types and gives `type`, a size that can exist.
    static func check(_ op: Op, _ inputs: [TensorType], _ type: TensorType) throws {
        for operand in inputs { try checkSize(operand) }
        try checkPairs(op)
        try checkSize(type)
        let result = try op.resultType(inputs)
        guard result == type else {
            throw EngineError(
                "the type of \(op.name) is wrong", expected: result.description,
                received: type.description)
        }
        if let groups = op.groups, let filters = op.filters(inputs), filters % groups != 0 {
            throw EngineError(
                "\(op.name) cannot split its filters into groups",
                expected: "a multiple of \(groups) filters", received: "\(filters)")
        }
    }

    /// Throws for negative sizes and for more bytes than can be counted.
    private static func checkSize(_ type: TensorType) throws {
        var bytes = type.dtype.byteCount
        for size in type.shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: max(1, size))
            guard size >= 0, !overflow else {
                throw EngineError("no tensor can have the type \(type)")
            }
            bytes = product
        }
    }

    /// Throws unless the sizes that an operation carries are pairs of positive numbers.
    private static func checkPairs(_ op: Op) throws {
        let pair: [Int]
        switch op {
        case .conv2DInputGradient(_, let size), .averagePool2DGradient(_, let size): pair = size
        case .conv2DWeightGradient(_, let kernel): pair = kernel
        default: return
        }
        guard pair.count == 2, pair.allSatisfy({ $0 >= 0 }) else {
            throw EngineError(
                "\(op.name) needs a height and a width", expected: "two sizes of 0 or more",
                received: "\(pair)")
        }
    }

    /// Throws unless every node of `graph` is right and stands after its operands.
    static func check(_ graph: Graph) throws {
        for (index, node) in graph.nodes.enumerated() {
            guard node.inputs.allSatisfy({ (0..<index).contains($0.index) }) else {
                throw EngineError("node %\(index) of \(graph.name) stands before its operands")
            }
            try check(node.op, node.inputs.map { graph[$0].type }, node.type)
        }
        let results = graph.outputs.map(\.value) + graph.assignments.map(\.value)
        guard results.allSatisfy({ graph.nodes.indices.contains($0.index) }) else {
            throw EngineError("a result of \(graph.name) names a node that does not exist")
        }
    }
}

extension Op {
    /// The groups of a convolution.
    fileprivate var groups: Int? {
        switch self {
        case .conv2D(let a), .conv2DInputGradient(let a, _), .conv2DWeightGradient(let a, _):
            a.groups
        default: nil
        }
    }

    /// The filters of a convolution with these operands, over all groups.
    fileprivate func filters(_ inputs: [TensorType]) -> Int? {
        switch self {
        case .conv2D: inputs[1].shape[0]
        case .conv2DInputGradient, .conv2DWeightGradient: inputs[0].shape[1]
        default: nil
        }
    }
}
