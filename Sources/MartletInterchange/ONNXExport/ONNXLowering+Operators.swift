import Martlet
import MartletFormats
import MartletGraph

extension ONNXLowering {
    /// Writes the node behind a value, and returns the name of its result.
    mutating func lower(_ node: Node, _ value: Value) throws -> String {
        switch node.op {
        case .unary(let op): return try unary(op, node, value)
        case .binary(let op):
            if op == .add, let fused = try fusedSum(node, value) { return fused }
            return emit(Self.kind(op), try loose(node, value), at: value)
        case .compare(let op): return try comparison(op, node, value)
        case .select: return emit("Where", try loose(node, value), at: value)
        case .cast(let dtype):
            return try single(
                "Cast", node, value, ["to": .integer(ONNXElement(dtype).rawValue)])
        case .softmax(let axis): return try single("Softmax", node, value, ["axis": .integer(axis)])
        case .logSoftmax(let axis):
            return try single("LogSoftmax", node, value, ["axis": .integer(axis)])
        case .standardize(let axes, let epsilon):
            return try standardize(axes, epsilon, node, value)
        case .matmul(let attributes): return try product(attributes, node, value, bias: nil)
        case .conv2D(let attributes): return try convolution(attributes, node, value, bias: nil)
        case .maxPool2D(let window): return try maxPool(window, node, value)
        case .averagePool2D(let window): return try averagePool(window, node, value)
        case .reduce(let kind, let axes): return try reduction(kind, axes, node, value)
        case .argReduce(let kind, let axis):
            return try single(
                kind == .max ? "ArgMax" : "ArgMin", node, value,
                ["axis": .integer(axis), "keepdims": .integer(0)])
        case .cumulativeSum(let axis, let reverse):
            let x = try name(node.inputs[0])
            return emit(
                "CumSum", [x, constant(HostTensor(Int64(axis)))],
                ["reverse": .integer(reverse ? 1 : 0)], at: value)
        case .gather(let axis): return try pair("Gather", node, value, axis)
        case .gatherAlong(let axis): return try pair("GatherElements", node, value, axis)
        case .oneHot(let classes, let dtype):
            let indices = try name(node.inputs[0])
            let range = HostTensor(repeating: 0, TensorType(dtype, [1]))
            let on = HostTensor(repeating: 1, TensorType(dtype, [1]))
            let levels = HostTensor(
                type: TensorType(dtype, [2]), bytes: range.bytes + on.bytes)
            return emit(
                "OneHot", [indices, constant(HostTensor(Int64(classes))), constant(levels)],
                ["axis": .integer(-1)], at: value)
        default:
            if let result = try shapeOperator(node, value) { return result }
            throw refused(
                value, "an operation that ONNX has", node.op.name)
        }
    }

    private static func kind(_ op: BinaryOp) -> String {
        switch op {
        case .add: "Add"
        case .subtract: "Sub"
        case .multiply: "Mul"
        case .divide: "Div"
        case .power: "Pow"
        case .maximum: "Max"
        case .minimum: "Min"
        case .logicalAnd: "And"
        case .logicalOr: "Or"
        }
    }

    private mutating func unary(_ op: UnaryOp, _ node: Node, _ value: Value) throws -> String {
        let x = try name(node.inputs[0])
        switch op {
        case .negate: return emit("Neg", [x], at: value)
        case .abs: return emit("Abs", [x], at: value)
        case .sign: return emit("Sign", [x], at: value)
        case .exp: return emit("Exp", [x], at: value)
        case .expm1:
            let one = constant(1, node.type.dtype)
            return emit("Sub", [emit("Exp", [x], at: value), one], at: value)
        case .log: return emit("Log", [x], at: value)
        case .log1p:
            let one = constant(1, node.type.dtype)
            return emit("Log", [emit("Add", [x, one], at: value)], at: value)
        case .sqrt: return emit("Sqrt", [x], at: value)
        case .rsqrt: return emit("Reciprocal", [emit("Sqrt", [x], at: value)], at: value)
        case .reciprocal: return emit("Reciprocal", [x], at: value)
        case .sin: return emit("Sin", [x], at: value)
        case .cos: return emit("Cos", [x], at: value)
        case .erf: return emit("Erf", [x], at: value)
        case .tanh: return emit("Tanh", [x], at: value)
        case .sigmoid: return emit("Sigmoid", [x], at: value)
        case .relu: return emit("Relu", [x], at: value)
        case .floor: return emit("Floor", [x], at: value)
        case .logicalNot: return emit("Not", [x], at: value)
        }
    }

