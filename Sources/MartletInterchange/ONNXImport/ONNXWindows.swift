import MartletFormats
import MartletGraph

/// The settings that convolutions and pools share, each height then width.
private struct ONNXWindow {
    var kernel: [Int]
    var stride: [Int]
    var dilation: [Int]
    var low: [Int]
    var high: [Int]
    /// How much of `high` comes from rounding the output size up.
    var extra = [0, 0]

    /// Reads the settings for pictures of `size`; `kernel` is known for convolutions.
    init(_ use: ONNXUse, size: [Int], kernel known: [Int]?) throws(FormatError) {
        func pair(_ name: String, _ fallback: [Int]?, _ range: ClosedRange<Int>) throws(FormatError)
            -> [Int]
        {
            guard let list = try use.integers(name) ?? fallback else {
                throw use.refused("the setting \(name)", "none", .malformed)
            }
            guard list.count == 2, list.allSatisfy(range.contains) else {
                throw use.refused(
                    "two numbers from \(range.lowerBound) to \(range.upperBound) as \(name)",
                    "\(list)", list.count == 2 ? .malformed : .unsupported)
            }
            return list
        }
        let sizes = 1...1 << 20
        kernel = try pair("kernel_shape", known, sizes)
        stride = try pair("strides", [1, 1], sizes)
        dilation = try pair("dilations", [1, 1], sizes)
        if let known, known != kernel {
            throw use.refused("a kernel of \(known), as the weight has", "\(kernel)", .malformed)
        }
        let pads = try use.integers("pads") ?? [0, 0, 0, 0]
        guard pads.count == 4, pads.allSatisfy((0...1 << 20).contains) else {
            throw use.refused("four borders of 0 or more as pads", "\(pads)")
        }
        (low, high) = (Array(pads[..<2]), Array(pads[2...]))
        switch try use.text("auto_pad") ?? "NOTSET" {
        case "NOTSET": break
        case "VALID": (low, high) = ([0, 0], [0, 0])
        case "SAME_UPPER": fit(size, smallerFirst: true)
        case "SAME_LOWER": fit(size, smallerFirst: false)
        case let other: throw use.refused("a known auto_pad", other)
        }
        if try use.flag("ceil_mode") { roundUp(size) }
    }

    private func reach(_ axis: Int) -> Int { (kernel[axis] - 1) * dilation[axis] + 1 }

    /// The borders that make the output ⌈size / stride⌉ large.
    private mutating func fit(_ size: [Int], smallerFirst: Bool) {
        for axis in 0..<2 {
            let count = (size[axis] + stride[axis] - 1) / stride[axis]
            let total = max(0, (count - 1) * stride[axis] + reach(axis) - size[axis])
            low[axis] = smallerFirst ? total / 2 : total - total / 2
            high[axis] = total - low[axis]
        }
    }

    /// Adds what a last window reaches over; one that starts behind picture and border is dropped.
    private mutating func roundUp(_ size: [Int]) {
        for axis in 0..<2 {
            let padded = size[axis] + low[axis] + high[axis]
            guard padded >= reach(axis) else { continue }
            var count = (padded - reach(axis) + stride[axis] - 1) / stride[axis] + 1
            if (count - 1) * stride[axis] >= size[axis] + low[axis] { count -= 1 }
            extra[axis] = max(0, (count - 1) * stride[axis] + reach(axis) - padded)
            high[axis] += extra[axis]
        }
    }

    func pool(countsPadding: Bool) -> PoolAttributes {
        PoolAttributes(
            kernel: kernel, stride: stride, paddingLow: low, paddingHigh: high,
            dilation: dilation, countsPadding: countsPadding, ceilExtra: extra)
    }
}

extension ONNXImporter {
    private func pictureSize(_ use: ONNXUse) throws -> [Int] {
        let type = try use.input(0).type
        guard type.rank == 4 else {
            throw use.refused("pictures with 4 axes, [N, C, H, W]", "\(type)")
        }
        return Array(type.shape[2...])
    }

    mutating func convolution(_ use: ONNXUse) throws -> Value {
        let size = try pictureSize(use)
        let weight = try use.input(1)
        guard weight.type.rank == 4 else {
            throw use.refused("a weight with 4 axes", "\(weight.type)")
        }
        let window = try ONNXWindow(use, size: size, kernel: Array(weight.type.shape[2...]))
        let attributes = Conv2DAttributes(
            stride: window.stride, paddingLow: window.low, paddingHigh: window.high,
            dilation: window.dilation, groups: try use.integer("group") ?? 1)
        let x = value(try use.input(0))
        let result = try builder.append(.conv2D(attributes), [x, value(weight)])
        guard let bias = use.optional(2) else { return result }
        return try addPerChannel(result, value(bias))
    }

    /// Adds one number per channel.
    mutating func addPerChannel(_ x: Value, _ bias: Value) throws -> Value {
        try perChannel(.add, x, bias)
    }

    /// Combines a picture with one number per channel.
    mutating func perChannel(_ op: BinaryOp, _ x: Value, _ numbers: Value) throws -> Value {
        let shape = builder.type(x).shape
        let ones = [Int](repeating: 1, count: max(0, shape.count - 2))
        let column = try builder.append(
            .reshape([builder.type(numbers).elementCount] + ones), [numbers])
        return try builder.append(.binary(op), [x, try broadcast(column, to: shape)])
    }

    mutating func maxPool(_ use: ONNXUse) throws -> Value {
        try use.requireOneResult()
        let window = try ONNXWindow(use, size: try pictureSize(use), kernel: nil)
        let x = value(try use.input(0))
        return try builder.append(.maxPool2D(window.pool(countsPadding: true)), [x])
    }

    mutating func averagePool(_ use: ONNXUse) throws -> Value {
        let window = try ONNXWindow(use, size: try pictureSize(use), kernel: nil)
        let counts = try use.flag("count_include_pad")
        guard window.dilation == [1, 1] else {
            throw use.refused("an average without dilation", "\(window.dilation)")
        }
        let x = value(try use.input(0))
        return try builder.append(.averagePool2D(window.pool(countsPadding: counts)), [x])
    }

    /// The mean or the largest element of each channel; the axes stay with size 1.
    mutating func globalPool(_ use: ONNXUse, _ kind: Reduction) throws -> Value {
        let x = value(try use.input(0))
        let shape = builder.type(x).shape
        guard shape.count > 2 else {
            throw use.refused("pictures, [N, C, …]", "\(builder.type(x))")
        }
        let axes = Array(2..<shape.count)
        let count = axes.reduce(1) { $0 * shape[$1] }
        var result = try builder.append(.reduce(kind, axes: axes), [x])
        if kind == .sum { result = try scaled(result, 1 / Double(max(1, count))) }
        return try builder.append(.reshape(shape[..<2] + axes.map { _ in 1 }), [result])
    }
}
