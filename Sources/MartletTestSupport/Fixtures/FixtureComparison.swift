import Foundation
import MartletGraph

/// How far an array may be from the expected one: `|got - expected| <= atol + rtol * |expected|`.
public struct FixtureTolerance: Hashable, Sendable {
    public var rtol: Double
    public var atol: Double
    /// The bound of the mean of |got - expected| over the array, if there is one.
    public var meanAtol: Double?

    /// Collects the numbers.
    public init(rtol: Double, atol: Double, meanAtol: Double? = nil) {
        (self.rtol, self.atol, self.meanAtol) = (rtol, atol, meanAtol)
    }
}

/// How an array compares with the expected one.
public struct FixtureComparison: Sendable {
    /// What was compared.
    public var name = ""
    /// True when every element is within the tolerance; false for another type or shape.
    public var passes: Bool
    /// The largest |got - expected| over finite elements.
    public var largestError: Double
    /// `largestError` over the largest |expected|, 0 when all are zero.
    public var relativeError: Double
    /// The worst element in words: index, got, expected, allowed.
    public var summary: String

    /// Compares element by element; two NaN are equal, infinities must match exactly.
    public init(_ got: HostTensor, _ expected: HostTensor, _ tolerance: FixtureTolerance) {
        (passes, largestError, relativeError, summary) = (true, 0, 0, "equal")
        guard got.type == expected.type else {
            (passes, largestError) = (false, .infinity)
            summary = "got \(got.type), expected \(expected.type)"
            return
        }
        let (a, b) = (got.doubles, expected.doubles)
        var worst = (excess: -Double.infinity, index: 0)
        var (scale, total) = (0.0, 0.0)
        for index in b.indices {
            let excess = Self.excess(a[index], b[index], tolerance)
            if excess > worst.excess { worst = (excess, index) }
            if a[index].isFinite && b[index].isFinite {
                largestError = max(largestError, abs(a[index] - b[index]))
                scale = max(scale, abs(b[index]))
                total += abs(a[index] - b[index])
            }
        }
        if scale > 0 { relativeError = largestError / scale }
        guard !b.isEmpty else { return }
        passes = worst.excess <= 1
        let (x, y) = (a[worst.index], b[worst.index])
        let place = Self.place(worst.index, got.type)
        summary =
            "got \(x) at \(place), expected \(y), error \(abs(x - y))"
            + " of \(tolerance.atol + tolerance.rtol * abs(y)) allowed"
        let mean = total / Double(b.count)
        if let bound = tolerance.meanAtol, mean > bound {
            passes = false
            summary += "; mean error \(mean) of \(bound) allowed"
        }
    }

    /// The same comparison with the name of the array, also in its summary.
    public func named(_ name: String) -> FixtureComparison {
        var copy = self
        copy.name = name
        copy.summary = "\(name): \(summary)"
        return copy
    }

    /// The error over the error allowed: at most 1 when the element passes.
    private static func excess(
        _ got: Double, _ expected: Double, _ tolerance: FixtureTolerance
    ) -> Double {
        if got == expected || (got.isNaN && expected.isNaN) { return 0 }
        guard got.isFinite, expected.isFinite else { return .infinity }
        let allowed = tolerance.atol + tolerance.rtol * abs(expected)
        return allowed > 0 ? abs(got - expected) / allowed : .infinity
    }

    /// The position on every axis of a row-major index, `[1, 0, 3]`.
    private static func place(_ index: Int, _ type: TensorType) -> String {
        "[" + zip(type.strides, type.shape).map { "\(index / $0 % $1)" }.joined(separator: ", ")
            + "]"
    }
}
