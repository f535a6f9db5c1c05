import Martlet
import MartletTestSupport

/// The point of a quadratic function, in one parameter or in two halves.
final class QuadraticPoint: Module {
    private let parts: [Parameter]
    private let sizes: [Int]

    /// Holds `start` in one parameter, or in halves of which the first is the smaller one.
    init(_ start: HostTensor, halves: Bool) throws {
        let count = start.type.elementCount
        sizes = halves ? [count / 2, count - count / 2] : [count]
        parts = sizes.map { _ in Parameter() }
        var rest = (start.scalars(as: Float.self) ?? [])[...]
        for (part, size) in zip(parts, sizes) {
            try part.set(HostTensor(Array(rest.prefix(size)), shape: [size]))
            rest = rest.dropFirst(size)
        }
    }

    /// The point now.
    func numbers() throws -> [Float] {
        try parts.flatMap { part in
            guard let numbers = part.value?.scalars(as: Float.self) else {
                throw FixtureError("the point", "has no values")
            }
            return numbers
        }
    }

    /// The parts of the point in the trace.
    func callAsFunction() -> [Tensor] {
        zip(parts, sizes).map { $0([$1], .zeros) }
    }

    /// scale · (x·A·x / 2 − b·x).
    static func loss(_ x: Tensor, _ a: Tensor, _ b: Tensor, scale: Double) -> Tensor {
        let product = (a * x).sum(axes: [1])
        return scale * (0.5 * (x * product).sum() - (b * x).sum())
    }
}

/// A dense layer with weights from outside, named as in PyTorch.
final class FixtureDense: Module {
    private let weight = Parameter(), bias = Parameter()

    /// Holds the given weights.
    init(_ weight: HostTensor, _ bias: HostTensor) throws {
        try self.weight.set(weight)
        try self.bias.set(bias)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        guard let shape = weight.type?.shape else { return x }
        return matmul(x, weight(shape, .zeros).transposed) + bias([shape[0]], .zeros)
    }
}

/// Two dense layers with a hyperbolic tangent between them.
final class FixtureMLP: Module {
    private let fc1, fc2: FixtureDense

    /// Holds the arrays `mlp.init.…` of an archive.
    init(_ archive: FixtureArchive) throws {
        fc1 = try FixtureDense(
            archive.array("mlp.init.fc1.weight"), archive.array("mlp.init.fc1.bias"))
        fc2 = try FixtureDense(
            archive.array("mlp.init.fc2.weight"), archive.array("mlp.init.fc2.bias"))
    }

    func callAsFunction(_ x: Tensor) -> Tensor { fc2(tanh(fc1(x))) }
}
