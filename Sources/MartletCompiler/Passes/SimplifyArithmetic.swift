import MartletGraph

extension Rewriter {
    mutating func unary(_ kind: UnaryOp, _ x: Value) -> Value? {
        let inner = self[x]
        switch (kind, inner.op) {
        case (.negate, .unary(.negate)), (.logicalNot, .unary(.logicalNot)):
            return inner.inputs[0]
        case (.relu, .unary(.relu)), (.abs, .unary(.abs)): return x
        case (.abs, .unary(.negate)) where inner.type.dtype.isFloatingPoint:
            return make(.unary(.abs), inner.inputs)
        case (.abs, _) where inner.type.dtype.isFloatingPoint && fact(x).isNonNegative:
            return x
        case (.logicalNot, .compare(.equal)): return make(.compare(.notEqual), inner.inputs)
        case (.logicalNot, .compare(.notEqual)): return make(.compare(.equal), inner.inputs)
        case (.negate, .binary(.multiply)):
            return timesNegative(inner.inputs[0], inner.inputs[1])
        default: return nil
        }
    }

    mutating func binary(
        _ kind: BinaryOp, _ a: Value, _ b: Value, _ type: TensorType
    ) -> Value? {
        switch kind {
        case .add: return add(a, b, type)
        case .subtract: return subtract(a, b, type)
        case .multiply: return multiply(a, b, type)
        case .divide: return divide(a, b, type)
        case .power: return power(a, b, type)
        case .maximum, .minimum: return a == b ? a : nil
        case .logicalAnd, .logicalOr:
            if a == b { return a }
            // "and true" and "or false" keep the other; else the constant decides.
            if let known = fact(b).number { return (known != 0) == (kind == .logicalAnd) ? a : b }
            if let known = fact(a).number { return (known != 0) == (kind == .logicalAnd) ? b : a }
            return nil
        }
    }

    private mutating func add(_ a: Value, _ b: Value, _ type: TensorType) -> Value? {
        if vanishes(b, addedTo: a, type) { return a }
        if vanishes(a, addedTo: b, type) { return b }
        guard type.dtype.isFloatingPoint else { return nil }
        if let y = negated(b) { return make(.binary(.subtract), [a, y]) }
        if let y = negated(a) { return make(.binary(.subtract), [b, y]) }
        return nil
    }

    private mutating func subtract(_ a: Value, _ b: Value, _ type: TensorType) -> Value? {
        if fact(b).number == 0 {
            guard type.dtype.isFloatingPoint else { return a }
            // −0 − (+0) is −0, but −0 − (−0) is +0.
            return fact(b).isNonNegative || fact(a).isNonNegative ? a : nil
        }
        guard type.dtype.isFloatingPoint, let y = negated(b) else { return nil }
        return make(.binary(.add), [a, y])
    }

    /// True when adding `zero` leaves every element of `x` as it is: −0 + (+0) would be +0.
    private func vanishes(_ zero: Value, addedTo x: Value, _ type: TensorType) -> Bool {
        guard fact(zero).number == 0 else { return false }
        return !type.dtype.isFloatingPoint || !fact(zero).isNonNegative || fact(x).isNonNegative
    }

    private func negated(_ x: Value) -> Value? {
        if case .unary(.negate) = self[x].op { self[x].inputs[0] } else { nil }
    }

    private mutating func multiply(_ a: Value, _ b: Value, _ type: TensorType) -> Value? {
        if fact(b).number == 1 { return a }
        if fact(a).number == 1 { return b }
        guard type.dtype.isFloatingPoint else { return nil }
        if let number = fact(a).splat, fact(b).splat == nil {
            return multiply(b, by: number, type) ?? make(.binary(.multiply), [b, a])
        }
        if let number = fact(b).splat { return multiply(a, by: number, type) }
        if let x = negated(a), let y = negated(b) { return make(.binary(.multiply), [x, y]) }
        return nil
    }