    private mutating func comparison(
        _ op: Comparison, _ node: Node, _ value: Value
    ) throws -> String {
        let operands = try loose(node, value)
        switch op {
        case .equal: return emit("Equal", operands, at: value)
        case .notEqual: return emit("Not", [emit("Equal", operands, at: value)], at: value)
        case .less: return emit("Less", operands, at: value)
        case .lessOrEqual: return emit("LessOrEqual", operands, at: value)
        case .greater: return emit("Greater", operands, at: value)
        case .greaterOrEqual: return emit("GreaterOrEqual", operands, at: value)
        }
    }

    /// (x − mean) / √(variance + ε) over axes.
    private mutating func standardize(
        _ axes: [Int], _ epsilon: Double, _ node: Node, _ value: Value
    ) throws -> String {
        let x = try name(node.inputs[0])
        let settings: [String: ONNXAttribute] = [
            "axes": .integers(axes), "keepdims": .integer(1),
        ]
        let centered = emit("Sub", [x, emit("ReduceMean", [x], settings, at: value)], at: value)
        let square = emit("Mul", [centered, centered], at: value)
        let variance = emit("ReduceMean", [square], settings, at: value)
        let raised = emit("Add", [variance, constant(epsilon, node.type.dtype)], at: value)
        return emit("Div", [centered, emit("Sqrt", [raised], at: value)], at: value)
    }

    /// Sums take their axes as an operand in this operator set, the others as a setting.
    private mutating func reduction(
        _ kind: Reduction, _ axes: [Int], _ node: Node, _ value: Value
    ) throws -> String {
        let x = try name(node.inputs[0])
        if axes.isEmpty { return emit("Identity", [x], at: value) }
        let name =
            switch kind {
            case .sum: "ReduceSum"
            case .product: "ReduceProd"
            case .max: "ReduceMax"
            case .min: "ReduceMin"
            }
        if kind == .sum {
            return emit(name, [x, constant(axes)], ["keepdims": .integer(0)], at: value)
        }
        return emit(
            name, [x], ["axes": .integers(axes), "keepdims": .integer(0)], at: value)
    }

    mutating func single(
        _ kind: String, _ node: Node, _ value: Value, _ attributes: [String: ONNXAttribute] = [:]
    ) throws -> String {
        emit(kind, [try name(node.inputs[0])], attributes, at: value)
    }

    private mutating func pair(
        _ kind: String, _ node: Node, _ value: Value, _ axis: Int
    ) throws -> String {
        let first = try name(node.inputs[0])
        return emit(
            kind, [first, try name(node.inputs[1])], ["axis": .integer(axis)], at: value)
    }

    // MARK: Broadcasting

    /// The operands of an elementwise operation, which ONNX repeats by itself.
    ///
    /// Where the operands as they are would give a smaller result, the first is repeated in full.
    private mutating func loose(_ node: Node, _ value: Value) throws -> [String] {
        var sources = node.inputs.map { source(of: $0) }
        let wanted = try sizes(of: value)
        let found = try implied(sources)
        if found != wanted {
            sources[0] = node.inputs[0]
            guard try implied(sources) == wanted else {
                throw refused(value, "operands of the result's shape", "\(wanted)")
            }
        }
        var result: [String] = []
        for source in sources { result.append(try name(source)) }
        return result
    }

    /// The value that a chain of repetitions begins with.
    func source(of value: Value) -> Value {
        var value = value
        while case .broadcast = graph[value].op { value = graph[value].inputs[0] }
        return value
    }

    private func implied(_ values: [Value]) throws -> [Size] {
        var result: [Size] = []
        for value in values {
            let shape = try sizes(of: value)
            while result.count < shape.count { result.insert(.fixed(1), at: 0) }
            for (axis, size) in shape.reversed().enumerated() where size != .fixed(1) {
                result[result.count - 1 - axis] = size
            }
        }
        return result
    }
}
