import MartletGraph
import MartletReference

/// How the first values of a parameter are made.
///
/// The numbers are a pure function of the seed and the parameter's path, so that they depend neither
/// on the order of layers nor on the engine.
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

    /// Uniform within ±1/√fanIn: PyTorch's default for weights and biases of `Linear` and `Conv2d`.
    ///
    /// - Source: He et al., arXiv:1502.01852, with PyTorch's a = √5.
    public static func fanInUniform(_ fanIn: Int) -> Initializer {
        let bound = fanIn > 0 ? 1 / Double(fanIn).squareRoot() : 0
        return .uniform(from: -bound, to: bound)
    }

    /// Uniform within ±√(6/(fanIn + fanOut)): Keras' default for weights.
    ///
    /// - Source: Glorot & Bengio, AISTATS 2010.
    public static func glorotUniform(fanIn: Int, fanOut: Int) -> Initializer {
        let bound = (6 / Double(max(1, fanIn + fanOut))).squareRoot()
        return .uniform(from: -bound, to: bound)
    }

    /// The values for a parameter of the given type and path.
    func values(_ type: TensorType, seed: Int, path: String) throws -> HostTensor {
        switch self {
        case .zeros: return HostTensor(zeros: type)
        case .ones: return HostTensor(repeating: 1, type)
        case .constant(let value): return HostTensor(repeating: value, type)
        case .uniform(let low, let high):
            let numbers = try random(.uniform, type, seed, path)
            return rounded(numbers.doubles.map { low + (high - low) * $0 }, type)
        case .normal(let mean, let deviation):
            let numbers = try random(.normal, type, seed, path)
            return rounded(numbers.doubles.map { mean + deviation * $0 }, type)
        }
    }

    /// Step −1, which no training step has, and a stream of the parameter's own.
    private func random(
        _ distribution: RandomDistribution, _ type: TensorType, _ seed: Int, _ path: String
    ) throws -> HostTensor {
        let key = HostTensor([Int64(seed), -1], shape: [2])
        let op = Op.random(distribution, type, stream: Int(hash(path)))
        return try Interpreter.evaluate(op, [key], type: type)
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

/// Which framework's first values a layer takes.
public enum Initialization: Hashable, Sendable {
    /// Weights and biases uniform within ±1/√fanIn, as in PyTorch.
    case fanIn
    /// Weights Glorot-uniform and biases zero, as in Keras.
    case glorot

    /// The rule for weights.
    public func weight(fanIn: Int, fanOut: Int) -> Initializer {
        self == .fanIn ? .fanInUniform(fanIn) : .glorotUniform(fanIn: fanIn, fanOut: fanOut)
    }

    /// The rule for biases.
    public func bias(fanIn: Int) -> Initializer { self == .fanIn ? .fanInUniform(fanIn) : .zeros }
}
