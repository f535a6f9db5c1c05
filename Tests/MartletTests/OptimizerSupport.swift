import Martlet
import Testing

/// A row of numbers that training moves; its gradient is what the test wants it to be.
final class Row: Module {
    private let weight = Parameter(), bias = Parameter()

    /// Holds the given numbers, and as many ones as bias.
    init(_ numbers: [Float]) throws {
        try weight.set(HostTensor(numbers, shape: [numbers.count]))
        try bias.set(HostTensor(numbers.map { _ in Float(1) }, shape: [numbers.count]))
    }

    /// Σ over examples of x · weight and of y · bias: gradients are the columns' means.
    func callAsFunction(_ x: Tensor, _ y: Tensor) -> Tensor {
        let count = weight.type?.shape ?? []
        return ((x * weight(count, .zeros)).sum() + (y * bias(count, .zeros)).sum()) / x.shape[0]
    }

    /// The numbers now.
    var numbers: [Double] { weight.value?.doubles ?? [] }
    /// The numbers of the bias now.
    var biases: [Double] { bias.value?.doubles ?? [] }
}

/// A step whose gradients are the means of the rows of its two inputs.
func makeRowStep<Rule: Optimizer>(
    _ rule: Rule, _ numbers: [Float] = [1, -2, 0.5], engine: EngineChoice = .reference
) throws -> TrainStep<Row, Rule> {
    try TrainStep(Row(numbers), optimizer: rule, engine: Engines.make(engine)) { $0($1, $2) }
}

/// A batch of rows.
func rows(_ numbers: [Float]...) -> HostTensor {
    HostTensor(numbers.flatMap { $0 }, shape: [numbers.count, numbers[0].count])
}

/// Whether numbers agree to single precision.
func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 2e-6) -> Bool {
    a.count == b.count
        && zip(a, b).allSatisfy { Swift.abs($0 - $1) <= tolerance * (1 + Swift.abs($1)) }
}

/// Gradients of five steps, with zeros and changes of sign.
let gradientRows: [[Float]] = [
    [0.5, -1, 2], [0.25, 3, -1], [-4, 0, 0.125], [1, 1, 1], [-0.5, 2, 0],
]
