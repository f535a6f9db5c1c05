import MartletGraph

/// The largest element of each window.
///
/// - Shapes: `x` is `[N, C, H, W]`; `H' = ⌊(H + 2p − d(k−1) − 1)/s⌋ + 1`, or rounded up with
///   `ceilMode`, where a window that would start behind the picture and its first border is dropped.
/// - Units: `size`, `stride` (the size unless given), `padding`, `dilation` in pixels.
/// - Errors: not four axes, a window larger than the padded picture, or a border of a window's reach.
/// - Same as: `torch.nn.functional.max_pool2d`; the border counts as minus infinity. Among equal
///   elements the first in row-major order gets the gradient.
public func maxPool2D(
    _ x: Tensor, _ size: some SizePair, stride: (any SizePair)? = nil, padding: Padding = .valid,
    dilation: some SizePair = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("maxPool2D", file, line) {
        if let wrong = requirePictures("maxPool2D", x) { return wrong }
        let window = poolWindow(
            x, size.heightAndWidth, stride?.heightAndWidth, padding, dilation.heightAndWidth,
            ceilMode)
        return apply(.maxPool2D(window), x)
    }
}

/// The mean of each window.
///
/// - Shapes, units and errors: as `maxPool2D`.
/// - `countsPadding` says whether the border's zeros count in the divisor; unless given they do for
///   a border in pixels (PyTorch's rule) and do not for `.same` (Keras' rule).
public func averagePool2D(
    _ x: Tensor, _ size: some SizePair, stride: (any SizePair)? = nil, padding: Padding = .valid,
    ceilMode: Bool = false, countsPadding: Bool? = nil, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("averagePool2D", file, line) {
        if let wrong = requirePictures("averagePool2D", x) { return wrong }
        var window = poolWindow(
            x, size.heightAndWidth, stride?.heightAndWidth, padding, [1, 1], ceilMode)
        window.countsPadding = countsPadding ?? (padding != .same)
        return apply(.averagePool2D(window), x)
    }
}

/// The window's geometry, with the rows and columns that rounding up adds.
private func poolWindow(
    _ x: Tensor, _ kernel: [Int], _ stride: [Int]?, _ padding: Padding, _ dilation: [Int],
    _ ceilMode: Bool
) -> PoolAttributes {
    let size = Array(x.shape[2...])
    let stride = stride ?? kernel
    let pixels = padding.pixels(size, kernel: kernel, stride: stride, dilation: dilation)
    var window = PoolAttributes(
        kernel: kernel, stride: stride, paddingLow: pixels.low, paddingHigh: pixels.high,
        dilation: dilation)
    let lists = [kernel, stride, pixels.low, pixels.high, dilation]
    guard ceilMode, lists.allSatisfy(isSmallPair), stride.allSatisfy({ $0 > 0 }) else {
        return window
    }
    for axis in 0..<2 {
        let reach = dilation[axis] * (kernel[axis] - 1) + 1
        let padded = size[axis] + pixels.low[axis] + pixels.high[axis]
        guard padded >= reach else { continue }
        var count = (padded - reach + stride[axis] - 1) / stride[axis] + 1
        if (count - 1) * stride[axis] >= size[axis] + pixels.low[axis] { count -= 1 }
        let extra = max((count - 1) * stride[axis] + reach - padded, 0)
        window.ceilExtra[axis] = extra
        window.paddingHigh[axis] += extra
    }
    return window
}

/// Means over windows that divide the picture into `output` rows and columns of even size.
///
/// - Shapes: `[N, C, H, W]` gives `[N, C, output]`; window i is ⌊iH/out⌋ ..< ⌈(i+1)H/out⌉.
/// - Same as: `torch.nn.functional.adaptive_avg_pool2d`.
public func adaptiveAveragePool2D(
    _ x: Tensor, _ output: some SizePair, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("adaptiveAveragePool2D", file, line) {
        if let wrong = requirePictures("adaptiveAveragePool2D", x) { return wrong }
        let (size, output) = (Array(x.shape[2...]), output.heightAndWidth)
        guard output.count == 2, output.allSatisfy({ $0 > 0 }), !size.contains(0) else {
            return mistake(
                "adaptiveAveragePool2D(\(x.type), \(output))", like: x,
                expected: "a height and a width of 1 or more", received: "\(output) of \(size)")
        }
        if size[0] % output[0] == 0, size[1] % output[1] == 0 {
            return averagePool2D(x, [size[0] / output[0], size[1] / output[1]])
        }
        let columns = matmul(x, averagingMatrix(size[1], output[1], x.dtype).transposed)
        let rows = averagingMatrix(size[0], output[0], x.dtype).transposed
        return matmul(columns.transposed, rows).transposed
    }
}

/// A matrix `[outputs, size]` whose rows hold 1/n over their window of n elements.
private func averagingMatrix(_ size: Int, _ outputs: Int, _ dtype: DataType) -> Tensor {
    var values = [Double](repeating: 0, count: outputs * size)
    for output in 0..<outputs {
        let start = output * size / outputs
        let end = ((output + 1) * size + outputs - 1) / outputs
        for position in start..<end { values[output * size + position] = 1 / Double(end - start) }
    }
    if dtype == .float64 { return Tensor(HostTensor(values, shape: [outputs, size])) }
    return Tensor(HostTensor(values.map { Float($0) }, shape: [outputs, size]))
}

/// The mean of each channel of each picture: `[N, C, H, W]` gives `[N, C]`.
public func globalAveragePool2D(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("globalAveragePool2D", file, line) {
        if let wrong = requirePictures("globalAveragePool2D", x) { return wrong }
        return x.mean(axes: [2, 3])
    }
}
