import CKernels
import Foundation

/// The kernels' operations one element at a time, the plain way.
enum KernelReference {
    /// Names of the operations in the order of their numbers.
    static let names = [
        "copy", "negate", "abs", "sign", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt",
        "reciprocal", "sin", "cos", "erf", "tanh", "sigmoid", "relu", "floor", "not", "add",
        "subtract", "multiply", "divide", "divideByte", "power", "maximum", "minimum", "and", "or",
        "equal",
        "notEqual", "less", "lessOrEqual", "greater", "greaterOrEqual", "select", "multiplyAdd",
        "subtractProduct", "wrapI32", "wrapU8",
    ]

    /// How many operands operation `number` takes.
    static func operandCount(_ number: Int) -> Int {
        (CK_SELECT...CK_SUBTRACT_PRODUCT).contains(number)
            ? 3 : (CK_ADD...CK_GREATER_OR_EQUAL).contains(number) ? 2 : 1
    }

    /// In double precision; exact for everything but the transcendental functions.
    static func real(_ number: Int, _ a: Double, _ b: Double, _ c: Double) -> Double {
        func truth(_ value: Bool) -> Double { value ? 1 : 0 }
        return switch number {
        case CK_COPY, CK_WRAP_I32, CK_WRAP_U8: a
        case CK_NEGATE: -a
        case CK_ABS: abs(a)
        case CK_SIGN: a > 0 ? 1 : a < 0 ? -1 : 0
        case CK_EXP: exp(a)
        case CK_EXPM1: expm1(a)
        case CK_LOG: log(a)
        case CK_LOG1P: log1p(a)
        case CK_SQRT: a.squareRoot()
        case CK_RSQRT: 1 / a.squareRoot()
        case CK_RECIPROCAL: 1 / a
        case CK_SIN: sin(a)
        case CK_COS: cos(a)
        case CK_ERF: erf(a)
        case CK_TANH: tanh(a)
        case CK_SIGMOID: a < 0 ? exp(a) / (1 + exp(a)) : 1 / (1 + exp(-a))
        case CK_RELU: a < 0 ? 0 : a
        case CK_FLOOR: a.rounded(.down)
        case CK_NOT: truth(a == 0)
        case CK_ADD: a + b
        case CK_SUBTRACT: a - b
        case CK_MULTIPLY: a * b
        case CK_DIVIDE, CK_DIVIDE_BYTE: a / b
        case CK_POWER: pow(a, b)
        case CK_MAXIMUM: a.isNaN || b.isNaN ? .nan : max(a, b)
        case CK_MINIMUM: a.isNaN || b.isNaN ? .nan : min(a, b)
        case CK_AND: truth(a != 0 && b != 0)
        case CK_OR: truth(a != 0 || b != 0)
        case CK_EQUAL: truth(a == b)
        case CK_NOT_EQUAL: truth(a != b)
        case CK_LESS: truth(a < b)
        case CK_LESS_OR_EQUAL: truth(a <= b)
        case CK_GREATER: truth(a > b)
        case CK_GREATER_OR_EQUAL: truth(a >= b)
        case CK_SELECT: a != 0 ? b : c
        case CK_SUBTRACT_PRODUCT: c - a * b
        default: a * b + c
        }
    }

    /// In wrapping 64-bit arithmetic; nil for operations without a meaning for integers.
    static func integer(_ number: Int, _ a: Int64, _ b: Int64, _ c: Int64) -> Int64? {
        func truth(_ value: Bool) -> Int64 { value ? 1 : 0 }
        return switch number {
        case CK_COPY, CK_FLOOR: a
        case CK_NEGATE: 0 &- a
        case CK_ABS: a < 0 ? 0 &- a : a
        case CK_SIGN: a.signum()
        case CK_RELU: max(a, 0)
        case CK_NOT: truth(a == 0)
        case CK_ADD: a &+ b
        case CK_SUBTRACT: a &- b
        case CK_MULTIPLY: a &* b
        case CK_DIVIDE, CK_DIVIDE_BYTE: b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
        case CK_RECIPROCAL: a == 0 ? 0 : 1 / a
        case CK_POWER: power(a, b)
        case CK_MAXIMUM: max(a, b)
        case CK_MINIMUM: min(a, b)
        case CK_AND: truth(a != 0 && b != 0)
        case CK_OR: truth(a != 0 || b != 0)
        case CK_EQUAL: truth(a == b)
        case CK_NOT_EQUAL: truth(a != b)
        case CK_LESS: truth(a < b)
        case CK_LESS_OR_EQUAL: truth(a <= b)
        case CK_GREATER: truth(a > b)
        case CK_GREATER_OR_EQUAL: truth(a >= b)
        case CK_SELECT: a != 0 ? b : c
        case CK_MULTIPLY_ADD: a &* b &+ c
        case CK_SUBTRACT_PRODUCT: c &- a &* b
        case CK_WRAP_I32: Int64(Int32(truncatingIfNeeded: a))
        case CK_WRAP_U8: Int64(UInt8(truncatingIfNeeded: a))
        default: nil
        }
    }

    private static func power(_ base: Int64, _ exponent: Int64) -> Int64 {
        if base == 1 || exponent == 0 { return 1 }
        if base == 0 || base == -1 {
            return base == 0 ? 0 : exponent % 2 == 0 ? 1 : -1
        }
        if exponent < 0 { return 0 }
        var result: Int64 = 1
        for _ in 0..<min(exponent, 200) { result = result &* base }
        return result
    }

    /// Conversion to an element type: floats truncate and saturate, NaN becomes 0.
    static func convert(_ value: Double, to type: KernelType) -> Double {
        func saturated(_ low: Double, _ high: Double) -> Double {
            value.isNaN ? 0 : min(max(value.rounded(.towardZero), low), high)
        }
        return switch type {
        case .f32: Double(Float(value))
        case .f64: value
        case .i32: saturated(-0x1p31, 0x1p31 - 1)
        case .i64: saturated(-0x1p63, 0x1p63)
        case .u8: saturated(0, 255)
        case .bool: value != 0 ? 1 : 0
        }
    }
}
