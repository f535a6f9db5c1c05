import MartletGraph

// Random numbers are a pure function of (seed, step, place in the trace). Inside a training trace
// seed and step are the state `generator`; elsewhere a seed must be given.

/// Uniform numbers on [0, 1).
public func randomUniform(
    _ shape: [Int], seed: Int? = nil, dtype: DataType = .float32, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("randomUniform", file, line) { random(.uniform, TensorType(dtype, shape), seed) }
}

/// Numbers of the standard normal distribution.
public func randomNormal(
    _ shape: [Int], seed: Int? = nil, dtype: DataType = .float32, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("randomNormal", file, line) { random(.normal, TensorType(dtype, shape), seed) }
}

private func random(
    _ distribution: RandomDistribution, _ type: TensorType, _ seed: Int?
) -> Tensor {
    let trace = TraceContext.current.trace
    let stream = seed == nil ? trace?.makeStream() ?? 0 : 0
    let op = Op.random(distribution, type, stream: stream)
    if let seed { return apply(op, Tensor(HostTensor([Int64(seed), 0], shape: [2]))) }
    if let trace, let key = trace.generatorKey() { return apply(op, Tensor(trace, key)) }
    return mistake(
        "\(op.name)(\(type))", like: .placeholder(type),
        expected: "a seed, or a training trace, which has one", received: "neither",
        fix: "give one: seed: 0")
}

/// Sets a share of the elements to zero and scales the others by 1 / (1 − rate).
///
/// Does nothing outside training traces.
///
/// - Source: Srivastava et al., JMLR 15 (2014).
public func dropout(
    _ x: Tensor, rate: Double, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    if x.isPoisoned { return x }
    return named("dropout", file, line) { dropped(x, rate: rate, maskShape: x.shape) }
}

/// The same for whole channels: pictures `[N, C, H, W]` lose entire maps.
///
/// - Source: Tompson et al., arXiv:1411.4280. Same as: `torch.nn.Dropout2d`.
public func channelDropout(
    _ x: Tensor, rate: Double, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    if x.isPoisoned { return x }
    return named("channelDropout", file, line) {
        guard x.rank >= 2 else {
            return mistake(
                "channelDropout(\(x.type))", like: x, expected: "at least 2 axes, [N, C, …]",
                received: "\(x.rank)")
        }
        let ones = [Int](repeating: 1, count: x.rank - 2)
        return dropped(x, rate: rate, maskShape: Array(x.shape[..<2]) + ones)
    }
}

private func dropped(_ x: Tensor, rate: Double, maskShape: [Int]) -> Tensor {
    guard rate >= 0, rate <= 1 else {
        return mistake(
            "dropout(\(x.type))", like: x, expected: "a rate from 0 to 1", received: "\(rate)")
    }
    guard let trace = TraceContext.current.trace, trace.mode == .training, rate > 0 else {
        return x
    }
    if rate == 1 { return x * 0 }
    let keeps = randomUniform(maskShape, dtype: x.dtype) .>= rate
    return select(keeps, x * (1 / (1 - rate)), 0)
}
