import MartletGraph

/// An element that can be counted with: every element type but `bool`.
///
/// Integers wrap around; dividing an integer by zero gives zero.
protocol Number: TensorScalar, Comparable {
    /// The type that long sums are kept in: `Double` for floats, the type itself for integers.
    associatedtype Wide: Number

    static var zero: Self { get }
    static var one: Self { get }
    /// A value that no element lies below: minus infinity for floats.
    static var lowest: Self { get }
    /// A value that no element lies above: infinity for floats.
    static var highest: Self { get }

    static func add(_ a: Self, _ b: Self) -> Self
    static func subtract(_ a: Self, _ b: Self) -> Self
    static func multiply(_ a: Self, _ b: Self) -> Self
    static func divide(_ a: Self, _ b: Self) -> Self

    /// True for the one kind of element that is not equal to itself.
    var isNotANumber: Bool { get }
    /// The same value in the type of long sums.
    var wide: Wide { get }
    /// Rounds the result of a long sum.
    init(narrowing value: Wide)
    /// The nearest value for a float; for an integer the low bits.
    init(converting value: Int64)
    /// The nearest value for a float; an integer truncates and saturates, NaN becomes 0.
    init(converting value: Double)
}

extension Number {
    /// The larger element; NaN when one of them is NaN.
    @inline(__always)
    static func larger(_ a: Self, _ b: Self) -> Self {
        a.isNotANumber || a > b ? a : b
    }

    /// The smaller element; NaN when one of them is NaN.
    @inline(__always)
    static func smaller(_ a: Self, _ b: Self) -> Self {
        a.isNotANumber || a < b ? a : b
    }

    /// -1, 0 or 1; NaN stays NaN.
    @inline(__always)
    var signValue: Self {
        if isNotANumber { return self }
        if self > .zero { return .one }
        return self < .zero ? .subtract(.zero, .one) : .zero
    }
}

extension Number where Self: FixedWidthInteger, Wide == Self {
    static var one: Self { 1 }
    static var lowest: Self { .min }
    static var highest: Self { .max }

    @inline(__always) static func add(_ a: Self, _ b: Self) -> Self { a &+ b }
    @inline(__always) static func subtract(_ a: Self, _ b: Self) -> Self { a &- b }
    @inline(__always) static func multiply(_ a: Self, _ b: Self) -> Self { a &* b }
    @inline(__always) static func divide(_ a: Self, _ b: Self) -> Self {
        b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
    }

    var isNotANumber: Bool { false }
    var wide: Self { self }
    init(narrowing value: Self) { self = value }
    init(converting value: Int64) { self.init(truncatingIfNeeded: value) }
    init(converting value: Double) { self.init(clampingOrZero: value) }
}

extension Int32: Number { typealias Wide = Int32 }
extension Int64: Number { typealias Wide = Int64 }
extension UInt8: Number { typealias Wide = UInt8 }

/// A floating-point element.
///
/// Everything but + − × ÷ is computed in `Double` and rounded once.
protocol Real: Number, BinaryFloatingPoint where Wide == Double {}

extension Real {
    static var one: Self { 1 }
    static var lowest: Self { -.infinity }
    static var highest: Self { .infinity }

    @inline(__always) static func add(_ a: Self, _ b: Self) -> Self { a + b }
    @inline(__always) static func subtract(_ a: Self, _ b: Self) -> Self { a - b }
    @inline(__always) static func multiply(_ a: Self, _ b: Self) -> Self { a * b }
    @inline(__always) static func divide(_ a: Self, _ b: Self) -> Self { a / b }

    @inline(__always) var isNotANumber: Bool { isNaN }
}

extension Float: Real {
    @inline(__always) var wide: Double { Double(self) }
    @inline(__always) init(narrowing value: Double) { self.init(value) }
    init(converting value: Int64) { self.init(value) }
    init(converting value: Double) { self.init(value) }
}

extension Double: Real {
    @inline(__always) var wide: Double { self }
    @inline(__always) init(narrowing value: Double) { self = value }
    init(converting value: Int64) { self.init(value) }
    init(converting value: Double) { self = value }
}
