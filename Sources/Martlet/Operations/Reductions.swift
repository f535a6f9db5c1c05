import MartletGraph

// Every reduction takes `axes` (all of them by default, negative ones count from the end) and
// `keepingAxes`, which leaves them with size 1.

extension Tensor {
    private func reduced(_ kind: Reduction, _ axes: [Int], _ keepingAxes: Bool) -> Tensor {
        let result = axes.isEmpty ? self : apply(.reduce(kind, axes: axes), self)
        return keepingAxes ? result.restoring(axes, of: shape) : result
    }

    /// Gives a reduced tensor its axes back, with size 1.
    private func restoring(_ axes: [Int], of shape: [Int]) -> Tensor {
        if isPoisoned { return self }
        var kept = shape
        for axis in axes { kept[axis] = 1 }
        return kept == self.shape ? self : apply(.reshape(kept), self)
    }

    private func count(_ axes: [Int]) -> Int { axes.reduce(1) { $0 * shape[$1] } }

    /// The sum over `axes`.
    public func sum(
        axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        withAxes("sum", axes, file, line) { reduced(.sum, $0, keepingAxes) }
    }

    /// The product over `axes`.
    public func product(
        axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        withAxes("product", axes, file, line) { reduced(.product, $0, keepingAxes) }
    }

    /// The largest element over `axes`; equal largest elements share the gradient.
    public func max(
        axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        withAxes("max", axes, file, line) { reduced(.max, $0, keepingAxes) }
    }

    /// The smallest element over `axes`; equal smallest elements share the gradient.
    public func min(
        axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        withAxes("min", axes, file, line) { reduced(.min, $0, keepingAxes) }
    }

    /// The mean over `axes`; of no elements it is NaN.
    public func mean(
        axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        withAxes("mean", axes, file, line) { axes in
            guard dtype.isFloatingPoint else {
                return mistake(
                    "mean(\(type))", like: self, expected: "floating-point numbers (f32 or f64)",
                    received: "\(type)", fix: "convert first: x.cast(to: .float32)")
            }
            return reduced(.sum, axes, keepingAxes) / count(axes)
        }
    }

    /// The mean squared distance from the mean; `unbiased` divides by the count less one.
    public func variance(
        axes: [Int]? = nil, unbiased: Bool = true, keepingAxes: Bool = false,
        file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        withAxes("variance", axes, file, line) { axes in
            let centered = self - mean(axes: axes, keepingAxes: true)
            let total = (centered * centered).reduced(.sum, axes, keepingAxes)
            return total / Swift.max(0, count(axes) - (unbiased ? 1 : 0))
        }
    }

    /// The square root of the variance; its gradient is zero where all elements are equal.
    public func standardDeviation(
        axes: [Int]? = nil, unbiased: Bool = true, keepingAxes: Bool = false,
        file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        named("standardDeviation", file, line) {
            squareRootFlatAtZero(
                variance(axes: axes, unbiased: unbiased, keepingAxes: keepingAxes))
        }
    }

    /// The Euclidean length over `axes`; its gradient at zero is zero.
    public func norm(
        axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        withAxes("norm", axes, file, line) {
            squareRootFlatAtZero((self * self).reduced(.sum, $0, keepingAxes))
        }
    }

    /// log Σ exp(x) over `axes`, without overflow.
    public func logSumExp(
        axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        withAxes("logSumExp", axes, file, line) { axes in
            let largest = reduced(.max, axes, true)
            let shift = select(abs(largest) .== Double.infinity, 0, largest)
            let total = exp(self - shift).reduced(.sum, axes, true)
            let result = log(total) + shift
            return keepingAxes ? result : result.dropping(axes)
        }
    }

    private func dropping(_ axes: [Int]) -> Tensor {
        if isPoisoned { return self }
        return apply(.reshape(shape.indices.filter { !axes.contains($0) }.map { shape[$0] }), self)
    }
}

extension Tensor {
    /// The i64 index of the first largest element along `axis`, or in row-major order of all.
    public func argMax(
        axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        extreme(.max, "argMax", axis, file, line)
    }

    /// The i64 index of the first smallest element along `axis`, or in row-major order of all.
    public func argMin(
        axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        extreme(.min, "argMin", axis, file, line)
    }

    private func extreme(
        _ kind: ArgReduction, _ name: String, _ axis: Int?, _ file: StaticString, _ line: UInt
    ) -> Tensor {
        guard let axis else {
            return named(name, file, line) { apply(.argReduce(kind, axis: 0), flattened(from: 0)) }
        }
        return withAxis(name, axis, file, line) { apply(.argReduce(kind, axis: $0), self) }
    }

    /// The first largest elements along `axis` with their indices; the gradient goes to them alone.
    public func maxWithIndices(
        axis: Int, file: StaticString = #fileID, line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        let indices = withAxis("maxWithIndices", axis, file, line) {
            apply(.argReduce(.max, axis: $0), self)
        }
        let values = withAxis("maxWithIndices", axis, file, line) { axis in
            gatheredAlong(indices.expandingShape(at: axis), axis: axis).squeezed(axis: axis)
        }
        return (values, indices)
    }

    /// The running sum along `axis`, from the end when `reversed`.
    public func cumulativeSum(
        axis: Int, reversed: Bool = false, file: StaticString = #fileID, line: UInt = #line
    ) -> Tensor {
        withAxis("cumulativeSum", axis, file, line) {
            apply(.cumulativeSum(axis: $0, reverse: reversed), self)
        }
    }
}
