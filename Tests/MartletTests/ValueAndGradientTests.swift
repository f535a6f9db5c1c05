import Martlet
import Testing

@Suite struct ValueAndGradientTests {
    private let engine: any Engine

    init() throws { engine = try Engines.make(.reference) }

    @Test func handNumbers() throws {
        let x = Tensor([1, 2, 3])
        let (value, gradient) = try valueAndGradient(at: x, engine: engine) { ($0 * $0).sum() }
        #expect(try value.item() == 14)
        #expect(try gradient.scalars() == [2, 4, 6])
    }

    @Test func severalTensors() throws {
        let (a, b) = (Tensor([1, 2], shape: [1, 2]), Tensor([3, 4], shape: [2, 1]))
        let (value, gradients) = try valueAndGradient(at: [a, b], engine: engine) {
            matmul($0[0], $0[1]).sum()
        }
        #expect(try value.item() == 11)
        #expect(try gradients[0].scalars() == [3, 4])
        #expect(try gradients[1].scalars() == [1, 2])
    }

    @Test func whatDoesNotMatterHasZeroGradient() throws {
        let (_, gradients) = try valueAndGradient(
            at: [Tensor(2), Tensor([1, 2])], engine: engine
        ) { $0[0] * 3 }
        #expect(try gradients[0].item() == 3)
        #expect(try gradients[1].scalars() == [0, 0])
    }

    @Test func secondDerivatives() throws {
        let (first, second) = try valueAndGradient(at: Tensor(2), engine: engine) { x in
            try valueAndGradient(at: x) { $0 * $0 * $0 }.gradient
        }
        #expect(try first.item() == 12)
        #expect(try second.item() == 12)
    }

    @Test func equalNumbersInATraceAreDifferentTensors() throws {
        let results = try compile(inputs: [TensorType(.float32, [])], engine: engine) { inputs in
            try valueAndGradient(at: [Tensor(3), Tensor(3)]) { $0[0] * $0[0] * $0[1] }.gradients
                + inputs
        }(Tensor(0))
        #expect(try results[0].item() == 18)
        #expect(try results[1].item() == 9)
    }

    @Test func kinksHaveFiniteGradients() throws {
        let x = Tensor([0, 0])
        let functions: [(String, (Tensor) -> Tensor)] = [
            ("standardDeviation", { $0.standardDeviation() }), ("norm", { $0.norm() }),
            ("logSigmoid", { logSigmoid($0).sum() }), ("softplus", { softplus($0).sum() }),
            ("bce", { binaryCrossEntropy($0, Tensor([0, 0])) }),
            ("gelu", { gelu($0 + 1e18, approximation: .tanh).sum() }),
        ]
        for (name, function) in functions {
            let (_, gradient) = try valueAndGradient(at: x, engine: engine, of: function)
            #expect(try gradient.scalars().allSatisfy { $0.isFinite }, "\(name): \(gradient)")
        }
    }

    @Test func lossesMustBeScalars() {
        let error = #expect(throws: ModelError.self) {
            try valueAndGradient(at: Tensor([1, 2]), engine: engine) { $0 * 2 }
        }
        #expect(error?.fix == "reduce it: .mean() or .sum()")
    }
}
