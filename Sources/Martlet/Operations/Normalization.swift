import MartletGraph

/// One number per channel as `[C, 1, 1]`, so that it is broadcast over pictures `[N, C, H, W]`.
private func perChannel(_ value: Tensor, rank: Int) -> Tensor {
    rank <= 2 || value.isPoisoned
        ? value : value.reshaped([-1] + [Int](repeating: 1, count: rank - 2))
}

/// Scales and shifts each channel (axis 1).
private func affine(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    var result = x
    if let weight { result = result * perChannel(weight, rank: x.rank) }
    if let bias { result = result + perChannel(bias, rank: x.rank) }
    return result
}

/// The axes that batch statistics are taken over: all but the channels.
private func batchAxes(_ x: Tensor) -> [Int] { (0..<x.rank).filter { $0 != 1 } }

private func requireChannels(_ function: String, _ x: Tensor) -> Tensor? {
    if x.isPoisoned { return x }
    if x.rank >= 2 { return nil }
    return mistake(
        "\(function)(\(x.type))", like: x, expected: "at least 2 axes, [N, C, …]",
        received: "\(x.rank)")
}

/// Batch normalisation with the statistics of this batch (the training form).
///
///     y = (x − mean) / √(variance + ε) · weight + bias        per channel
///
/// - Shapes: `x` is `[N, C, …]`; `weight` and `bias` are `[C]`. Uses the biased variance.
/// - Source: Ioffe & Szegedy, arXiv:1502.03167.
public func batchNorm(
    _ x: Tensor, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("batchNorm", file, line) {
        if let wrong = requireChannels("batchNorm", x) { return wrong }
        return affine(
            apply(.standardize(axes: batchAxes(x), epsilon: epsilon), x), weight, bias)
    }
}

/// Mean and variance of each channel of this batch, both `[C]`.
public func batchStatistics(
    _ x: Tensor, unbiased: Bool, file: StaticString = #fileID, line: UInt = #line
) -> (mean: Tensor, variance: Tensor) {
    named("batchStatistics", file, line) {
        if let wrong = requireChannels("batchStatistics", x) { return (wrong, wrong) }
        let axes = batchAxes(x)
        return (x.mean(axes: axes), x.variance(axes: axes, unbiased: unbiased))
    }
}

/// Batch normalisation with given statistics (the inference form).
public func batchNorm(
    _ x: Tensor, mean: Tensor, variance: Tensor, weight: Tensor? = nil, bias: Tensor? = nil,
    epsilon: Double = 1e-5, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("batchNorm", file, line) {
        if let wrong = requireChannels("batchNorm", x) { return wrong }
        let scale = rsqrt(variance + epsilon)
        let centered = x - perChannel(mean, rank: x.rank)
        return affine(centered * perChannel(scale, rank: x.rank), weight, bias)
    }
}

/// Normalises each example over its last `axisCount` axes.
///
/// - Shapes: `weight` and `bias` have the shape of those axes.
/// - Source: Ba et al., arXiv:1607.06450.
public func layerNorm(
    _ x: Tensor, axisCount: Int = 1, weight: Tensor? = nil, bias: Tensor? = nil,
    epsilon: Double = 1e-5, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("layerNorm", file, line) {
        if x.isPoisoned { return x }
        guard axisCount > 0, axisCount <= x.rank else {
            return mistake(
                "layerNorm(\(x.type))", like: x, expected: "from 1 to \(x.rank) axes",
                received: "\(axisCount)")
        }
        let axes = Array(x.rank - axisCount..<x.rank)
        var result = apply(.standardize(axes: axes, epsilon: epsilon), x)
        if let weight { result = result * weight }
        if let bias { result = result + bias }
        return result
    }
}

/// Normalises each example over groups of its channels.
///
/// - Shapes: `x` is `[N, C, …]`, `C` a multiple of `groups`; `weight` and `bias` are `[C]`.
/// - Source: Wu & He, arXiv:1803.08494.
public func groupNorm(
    _ x: Tensor, groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("groupNorm", file, line) {
        if let wrong = requireChannels("groupNorm", x) { return wrong }
        guard groups > 0, x.shape[1] % groups == 0 else {
            return mistake(
                "groupNorm(\(x.type))", like: x,
                expected: "a number of groups that divides \(x.shape[1]) channels",
                received: "\(groups)")
        }
        let split = x.reshaped([x.shape[0], groups, x.shape[1] / groups] + x.shape[2...])
        if split.isPoisoned { return split }
        let axes = Array(2..<split.rank)
        let normal = apply(.standardize(axes: axes, epsilon: epsilon), split).reshaped(x.shape)
        return affine(normal, weight, bias)
    }
}
