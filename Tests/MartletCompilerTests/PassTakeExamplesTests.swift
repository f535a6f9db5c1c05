import MartletCompiler
import MartletGraph
import MartletReference
import Testing

@Suite struct PassTakeExamplesTests {
    private let weights = TensorType(.float32, [6, 4])

    /// Scaled pictures, a convolution with bias, pooling, a dense layer, softmax.
    private func network(_ examples: Int) -> Graph {
        graph { g in
            let x = g.emit(.cast(.float32), g.input("x", TensorType(.uint8, [examples, 1, 7, 6])))
            let w = g.constant(HostTensor((0..<18).map { Float($0 % 5) - 2 }, shape: [2, 1, 3, 3]))
            let y = g.emit(.conv2D(Conv2DAttributes()), g.binary(.multiply, x, 0.1), w)
            let bias = g.broadcast(
                g.constant(HostTensor([0.5, -1] as [Float], shape: [2, 1, 1])),
                to: g.type(y).shape)
            let pooled = g.emit(
                .maxPool2D(PoolAttributes(kernel: [2, 2])), g.binary(.add, y, bias))
            let flat = g.emit(.reshape([examples, 8]), pooled)
            let dense = g.constant(
                HostTensor((0..<24).map { Float($0 % 7) / 4 }, shape: [8, 3]))
            return g.emit(.softmax(axis: 1), g.emit(.matmul(MatmulAttributes()), flat, dense))
        }
    }

    @Test func aPartGivesTheSameNumbers() throws {
        let whole = network(5)
        let part = try #require(whole.taking(examples: 2))
        try part.verify()
        #expect(part.text == network(2).text)
        let pixels = (0..<5 * 42).map { UInt8($0 * 37 % 251) }
        let all = try Interpreter.run(
            whole, inputs: [HostTensor(pixels, shape: [5, 1, 7, 6])], variables: [:]
        ).outputs[0].doubles
        for first in [0, 3] {
            let some = Array(pixels[first * 42..<(first + 2) * 42])
            let output = try Interpreter.run(
                part, inputs: [HostTensor(some, shape: [2, 1, 7, 6])], variables: [:]
            ).outputs[0]
            #expect(output.doubles == Array(all[first * 3..<first * 3 + 6]))
        }
    }

    /// Each looks across examples, or gives results that do not belong to one.
    private static let mixing: [@Sendable (inout GraphBuilder, Value) -> Value] = [
        { $0.emit(.reduce(.sum, axes: [0]), $1) },
        { $0.emit(.reduce(.sum, axes: [0, 1]), $1) },
        { $0.emit(.softmax(axis: 0), $1) },
        { $0.emit(.cumulativeSum(axis: 0, reverse: false), $1) },
        { $0.emit(.reverse([0]), $1) },
        { $0.transpose($1, [1, 0]) },
        { $0.emit(.concatenate(axis: 0), $1, $1) },
        { $0.emit(.reshape([6, 4]), $1) },
        { $0.emit(.standardize(axes: [0], epsilon: 1e-5), $1) },
        {
            $0.emit(.slice(SliceAttributes(starts: [1, 0], limits: [4, 6], strides: [1, 1])), $1)
        },
        { $0.emit(.matmul(MatmulAttributes(transposeA: true)), $1, $1) },
        { g, x in g.add(x, g.emit(.iota(TensorType(.float32, [4, 6]), axis: 0))) },
        { g, x in
            let sum = g.emit(.reduce(.max, axes: [0]), x)
            return g.binary(.subtract, x, g.broadcast(sum, to: [4, 6]))
        },
        { g, _ in g.constant(HostTensor([1, 2, 3, 4] as [Float], shape: [4])) },
    ]

    @Test(arguments: mixing.indices) func whatMixesExamplesIsLeftWhole(_ number: Int) throws {
        let made = graph { g in Self.mixing[number](&g, g.x("x", [4, 6])) }
        try made.verify()
        #expect(made.taking(examples: 2) == nil)
    }

    @Test func inputsAgreeOnTheirExamplesAndNothingIsAssigned() {
        var two = GraphBuilder(name: "two")
        let a = two.x("a", [4, 6]), b = two.x("b", [3, 6])
        two.graph.outputs = [.init("a", a), .init("b", b)]
        #expect(two.graph.exampleCount == nil && two.graph.taking(examples: 2) == nil)
        var state = GraphBuilder(name: "state")
        let x = state.x("x", [4, 6])
        state.graph.outputs = [.init("y", x)]
        #expect(state.graph.taking(examples: 2) != nil)
        state.graph.assignments = [.init("last", x)]
        #expect(state.graph.taking(examples: 2) == nil)
    }
}
