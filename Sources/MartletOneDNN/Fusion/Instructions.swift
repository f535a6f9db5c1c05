import CKernels
import Foundation
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

/// One instruction on numbers, as far as deciding what happens to zeros needs it; `nil` for the rest.
func probe(_ operation: UInt8, _ x: [Double]) -> Double? {
    switch Int(operation) {
    case Int(CK_COPY): x[0]
    case Int(CK_NEGATE): -x[0]
    case Int(CK_ABS): abs(x[0])
    case Int(CK_SIGN): x[0] == 0 ? 0 : (x[0] > 0 ? 1 : -1)
    case Int(CK_SQRT): x[0].squareRoot()
    case Int(CK_RSQRT): 1 / x[0].squareRoot()
    case Int(CK_RECIPROCAL): 1 / x[0]
    case Int(CK_TANH): tanh(x[0])
    case Int(CK_EXP): exp(x[0])
    case Int(CK_SIGMOID): 1 / (1 + exp(-x[0]))
    case Int(CK_RELU): max(x[0], 0)
    case Int(CK_ADD): x[0] + x[1]
    case Int(CK_SUBTRACT): x[0] - x[1]
    case Int(CK_MULTIPLY): x[0] * x[1]
    case Int(CK_DIVIDE): x[0] / x[1]
    case Int(CK_POWER): pow(x[0], x[1])
    case Int(CK_MAXIMUM): max(x[0], x[1])
    case Int(CK_MINIMUM): min(x[0], x[1])
    case Int(CK_EQUAL): x[0] == x[1] ? 1 : 0
    case Int(CK_NOT_EQUAL): x[0] != x[1] ? 1 : 0
    case Int(CK_LESS): x[0] < x[1] ? 1 : 0
    case Int(CK_LESS_OR_EQUAL): x[0] <= x[1] ? 1 : 0
    case Int(CK_GREATER): x[0] > x[1] ? 1 : 0
    case Int(CK_GREATER_OR_EQUAL): x[0] >= x[1] ? 1 : 0
    case Int(CK_SELECT): x[0] != 0 ? x[1] : x[2]
    case Int(CK_MULTIPLY_ADD): x[0] * x[1] + x[2]
    default: nil
    }
}
