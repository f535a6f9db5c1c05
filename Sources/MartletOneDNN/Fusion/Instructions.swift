import CKernels
import MartletGraph

extension UnaryOp {
    /// The instruction that computes the function.
    var instruction: UInt8 {
        let code =
            switch self {
            case .negate: CK_NEGATE
            case .abs: CK_ABS
            case .sign: CK_SIGN
            case .exp: CK_EXP
            case .expm1: CK_EXPM1
            case .log: CK_LOG
            case .log1p: CK_LOG1P
            case .sqrt: CK_SQRT
            case .rsqrt: CK_RSQRT
            case .reciprocal: CK_RECIPROCAL
            case .sin: CK_SIN
            case .cos: CK_COS
            case .erf: CK_ERF
            case .tanh: CK_TANH
            case .sigmoid: CK_SIGMOID
            case .relu: CK_RELU
            case .floor: CK_FLOOR
            case .logicalNot: CK_NOT
            }
        return UInt8(code)
    }
}

extension BinaryOp {
    /// The instruction that computes the function.
    var instruction: UInt8 {
        let code =
            switch self {
            case .add: CK_ADD
            case .subtract: CK_SUBTRACT
            case .multiply: CK_MULTIPLY
            case .divide: CK_DIVIDE
            case .power: CK_POWER
            case .maximum: CK_MAXIMUM
            case .minimum: CK_MINIMUM
            case .logicalAnd: CK_AND
            case .logicalOr: CK_OR
            }
        return UInt8(code)
    }
}

extension Comparison {
    /// The instruction that compares.
    var instruction: UInt8 {
        let code =
            switch self {
            case .equal: CK_EQUAL
            case .notEqual: CK_NOT_EQUAL
            case .less: CK_LESS
            case .lessOrEqual: CK_LESS_OR_EQUAL
            case .greater: CK_GREATER
            case .greaterOrEqual: CK_GREATER_OR_EQUAL
            }
        return UInt8(code)
    }
}

/// Whether an instruction gives zero for certain when the marked operands are zero and the others
/// anything.
func makesZero(_ operation: UInt8, _ isZero: [Bool]) -> Bool {
    switch Int(operation) {
    case Int(CK_COPY), Int(CK_NEGATE), Int(CK_ABS), Int(CK_SIGN), Int(CK_SQRT), Int(CK_TANH),
        Int(CK_RELU), Int(CK_FLOOR), Int(CK_SIN), Int(CK_ERF), Int(CK_EXPM1), Int(CK_LOG1P):
        isZero[0]
    case Int(CK_ADD), Int(CK_SUBTRACT), Int(CK_MAXIMUM), Int(CK_MINIMUM): isZero[0] && isZero[1]
    case Int(CK_MULTIPLY), Int(CK_AND): isZero[0] || isZero[1]
    case Int(CK_DIVIDE), Int(CK_DIVIDE_BYTE): isZero[0] && !isZero[1]
    case Int(CK_SELECT): isZero[1] && isZero[2]
    case Int(CK_MULTIPLY_ADD), Int(CK_SUBTRACT_PRODUCT): (isZero[0] || isZero[1]) && isZero[2]
    default: false
    }
}
