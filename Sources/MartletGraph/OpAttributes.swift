/// A box with steps: `starts[a] ..< limits[a]` by `strides[a]` on every axis.
public struct SliceAttributes: Hashable, Sendable {
    public var starts: [Int]
    public var limits: [Int]
    public var strides: [Int]

    /// Makes a box; all three lists have one entry per axis.
    public init(starts: [Int], limits: [Int], strides: [Int]) {
        (self.starts, self.limits, self.strides) = (starts, limits, strides)
    }
}

/// Borders before and after each axis and gaps between neighbours, filled with `value`.
public struct PadAttributes: Hashable, Sendable {
    public var low: [Int]
    public var high: [Int]
    public var interior: [Int]
    public var value: Double

    /// Makes a padding; all three lists have one non-negative entry per axis.
    public init(low: [Int], high: [Int], interior: [Int], value: Double = 0) {
        (self.low, self.high, self.interior, self.value) = (low, high, interior, value)
    }
}

/// Which operands of a matrix product are read transposed.
public struct MatmulAttributes: Hashable, Sendable {
    public var transposeA: Bool
    public var transposeB: Bool

    /// Makes the attributes of a plain product by default.
    public init(transposeA: Bool = false, transposeB: Bool = false) {
        (self.transposeA, self.transposeB) = (transposeA, transposeB)
    }
}

/// The geometry of a 2-D convolution; every pair is height then width.
public struct Conv2DAttributes: Hashable, Sendable {
    public var stride: [Int]
    public var paddingLow: [Int]
    public var paddingHigh: [Int]
    public var dilation: [Int]
    public var groups: Int

    /// Makes a convolution that moves by one pixel without padding by default.
    public init(
        stride: [Int] = [1, 1], paddingLow: [Int] = [0, 0], paddingHigh: [Int] = [0, 0],
        dilation: [Int] = [1, 1], groups: Int = 1
    ) {
        (self.stride, self.paddingLow, self.paddingHigh) = (stride, paddingLow, paddingHigh)
        (self.dilation, self.groups) = (dilation, groups)
    }
}

/// The geometry of a pooling window; every pair is height then width.
public struct PoolAttributes: Hashable, Sendable {
    public var kernel: [Int]
    public var stride: [Int]
    public var paddingLow: [Int]
    public var paddingHigh: [Int]
    public var dilation: [Int]
    /// Whether the padding that was asked for counts in the divisor of an average.
    ///
    /// Rows and columns that only a rounded-up output size adds (`ceilExtra`) never count.
    public var countsPadding: Bool
    /// How much of `paddingHigh` comes from rounding the output size up.
    public var ceilExtra: [Int]

    /// Makes a window; the stride is the kernel's size unless given.
    public init(
        kernel: [Int], stride: [Int]? = nil, paddingLow: [Int] = [0, 0],
        paddingHigh: [Int] = [0, 0], dilation: [Int] = [1, 1], countsPadding: Bool = true,
        ceilExtra: [Int] = [0, 0]
    ) {
        (self.kernel, self.stride) = (kernel, stride ?? kernel)
        (self.paddingLow, self.paddingHigh) = (paddingLow, paddingHigh)
        (self.dilation, self.countsPadding) = (dilation, countsPadding)
        self.ceilExtra = ceilExtra
    }
}
