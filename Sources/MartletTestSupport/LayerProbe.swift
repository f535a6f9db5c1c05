import Martlet
import MartletGraph

/// A layer together with its input, which is a parameter, too, so that it has a gradient.
final class LayerProbe: Module {
    let layer: any Layer
    private let x: Parameter?
    private let indices: HostTensor?
    private let shape: [Int]

    init(_ layer: any Layer, _ check: LayerCheck, dtype: DataType) throws {
        (self.layer, shape) = (layer, check.input)
        var random = SeededGenerator(seed: check.seed)
        let count = check.input.reduce(1, *)
        if let limit = check.indices {
            let numbers = (0..<count).map { _ in Int32.random(in: 0..<Int32(limit), using: &random)
            }
            (x, indices) = (nil, HostTensor(numbers, shape: check.input))
        } else {
            (x, indices) = (Parameter(), nil)
            let numbers = (0..<count).map { _ in Double.random(in: -2...2, using: &random) }
            try x?.set(HostTensor(numbers, shape: shape).converted(to: dtype))
        }
    }

    func run() -> Tensor {
        if let x { return layer(x(shape, .zeros, dtype: x.type?.dtype ?? .float32)) }
        return layer(Tensor(indices ?? HostTensor(zeros: TensorType(.int32, shape))))
    }
}

extension HostTensor {
    /// The same numbers in another floating-point type.
    func converted(to dtype: DataType) -> HostTensor {
        if dtype == type.dtype { return self }
        return dtype == .float64
            ? HostTensor(doubles, shape: type.shape)
            : HostTensor(doubles.map { Float($0) }, shape: type.shape)
    }
}
