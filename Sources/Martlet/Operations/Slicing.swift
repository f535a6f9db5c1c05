import MartletGraph

/// Which elements of one axis a slice takes; negative positions count from the end.
public struct AxisRange: Hashable, Sendable {
    /// The first position.
    public var start: Int
    /// The position behind the last; `nil` for the end of the axis.
    public var end: Int?
    /// The distance between positions, 1 or more.
    public var step: Int
    /// Whether the axis disappears, as for a single position.
    var isSingle = false

    /// Takes `start`, `start + step`, … before `end`.
    public init(from start: Int = 0, to end: Int? = nil, by step: Int = 1) {
        (self.start, self.end, self.step) = (start, end, step)
    }

    /// The whole axis.
    public static var all: AxisRange { AxisRange() }

    /// The whole axis, every `step`th position.
    public static func every(_ step: Int) -> AxisRange { AxisRange(by: step) }
}

/// What a tensor's subscript takes for one axis: a position, a range, or an `AxisRange`.
public protocol AxisIndex {
    /// The positions that are taken.
    var axisRange: AxisRange { get }
}

extension AxisRange: AxisIndex {
    /// The range itself.
    public var axisRange: AxisRange { self }
}

extension Int: AxisIndex {
    /// One position; the axis disappears.
    public var axisRange: AxisRange {
        var range = AxisRange(from: self, to: self == -1 ? nil : self + 1)
        range.isSingle = true
        return range
    }
}

extension Range: AxisIndex where Bound == Int {
    /// The positions of the range.
    public var axisRange: AxisRange { AxisRange(from: lowerBound, to: upperBound) }
    /// Every `step`th position of the range.
    public func by(_ step: Int) -> AxisRange {
        AxisRange(from: lowerBound, to: upperBound, by: step)
    }
}

extension ClosedRange: AxisIndex where Bound == Int {
    /// The positions of the range.
    public var axisRange: AxisRange {
        AxisRange(from: lowerBound, to: upperBound == -1 ? nil : upperBound + 1)
    }
}

extension PartialRangeFrom: AxisIndex where Bound == Int {
    /// The positions from the bound on.
    public var axisRange: AxisRange { AxisRange(from: lowerBound) }
}

extension PartialRangeUpTo: AxisIndex where Bound == Int {
    /// The positions before the bound.
    public var axisRange: AxisRange { AxisRange(to: upperBound) }
}

extension Tensor {
    /// A part of the tensor, `x[0..<3, AxisRange.every(2), -1]`; missing axes are taken whole.
    public subscript(indices: any AxisIndex...) -> Tensor {
        if isPoisoned { return self }
        let call = TraceContext.current.call
        return TraceContext.with({ $0.call = call ?? .init(name: "subscript", site: nil) }) {
            sliced(indices.map(\.axisRange))
        }
    }

    /// A part of the tensor by one range per axis; missing axes are taken whole.
    ///
    /// - Errors: more ranges than axes, a position outside the axis, or a step below 1.
    public func sliced(
        _ ranges: [AxisRange], file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        if isPoisoned { return self }
        return named("sliced", file, line) {
            guard ranges.count <= rank else {
                return mistake(
                    "sliced(\(type))", like: self, expected: "at most \(rank) ranges",
                    received: "\(ranges.count)")
            }
            var box = SliceAttributes(
                starts: shape.map { _ in 0 }, limits: shape, strides: shape.map { _ in 1 })
            for (axis, range) in ranges.enumerated() {
                let size = shape[axis]
                let start = range.start < 0 ? range.start + size : range.start
                var end = range.end ?? size
                if end < 0 { end += size }
                guard start >= 0, start <= end, end <= size, range.step > 0 else {
                    return outside(axis, range)
                }
                (box.starts[axis], box.limits[axis]) = (start, end)
                box.strides[axis] = range.step
            }
            let result = apply(.slice(box), self)
            let singles = ranges.indices.filter { ranges[$0].isSingle }
            if singles.isEmpty || result.isPoisoned { return result }
            return result.reshaped(
                result.shape.indices.filter { !singles.contains($0) }.map { result.shape[$0] })
        }
    }

    private func outside(_ axis: Int, _ range: AxisRange) -> Tensor {
        let size = shape[axis]
        let text =
            range.isSingle
            ? "\(range.start)"
            : "\(range.start) ..< \(range.end ?? size)"
                + (range.step == 1 ? "" : " by \(range.step)")
        return mistake(
            "sliced(\(type)) axis \(axis)", like: self,
            expected: range.step > 0
                ? "\(range.isSingle ? "a position" : "a range") inside 0 ..< \(size) on axis \(axis)"
                : "a step of 1 or more on axis \(axis)",
            received: text, fix: range.step > 0 ? "" : "use reversed(axes:) to go backwards")
    }

    /// One position of an axis, which disappears; a negative index counts from the end.
    public func selected(
        _ index: Int, axis: Int, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        withAxis("selected", axis, file, line) { axis in
            var ranges = [AxisRange](repeating: .all, count: axis + 1)
            ranges[axis] = index.axisRange
            return sliced(ranges)
        }
    }
}
