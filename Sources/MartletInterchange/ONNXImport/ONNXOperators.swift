import MartletFormats
import MartletGraph

extension ONNXImporter {
    /// Appends what a node computes, and returns its results.
    mutating func lower(_ use: ONNXUse) throws -> [Operand] {
        let kind = use.node.kind
        guard use.node.domain.isEmpty else {
            throw use.refused(
                "operators of ONNX itself", "operator \(use.node.domain).\(kind)")
        }
        if let other = use.node.attributes.values.compactMap(\.unread).first {
            throw use.refused("numbers and texts as settings", other)
        }
        if let unary = Self.unary[kind] { return [try apply(unary, use)] }
        if let binary = Self.binary[kind] { return [try fold(binary, use)] }
        if let comparison = Self.comparisons[kind] {
            let (a, b) = try broadcastPair(use, 0, 1)
            return [operand(try builder.append(.compare(comparison), [a, b]))]
        }
        if let reduction = Self.reductions[kind] { return [try reduce(reduction, use)] }
        if let result = try activation(kind, use) { return [operand(result)] }
        if let results = try shapeOperator(kind, use) { return results }
        if let result = try numericOperator(kind, use) { return [operand(result)] }
        throw use.refused(
            "an operator that is read here", "operator \(kind)",
            fix: "docs/formats.md lists the operators")
    }

    /// Convolutions, products, pools and norms.
    private mutating func numericOperator(_ kind: String, _ use: ONNXUse) throws -> Value? {
        switch kind {
        case "Conv": return try convolution(use)
        case "Gemm": return try gemm(use)
        case "MatMul": return try matrixProduct(use)
        case "MaxPool": return try maxPool(use)
        case "AveragePool": return try averagePool(use)
        case "GlobalAveragePool": return try globalPool(use, .sum)
        case "GlobalMaxPool": return try globalPool(use, .max)
        case "BatchNormalization": return try batchNormalization(use)
        case "LayerNormalization": return try layerNormalization(use)
        case "InstanceNormalization": return try instanceNormalization(use)
        case "GroupNormalization": return try groupNormalization(use)
        case "Softmax": return try softmax(use, logarithm: false)
        case "LogSoftmax": return try softmax(use, logarithm: true)
        case "ArgMax": return try argReduce(use, .max)
        case "ArgMin": return try argReduce(use, .min)
        case "Where": return try choice(use)
        default: return nil
        }
    }

    private static let unary: [String: UnaryOp] = [
        "Relu": .relu, "Sigmoid": .sigmoid, "Tanh": .tanh, "Exp": .exp, "Log": .log,
        "Sqrt": .sqrt, "Neg": .negate, "Abs": .abs, "Reciprocal": .reciprocal, "Floor": .floor,
        "Sin": .sin, "Cos": .cos, "Erf": .erf, "Sign": .sign, "Not": .logicalNot,
    ]
    private static let binary: [String: BinaryOp] = [
        "Add": .add, "Sub": .subtract, "Mul": .multiply, "Div": .divide, "Pow": .power,
        "Sum": .add, "Max": .maximum, "Min": .minimum, "Mean": .add, "And": .logicalAnd,
        "Or": .logicalOr,
    ]
    private static let comparisons: [String: Comparison] = [
        "Equal": .equal, "Less": .less, "LessOrEqual": .lessOrEqual, "Greater": .greater,
        "GreaterOrEqual": .greaterOrEqual,
    ]
    private static let reductions: [String: Reduction] = [
        "ReduceSum": .sum, "ReduceMean": .sum, "ReduceProd": .product, "ReduceMax": .max,
        "ReduceMin": .min,
    ]

    private mutating func apply(_ op: UnaryOp, _ use: ONNXUse) throws -> Operand {
        let x = value(try use.input(0))
        return operand(try builder.append(.unary(op), [x]))
    }

    /// An operator of two operands; some take any number of them.
    private mutating func fold(_ op: BinaryOp, _ use: ONNXUse) throws -> Operand {
        let takesMany = ["Sum", "Max", "Min", "Mean"].contains(use.node.kind)
        guard takesMany ? !use.inputs.isEmpty : use.inputs.count == 2 else {
            throw use.refused(
                takesMany ? "at least one operand" : "two operands", "\(use.inputs.count)",
                .malformed)
        }
        var result = value(try use.input(0))
        for index in 1..<max(1, use.inputs.count) {
            var next = value(try use.input(index))
            // The exponent may have a type of its own.
            let dtype = builder.type(result).dtype
            if op == .power, builder.type(next).dtype != dtype {
                next = try builder.append(.cast(dtype), [next])
            }
            (result, next) = try broadcast(result, next)
            result = try builder.append(.binary(op), [result, next])
        }
        if use.node.kind == "Mean", use.inputs.count > 1 {
            result = try scaled(result, 1 / Double(use.inputs.count))
        }
        return operand(result)
    }

    private mutating func choice(_ use: ONNXUse) throws -> Value {
        var values = [
            value(try use.input(0)), value(try use.input(1)), value(try use.input(2)),
        ]
        let shape = try commonShape(values.map { builder.type($0).shape })
        for index in values.indices { values[index] = try broadcast(values[index], to: shape) }
        return try builder.append(.select, values)
    }

    // MARK: Broadcasting

    mutating func broadcastPair(_ use: ONNXUse, _ a: Int, _ b: Int) throws -> (Value, Value) {
        let first = value(try use.input(a))
        let second = value(try use.input(b))
        return try broadcast(first, second)
    }

    mutating func broadcast(_ a: Value, _ b: Value) throws -> (Value, Value) {
        let shape = try commonShape([builder.type(a).shape, builder.type(b).shape])
        return (try broadcast(a, to: shape), try broadcast(b, to: shape))
    }

    mutating func broadcast(_ x: Value, to shape: [Int]) throws -> Value {
        builder.type(x).shape == shape ? x : try builder.append(.broadcast(shape), [x])
    }

    /// The shape that all shapes can be repeated to.
    func commonShape(_ shapes: [[Int]]) throws -> [Int] {
        let rank = shapes.map(\.count).max() ?? 0
        var result = [Int](repeating: 1, count: rank)
        for shape in shapes {
            for (axis, size) in shape.enumerated() {
                let place = rank - shape.count + axis
                if size == 1 || size == result[place] { continue }
                guard result[place] == 1 else {
                    throw ShapeError(
                        operation: "broadcast", expected: "sizes that are equal, or 1",
                        received: shapes.map(\.description).joined(separator: " and "))
                }
                result[place] = size
            }
        }
        return result
    }

    mutating func scaled(_ x: Value, _ factor: Double) throws -> Value {
        if factor == 1 { return x }
        let number = builder.constant(factor, like: x)
        return try builder.append(.binary(.multiply), [x, number])
    }
}

extension ONNXAttribute {
    /// What it is, in words, when it is of a kind that is not read.
    fileprivate var unread: String? {
        if case .other(let what) = self { return what }
        return nil
    }
}