    /// Rules for a product with a number.
    private mutating func multiply(
        _ x: Value, by number: HostTensor, _ type: TensorType
    ) -> Value? {
        if number.doubles.first == -1 { return make(.unary(.negate), [x]) }
        let inner = self[x]
        switch inner.op {
        case .unary(.negate):
            let factor = repeated(number.negated, over: type.shape)
            return make(.binary(.multiply), [inner.inputs[0], factor])
        case .binary(.multiply):
            for (factor, other) in [(1, 0), (0, 1)] {
                if let first = fact(inner.inputs[factor]).splat,
                    let product = first.combinedFactor(with: number)
                {
                    let combined = repeated(product, over: type.shape)
                    return make(.binary(.multiply), [inner.inputs[other], combined])
                }
            }
            return nil
        default: return nil
        }
    }

    /// −(a·c) is a·(−c).
    private mutating func timesNegative(_ a: Value, _ b: Value) -> Value? {
        let type = self[a].type
        guard type.dtype.isFloatingPoint else { return nil }
        for (x, factor) in [(a, b), (b, a)] {
            if let number = fact(factor).splat {
                return make(.binary(.multiply), [x, repeated(number.negated, over: type.shape)])
            }
        }
        return nil
    }

    private mutating func divide(_ a: Value, _ b: Value, _ type: TensorType) -> Value? {
        guard let number = fact(b).splat else { return nil }
        if number.doubles.first == 1 { return a }
        guard let factor = number.exactReciprocal else { return nil }
        return make(.binary(.multiply), [a, repeated(factor, over: type.shape)])
    }

    private mutating func power(_ x: Value, _ exponent: Value, _ type: TensorType) -> Value? {
        switch fact(exponent).number {
        case 0: repeated(HostTensor(repeating: 1, type.with(shape: [])), over: type.shape)
        case 1: x
        case 2: make(.binary(.multiply), [x, x])
        case -1: make(.unary(.reciprocal), [x])
        // The power of ½ of −∞ is +∞ and that of −0 is +0; their roots are NaN and −0.
        case 0.5 where fact(x).isNonNegative: make(.unary(.sqrt), [x])
        default: nil
        }
    }
}

extension HostTensor {
    /// The one element with its sign turned.
    fileprivate var negated: HostTensor {
        onFloat({ -$0 }, { -$0 }) ?? self
    }

    /// 1 / element, when that is exact and normal: for powers of two.
    fileprivate var exactReciprocal: HostTensor? {
        onFloat(
            { $0.significand == 1 && (1 / $0).isNormal ? 1 / $0 : nil },
            { $0.significand == 1 && (1 / $0).isNormal ? 1 / $0 : nil })
    }

    /// The factor that does what this factor and then `next` do, if that is safe.
    ///
    /// Factors of at most 1 cannot overflow and round once less. Factors of at least 1, one of them
    /// a power of two, overflow for the same operands and round alike.
    fileprivate func combinedFactor(with next: HostTensor) -> HostTensor? {
        if let other: [Float] = next.scalars() {
            return onFloat({ combined($0, other[0]) }, { _ in nil })
        }
        if let other: [Double] = next.scalars() {
            return onFloat({ _ in nil }, { combined($0, other[0]) })
        }
        return nil
    }

    private func onFloat(
        _ single: (Float) -> Float?, _ double: (Double) -> Double?
    ) -> HostTensor? {
        if let values: [Float] = scalars(), let x = values.first {
            return single(x).map { HostTensor([$0], shape: type.shape) }
        }
        if let values: [Double] = scalars(), let x = values.first {
            return double(x).map { HostTensor([$0], shape: type.shape) }
        }
        return nil
    }
}

private func combined<Scalar: BinaryFloatingPoint>(_ a: Scalar, _ b: Scalar) -> Scalar? {
    let product = a * b
    guard product.isNormal else { return nil }
    let (x, y) = (abs(a), abs(b))
    if x <= 1 && y <= 1 { return product }
    let isExact = x.significand == 1 || y.significand == 1
    return x >= 1 && y >= 1 && isExact ? product : nil
}
