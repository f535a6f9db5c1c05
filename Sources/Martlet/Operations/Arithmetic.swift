import MartletGraph

// Operators: both sides may be tensors, or one a number, which takes the tensor's element type.
// Shapes follow NumPy's broadcasting. Element types must be equal.

extension Tensor {
    private static func binary(_ op: BinaryOp, _ a: Tensor, _ b: Tensor) -> Tensor {
        if case .literal(let x) = a.content, case .literal(let y) = b.content {
            return Tensor(content: .literal(literalResult(op, x, y)))
        }
        return applyBroadcasting(.binary(op), [a, b])
    }

    /// The result of two literals, which stays a literal.
    ///
    /// Swift reads the 1 of `(1 - rate) * x` as a tensor; the difference must not be rounded to 32
    /// bits for that, nor take another element type than `x`.
    private static func literalResult(_ op: BinaryOp, _ x: Double, _ y: Double) -> Double {
        switch op {
        case .add: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .divide: x / y
        default: preconditionFailure("internal: \(op.rawValue) is no operator of literals")
        }
    }

    /// The sum, element by element.
    public static func + (a: Tensor, b: Tensor) -> Tensor { binary(.add, a, b) }
    /// Adds a number to every element.
    public static func + (a: Tensor, b: some TensorNumber) -> Tensor { a + a.number(b) }
    /// Adds every element to a number.
    public static func + (a: some TensorNumber, b: Tensor) -> Tensor { b.number(a) + b }

    /// The difference, element by element.
    public static func - (a: Tensor, b: Tensor) -> Tensor { binary(.subtract, a, b) }
    /// Takes a number from every element.
    public static func - (a: Tensor, b: some TensorNumber) -> Tensor { a - a.number(b) }
    /// Takes every element from a number.
    public static func - (a: some TensorNumber, b: Tensor) -> Tensor { b.number(a) - b }

    /// The product, element by element; see `matmul` for matrices.
    public static func * (a: Tensor, b: Tensor) -> Tensor { binary(.multiply, a, b) }
    /// Multiplies every element by a number.
    public static func * (a: Tensor, b: some TensorNumber) -> Tensor { a * a.number(b) }
    /// Multiplies a number by every element.
    public static func * (a: some TensorNumber, b: Tensor) -> Tensor { b.number(a) * b }

    /// The quotient, element by element.
    public static func / (a: Tensor, b: Tensor) -> Tensor { binary(.divide, a, b) }
    /// Divides every element by a number.
    public static func / (a: Tensor, b: some TensorNumber) -> Tensor { a / a.number(b) }
    /// Divides a number by every element.
    public static func / (a: some TensorNumber, b: Tensor) -> Tensor { b.number(a) / b }

    /// Changes the sign of every element.
    public static prefix func - (x: Tensor) -> Tensor { apply(.unary(.negate), x) }

    /// Adds a tensor, element by element.
    public static func += (a: inout Tensor, b: Tensor) { a = a + b }
    /// Adds a number.
    public static func += (a: inout Tensor, b: some TensorNumber) { a = a + b }
    /// Takes away a tensor, element by element.
    public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
    /// Takes away a number.
    public static func -= (a: inout Tensor, b: some TensorNumber) { a = a - b }
    /// Multiplies by a tensor, element by element.
    public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
    /// Multiplies by a number.
    public static func *= (a: inout Tensor, b: some TensorNumber) { a = a * b }
    /// Divides by a tensor, element by element.
    public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
    /// Divides by a number.
    public static func /= (a: inout Tensor, b: some TensorNumber) { a = a / b }
}

/// The larger element of each pair; NaN if either is.
public func maximum(
    _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("maximum", file, line) { applyBroadcasting(.binary(.maximum), [a, b]) }
}

/// The larger of each element and a number; NaN stays.
public func maximum(
    _ a: Tensor, _ b: some TensorNumber, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("maximum", file, line) { maximum(a, a.number(b)) }
}

/// The smaller element of each pair; NaN if either is.
public func minimum(
    _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("minimum", file, line) { applyBroadcasting(.binary(.minimum), [a, b]) }
}

/// The smaller of each element and a number; NaN stays.
public func minimum(
    _ a: Tensor, _ b: some TensorNumber, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("minimum", file, line) { minimum(a, a.number(b)) }
}

/// `a` to the power `b`, element by element.
public func pow(
    _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("pow", file, line) { applyBroadcasting(.binary(.power), [a, b]) }
}

/// Every element to the power of a number.
public func pow(
    _ x: Tensor, _ exponent: some TensorNumber, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("pow", file, line) {
        switch exponent.asDouble {
        case 0: x.isPoisoned ? x : Tensor(repeating: 1, shape: x.shape, dtype: x.dtype)
        case 1: x
        case 2: x * x
        case 3: x * x * x
        case -1: reciprocal(x)
        case 0.5: sqrt(x)
        default: pow(x, x.number(exponent))
        }
    }
}
