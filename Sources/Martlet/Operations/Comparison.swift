import MartletGraph

// Comparisons give tensors of truth values. Any comparison with NaN is false, but `.!=`.

extension Tensor {
    private static func compare(_ op: Comparison, _ a: Tensor, _ b: Tensor) -> Tensor {
        applyBroadcasting(.compare(op), [a, b])
    }

    /// True where the left element is less.
    public static func .< (a: Tensor, b: Tensor) -> Tensor { compare(.less, a, b) }
    /// True where the element is less than a number.
    public static func .< (a: Tensor, b: some TensorNumber) -> Tensor { a .< a.number(b) }
    /// True where the left element is less or equal.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { compare(.lessOrEqual, a, b) }
    /// True where the element is less or equal to a number.
    public static func .<= (a: Tensor, b: some TensorNumber) -> Tensor { a .<= a.number(b) }
    /// True where the left element is greater.
    public static func .> (a: Tensor, b: Tensor) -> Tensor { compare(.greater, a, b) }
    /// True where the element is greater than a number.
    public static func .> (a: Tensor, b: some TensorNumber) -> Tensor { a .> a.number(b) }
    /// True where the left element is greater or equal.
    public static func .>= (a: Tensor, b: Tensor) -> Tensor { compare(.greaterOrEqual, a, b) }
    /// True where the element is greater or equal to a number.
    public static func .>= (a: Tensor, b: some TensorNumber) -> Tensor { a .>= a.number(b) }
    /// True where the left element is equal.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { compare(.equal, a, b) }
    /// True where the element is equal to a number.
    public static func .== (a: Tensor, b: some TensorNumber) -> Tensor { a .== a.number(b) }
    /// True where the left element differs.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { compare(.notEqual, a, b) }
    /// True where the element differs from a number.
    public static func .!= (a: Tensor, b: some TensorNumber) -> Tensor { a .!= a.number(b) }

    /// True where both are.
    public static func .& (a: Tensor, b: Tensor) -> Tensor {
        applyBroadcasting(.binary(.logicalAnd), [a, b])
    }

    /// True where one of the two is.
    public static func .| (a: Tensor, b: Tensor) -> Tensor {
        applyBroadcasting(.binary(.logicalOr), [a, b])
    }

    /// True where the operand is false.
    public static prefix func .! (x: Tensor) -> Tensor { apply(.unary(.logicalNot), x) }
}

/// `a` where `condition` holds, else `b`; all three are broadcast to one shape.
///
/// The gradient of each side is zero where the other was taken, never `0 · inf`, as long as the
/// side itself has a finite gradient there.
public func select(
    _ condition: Tensor, _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("select", file, line) { applyBroadcasting(.select, [condition, a, b], dtypesFrom: 1) }
}

/// `a` where `condition` holds, else a number.
public func select(
    _ condition: Tensor, _ a: Tensor, _ b: some TensorNumber, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("select", file, line) { select(condition, a, a.number(b)) }
}

/// A number where `condition` holds, else `b`.
public func select(
    _ condition: Tensor, _ a: some TensorNumber, _ b: Tensor, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("select", file, line) { select(condition, b.number(a), b) }
}

/// Holds every element between two bounds; the gradient passes where the element is inside.
public func clamp(
    _ x: Tensor, min low: Double? = nil, max high: Double? = nil, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("clamp", file, line) {
        var result = x
        if let low { result = select(x .< low, low, result) }
        if let high { result = select(x .> high, high, result) }
        return result
    }
}
