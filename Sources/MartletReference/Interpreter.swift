import MartletCompiler
import MartletGraph

/// Computes single nodes and whole graphs by plain loops: the meaning of every operation.
///
/// Sums and products of `f32` are kept in `Double` and rounded once.
public enum Interpreter {
    /// The result of one operation on operands in ordinary memory.
    ///
    /// - Errors: `ShapeError` when the operation cannot take the operands, `EngineError` when its
    ///   result has not the type `type`, or for an input or a variable, which have no value here.
    public static func evaluate(
        _ op: Op, _ inputs: [HostTensor], type: TensorType
    ) throws -> HostTensor {
        try check(op, inputs.map(\.type), type)
        switch op {
        case .input(let name, _), .variable(let name, _):
            throw EngineError("\(op.name) \(name) has no value outside a run")
        case .constant(let tensor): return tensor
        case .random(let distribution, _, let stream):
            return random(distribution, type, stream: stream, key: inputs[0])
        case .unary(.logicalNot): return logicalNot(inputs[0])
        case .binary(.logicalAnd), .binary(.logicalOr):
            guard case .binary(let logicalOp) = op else { throw unsupported(op, type) }
            return try logical(logicalOp, inputs[0], inputs[1])
        case .select: return select(inputs[0], inputs[1], inputs[2])
        case .cast(let dtype): return cast(inputs[0], to: dtype)
        case .broadcast(let shape): return broadcast(inputs[0], to: shape)
        case .reshape(let shape): return inputs[0].reshaped(shape)
        case .transpose(let permutation): return transpose(inputs[0], permutation)
        case .slice(let box): return slice(inputs[0], box, type)
        case .pad(let padding): return pad(inputs[0], padding, type)
        case .concatenate(let axis): return concatenate(inputs, axis: axis, type)
        case .reverse(let axes): return reverse(inputs[0], axes)
        case .gather(let axis): return gather(inputs[0], inputs[1], axis: axis, type)
        case .gatherAlong(let axis): return gatherAlong(inputs[0], inputs[1], axis: axis, type)
        case .oneHot(let classes, _): return oneHot(inputs[0], classes: classes, type)
        case .iota, .unary, .binary, .compare, .reduce, .argReduce, .cumulativeSum, .scatterAdd,
            .scatterAddAlong:
            return try evaluateNumbers(op, inputs, type)
        case .matmul, .conv2D, .conv2DInputGradient, .conv2DWeightGradient, .maxPool2D,
            .maxPool2DGradient, .maxPool2DTangent, .averagePool2D, .averagePool2DGradient,
            .softmax, .logSoftmax, .standardize, .standardizeGradient:
            return try evaluateReals(op, inputs, type)
        }
    }

    /// Chooses the element type of an operation that works on any numbers.
    private static func evaluateNumbers(
        _ op: Op, _ inputs: [HostTensor], _ type: TensorType
    ) throws -> HostTensor {
        switch (inputs.first?.type ?? type).dtype {
        case .float32, .float64: try evaluateReals(op, inputs, type)
        case .int32: try number(op, inputs, type, of: Int32.self)
        case .int64: try number(op, inputs, type, of: Int64.self)
        case .uint8: try number(op, inputs, type, of: UInt8.self)
        case .bool: try evaluateTruths(op, inputs, type)
        }
    }

    /// Computes with truth values as numbers where the operation lets them in.
    private static func evaluateTruths(
        _ op: Op, _ inputs: [HostTensor], _ type: TensorType
    ) throws -> HostTensor {
        switch op {
        case .compare:
            return try number(op, inputs.map { numbers(fromTruths: $0) }, type, of: UInt8.self)
        case .scatterAdd, .scatterAddAlong:
            let updates = cast(inputs[0], to: .int64)
            let counts = try number(
                op, [updates, inputs[1]], type.with(dtype: .int64), of: Int64.self)
            return cast(counts, to: .bool)
        default: throw unsupported(op, type)
        }
    }

    /// Chooses the element type of an operation on floating-point numbers.
    private static func evaluateReals(
        _ op: Op, _ inputs: [HostTensor], _ type: TensorType
    ) throws -> HostTensor {
        if (inputs.first?.type ?? type).dtype == .float64 {
            try real(op, inputs, type, of: Double.self)
        } else {
            try real(op, inputs, type, of: Float.self)
        }
    }

    /// An operation that is defined for integers and floats alike.
    private static func number<Scalar: Number>(
        _ op: Op, _ x: [HostTensor], _ type: TensorType, of: Scalar.Type
    ) throws -> HostTensor {
        switch op {
        case .iota(_, let axis): iota(type, axis: axis, of: of)
        case .unary(let unaryOp): try unary(unaryOp, x[0], of: of)
        case .binary(let binaryOp): try binary(binaryOp, x[0], x[1], of: of)
        case .compare(let comparison): compare(comparison, x[0], x[1], of: of)
        case .reduce(let kind, let axes): reduce(kind, x[0], axes: axes, type, of: of)
        case .argReduce(let kind, let axis): argReduce(kind, x[0], axis: axis, type, of: of)
        case .cumulativeSum(let axis, let reverse):
            cumulativeSum(x[0], axis: axis, reverse: reverse, of: of)
        case .scatterAdd(let axis, _): scatterAdd(x[0], x[1], axis: axis, type, of: of)
        case .scatterAddAlong(let axis, _): scatterAddAlong(x[0], x[1], axis: axis, type, of: of)
        default: throw unsupported(op, type)
        }
    }

    /// An operation on floats: one that only they have, or one of all numbers.
    private static func real<Scalar: Real>(
        _ op: Op, _ x: [HostTensor], _ type: TensorType, of: Scalar.Type
    ) throws -> HostTensor {
        switch op {
        case .unary(let unaryOp): try unary(unaryOp, x[0], of: of)
        case .binary(.power): power(x[0], x[1], of: of)
        case .matmul(let a): matmul(a, x[0], x[1], type, of: of)
        case .conv2D(let a): conv2D(a, x[0], x[1], type, of: of)
        case .conv2DInputGradient(let a, _): conv2DInputGradient(a, x[0], x[1], type, of: of)
        case .conv2DWeightGradient(let a, _): conv2DWeightGradient(a, x[0], x[1], type, of: of)
        case .maxPool2D(let a): maxPool2D(a, x[0], type, of: of)
        case .maxPool2DGradient(let a): maxPool2DGradient(a, x[0], x[1], of: of)
        case .maxPool2DTangent(let a): maxPool2DTangent(a, x[0], x[1], type, of: of)
        case .averagePool2D(let a): averagePool2D(a, x[0], type, of: of)
        case .averagePool2DGradient(let a, _): averagePool2DGradient(a, x[0], type, of: of)
        case .softmax(let axis): softmax(x[0], axis: axis, logarithm: false, of: of)
        case .logSoftmax(let axis): softmax(x[0], axis: axis, logarithm: true, of: of)
        case .standardize(let axes, let epsilon):
            standardize(x[0], axes: axes, epsilon: epsilon, of: of)
        case .standardizeGradient(let axes, let epsilon):
            standardizeGradient(x[0], x[1], axes: axes, epsilon: epsilon, of: of)
        default: try number(op, x, type, of: of)
        }
    }

    /// The error for an operation that does not go with an element type.
    static func unsupported(_ op: Op, _ type: TensorType) -> EngineError {
        EngineError("the reference engine has no \(op.name) for \(type.dtype.rawValue)")
    }
}
