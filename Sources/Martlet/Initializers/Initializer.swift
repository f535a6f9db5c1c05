import MartletGraph
import MartletReference

/// How the first values of a parameter are made.
///
/// The numbers are a pure function of the seed and the parameter's path, so that they depend neither
/// on other layers nor on the engine.
public enum Initializer: Hashable, Sendable {
    /// Zeros.
    case zeros
    /// Ones.
    case ones
    /// One number.
    case constant(Double)
    /// Even chances between two bounds.
    case uniform(from: Double, to: Double)
    /// The normal distribution.
    case normal(mean: Double, deviation: Double)
    /// The normal distribution; what is more than two deviations from the mean is drawn again.
    ///
    /// The same as Keras' `TruncatedNormal`, and `torch.nn.init.trunc_normal_` with bounds of
    /// mean ± 2·deviation. The numbers' own deviation is 0.88 of the given one.
    case truncatedNormal(mean: Double = 0, deviation: Double)
    /// A matrix with orthonormal rows or columns, whichever are fewer, times a gain.
    ///
    /// Further axes count as columns, as in PyTorch. Source: Saxe et al., arXiv:1312.6120.
    case orthogonal(gain: Double = 1)

    /// Uniform within ±1/√fanIn: PyTorch's default for weights and biases of `Linear` and `Conv2d`.
    ///
    /// - Source: He et al., arXiv:1502.01852, with PyTorch's a = √5.
    public static func fanInUniform(_ fanIn: Int) -> Initializer {
        let bound = fanIn > 0 ? 1 / Double(fanIn).squareRoot() : 0
        return .uniform(from: -bound, to: bound)
    }

    /// The values for a parameter of the given type and path.
    ///
    /// - Throws: `ShapeError` for an element type without random numbers.
    public func values(_ type: TensorType, seed: Int, path: String) throws -> HostTensor {
        switch self {
        case .zeros: return HostTensor(zeros: type)
        case .ones: return HostTensor(repeating: 1, type)
        case .constant(let value): return HostTensor(repeating: value, type)
        case .uniform(let low, let high):
            let numbers = try random(.uniform, type, seed, path)
            return rounded(numbers.map { low + (high - low) * $0 }, type)
        case .normal(let mean, let deviation):
            let numbers = try random(.normal, type, seed, path)
            return rounded(numbers.map { mean + deviation * $0 }, type)
        case .truncatedNormal(let mean, let deviation):
            let numbers = try truncatedNormal(type, seed, path)
            return rounded(numbers.map { mean + deviation * $0 }, type)
        case .orthogonal(let gain):
            let rows = type.shape.first ?? 1
            let columns = type.elementCount / max(1, rows)
            let numbers = try random(.normal, type.with(dtype: .float64), seed, path)
            let matrix = orthonormal(numbers, rows: rows, columns: columns)
            return rounded(matrix.map { gain * $0 }, type)
        }
    }

    /// Draws until every number is within two deviations; draw `k` has the step −k.
    private func truncatedNormal(
        _ type: TensorType, _ seed: Int, _ path: String
    ) throws -> [Double] {
        var numbers = try random(.normal, type, seed, path)
        var draw = 1
        while numbers.contains(where: { abs($0) > 2 }) {
            draw += 1
            let next = try random(.normal, type, seed, path, draw: draw)
            for index in numbers.indices where abs(numbers[index]) > 2 {
                numbers[index] = next[index]
            }
        }
        return numbers
    }

    /// Negative steps, which no training step has, and a stream of the parameter's own.
    private func random(
        _ distribution: RandomDistribution, _ type: TensorType, _ seed: Int, _ path: String,
        draw: Int = 1
    ) throws -> [Double] {
        let key = HostTensor([Int64(seed), Int64(-draw)], shape: [2])
        let op = Op.random(distribution, type, stream: Int(hash(path)))
        return try Interpreter.evaluate(op, [key], type: type).doubles
    }

    private func rounded(_ values: [Double], _ type: TensorType) -> HostTensor {
        type.dtype == .float64
            ? HostTensor(values, shape: type.shape)
            : HostTensor(values.map { Float($0) }, shape: type.shape)
    }

    /// FNV-1a over the path's bytes, 31 bits.
    private func hash(_ path: String) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in path.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash >> 1
    }
}
