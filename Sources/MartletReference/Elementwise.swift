import Foundation
import MartletGraph

extension Interpreter {
    /// A function of one operand that every number type has.
    static func unary<Scalar: Number>(
        _ op: UnaryOp, _ x: HostTensor, of: Scalar.Type
    ) throws -> HostTensor {
        switch op {
        case .negate: map(x, of: of) { .subtract(.zero, $0) }
        case .abs: map(x, of: of) { $0 < .zero ? .subtract(.zero, $0) : $0 }
        case .sign: map(x, of: of) { $0.signValue }
        case .relu: map(x, of: of) { $0 > .zero || $0.isNotANumber ? $0 : .zero }
        default: throw unsupported(.unary(op), x.type)
        }
    }

    /// A function of one floating-point operand, computed in `Double` and rounded once.
    static func unary<Scalar: Real>(_ op: UnaryOp, _ x: HostTensor, of: Scalar.Type) throws
        -> HostTensor
    {
        switch op {
        case .negate: map(x, of: of) { -$0 }
        case .abs: map(x, of: of) { $0.magnitude }
        case .sign: map(x, of: of) { $0.signValue }
        case .relu: map(x, of: of) { $0 > 0 || $0.isNaN ? $0 : 0 }
        case .exp: mapWide(x, of: of) { exp($0) }
        case .expm1: mapWide(x, of: of) { expm1($0) }
        case .log: mapWide(x, of: of) { log($0) }
        case .log1p: mapWide(x, of: of) { log1p($0) }
        case .sqrt: mapWide(x, of: of) { $0.squareRoot() }
        case .rsqrt: mapWide(x, of: of) { 1 / $0.squareRoot() }
        case .reciprocal: mapWide(x, of: of) { 1 / $0 }
        case .sin: mapWide(x, of: of) { sin($0) }
        case .cos: mapWide(x, of: of) { cos($0) }
        case .erf: mapWide(x, of: of) { erf($0) }
        case .tanh: mapWide(x, of: of) { tanh($0) }
        case .sigmoid: mapWide(x, of: of) { sigmoid($0) }
        case .floor: mapWide(x, of: of) { $0.rounded(.down) }
        case .logicalNot: throw unsupported(.unary(op), x.type)
        }
    }

    /// A function of two operands that every number type has.
    static func binary<Scalar: Number>(
        _ op: BinaryOp, _ a: HostTensor, _ b: HostTensor, of: Scalar.Type
    ) throws -> HostTensor {
        switch op {
        case .add: zip(a, b, of: of) { .add($0, $1) }
        case .subtract: zip(a, b, of: of) { .subtract($0, $1) }
        case .multiply: zip(a, b, of: of) { .multiply($0, $1) }
        case .divide: zip(a, b, of: of) { .divide($0, $1) }
        case .maximum: zip(a, b, of: of) { .larger($0, $1) }
        case .minimum: zip(a, b, of: of) { .smaller($0, $1) }
        case .power, .logicalAnd, .logicalOr: throw unsupported(.binary(op), a.type)
        }
    }

    /// a to the power b as in C's `pow`.
    static func power<Scalar: Real>(_ a: HostTensor, _ b: HostTensor, of: Scalar.Type) -> HostTensor
    {
        zip(a, b, of: of) { Scalar(narrowing: pow($0.wide, $1.wide)) }
    }

    /// Compares two tensors of numbers; the result is `bool`.
    static func compare<Scalar: Number>(
        _ op: Comparison, _ a: HostTensor, _ b: HostTensor, of: Scalar.Type
    ) -> HostTensor {
        switch op {
        case .equal: test(a, b, of: of) { $0 == $1 }
        case .notEqual: test(a, b, of: of) { $0 != $1 }
        case .less: test(a, b, of: of) { $0 < $1 }
        case .lessOrEqual: test(a, b, of: of) { $0 <= $1 }
        case .greater: test(a, b, of: of) { $0 > $1 }
        case .greaterOrEqual: test(a, b, of: of) { $0 >= $1 }
        }
    }

    /// 1 / (1 + e^−x) without overflow on either side.
    @inline(__always)
    private static func sigmoid(_ x: Double) -> Double {
        if x >= 0 { return 1 / (1 + exp(-x)) }
        let e = exp(x)
        return e / (1 + e)
    }

    @inline(__always)
    private static func map<Scalar: Number>(
        _ x: HostTensor, of: Scalar.Type, _ body: (Scalar) -> Scalar
    ) -> HostTensor {
        HostTensor(x.type, of: Scalar.self) { y in
            x.withUnsafeScalars(as: Scalar.self) { x in
                for index in y.indices { y[index] = body(x[index]) }
            }
        }
    }

    @inline(__always)
    private static func mapWide<Scalar: Real>(
        _ x: HostTensor, of: Scalar.Type, _ body: (Double) -> Double
    ) -> HostTensor {
        map(x, of: of) { Scalar(narrowing: body($0.wide)) }
    }

    @inline(__always)
    private static func zip<Scalar: Number>(
        _ a: HostTensor, _ b: HostTensor, of: Scalar.Type, _ body: (Scalar, Scalar) -> Scalar
    ) -> HostTensor {
        HostTensor(a.type, of: Scalar.self) { y in
            HostTensor.read(a, b, as: (Scalar.self, Scalar.self)) { a, b in
                for index in y.indices { y[index] = body(a[index], b[index]) }
            }
        }
    }

    @inline(__always)
    private static func test<Scalar: Number>(
        _ a: HostTensor, _ b: HostTensor, of: Scalar.Type, _ body: (Scalar, Scalar) -> Bool
    ) -> HostTensor {
        HostTensor(a.type.with(dtype: .bool), of: Bool.self) { y in
            HostTensor.read(a, b, as: (Scalar.self, Scalar.self)) { a, b in
                for index in y.indices { y[index] = body(a[index], b[index]) }
            }
        }
    }
}
