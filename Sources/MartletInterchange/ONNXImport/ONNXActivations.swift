import MartletFormats
import MartletGraph

extension ONNXImporter {
    /// An activation function, `nil` for other operators.
    ///
    /// - Source: the operators' definitions in `docs/Operators.md` of the ONNX project.
    mutating func activation(_ kind: String, _ use: ONNXUse) throws -> Value? {
        switch kind {
        case "LeakyRelu":
            let (x, isPositive) = try split(use)
            let low = try scaled(x, try use.float("alpha", 0.01))
            return try builder.append(.select, [isPositive, x, low])
        case "PRelu": return try parametricRelu(use)
        case "ThresholdedRelu":
            let x = value(try use.input(0))
            let limit = builder.constant(try use.float("alpha", 1), like: x)
            let isAbove = try builder.append(.compare(.greater), [x, limit])
            return try builder.append(.select, [isAbove, x, builder.constant(0, like: x)])
        case "Elu":
            let (x, isPositive) = try split(use)
            return try elu(x, isPositive, alpha: try use.float("alpha", 1), rate: 1)
        case "Celu":
            let (x, isPositive) = try split(use)
            let alpha = try use.float("alpha", 1)
            return try elu(x, isPositive, alpha: alpha, rate: 1 / alpha)
        case "Selu":
            let (x, isPositive) = try split(use)
            let alpha = try use.float("alpha", 1.6732632423543772)
            let inner = try elu(x, isPositive, alpha: alpha, rate: 1)
            return try scaled(inner, try use.float("gamma", 1.0507009873554805))
        case "HardSigmoid":
            let x = value(try use.input(0))
            return try hardSigmoid(
                x, slope: try use.float("alpha", 0.2), offset: try use.float("beta", 0.5))
        case "HardSwish":
            let x = value(try use.input(0))
            let gate = try hardSigmoid(x, slope: 1 / 6, offset: 0.5)
            return try builder.append(.binary(.multiply), [x, gate])
        case "Softplus":
            let x = value(try use.input(0))
            let size = try builder.append(.unary(.abs), [x])
            let negative = try builder.append(.unary(.negate), [size])
            let small = try builder.append(.unary(.exp), [negative])
            let rest = try builder.append(.unary(.log1p), [small])
            let positive = try builder.append(.unary(.relu), [x])
            return try builder.append(.binary(.add), [positive, rest])
        case "Softsign":
            let x = value(try use.input(0))
            let size = try builder.append(.unary(.abs), [x])
            let divisor = try shifted(size, 1)
            return try builder.append(.binary(.divide), [x, divisor])
        case "Gelu": return try gelu(use)
        case "Clip": return try clip(use)
        case "Ceil":
            let x = value(try use.input(0))
            let negative = try builder.append(.unary(.negate), [x])
            let floor = try builder.append(.unary(.floor), [negative])
            return try builder.append(.unary(.negate), [floor])
        default: return nil
        }
    }

    mutating func shifted(_ x: Value, _ offset: Double) throws -> Value {
        try builder.append(.binary(.add), [x, builder.constant(offset, like: x)])
    }

    /// The operand, and where it is above zero.
    private mutating func split(_ use: ONNXUse) throws -> (Value, Value) {
        let x = value(try use.input(0))
        return (x, try builder.append(.compare(.greater), [x, builder.constant(0, like: x)]))
    }

    private mutating func elu(
        _ x: Value, _ isPositive: Value, alpha: Double, rate: Double
    ) throws -> Value {
        let held = try builder.append(.select, [isPositive, builder.constant(0, like: x), x])
        let low = try builder.append(.unary(.expm1), [try scaled(held, rate)])
        return try builder.append(.select, [isPositive, x, try scaled(low, alpha)])
    }

    private mutating func hardSigmoid(
        _ x: Value, slope: Double, offset: Double
    ) throws -> Value {
        let line = try shifted(try scaled(x, slope), offset)
        let high = try builder.append(.binary(.minimum), [line, builder.constant(1, like: x)])
        return try builder.append(.binary(.maximum), [high, builder.constant(0, like: x)])
    }

    private mutating func parametricRelu(_ use: ONNXUse) throws -> Value {
        let (x, isPositive) = try split(use)
        let slope = value(try use.input(1))
        let wide = try broadcast(slope, to: builder.type(x).shape)
        let low = try builder.append(.binary(.multiply), [x, wide])
        return try builder.append(.select, [isPositive, x, low])
    }

    private mutating func gelu(_ use: ONNXUse) throws -> Value {
        let x = value(try use.input(0))
        let gate: Value
        if try use.text("approximate") == "tanh" {
            let square = try builder.append(.binary(.multiply), [x, x])
            let cube = try builder.append(.binary(.multiply), [square, x])
            let sum = try builder.append(.binary(.add), [x, try scaled(cube, 0.044715)])
            gate = try builder.append(.unary(.tanh), [try scaled(sum, 0.7978845608028654)])
        } else {
            gate = try builder.append(.unary(.erf), [try scaled(x, 0.7071067811865476)])
        }
        let half = try scaled(x, 0.5)
        return try builder.append(.binary(.multiply), [half, try shifted(gate, 1)])
    }

    /// Limits as settings before operator set 11, as operands since.
    private mutating func clip(_ use: ONNXUse) throws -> Value {
        var x = value(try use.input(0))
        for (index, name, op) in [
            (1, "min", BinaryOp.maximum), (2, "max", BinaryOp.minimum),
        ] {
            var limit: Value?
            if use.node.attributes[name] != nil {
                limit = builder.constant(try use.float(name, 0), like: x)
            } else if let operand = use.optional(index) {
                limit = try broadcast(value(operand), to: builder.type(x).shape)
            }
            if let limit { x = try builder.append(.binary(op), [x, limit]) }
        }
        return x
    }
}
