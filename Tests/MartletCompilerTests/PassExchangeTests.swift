import MartletCompiler
import MartletGraph
import MartletReference
import Testing

@Suite struct PassExchangeTests {
    private func network(_ pool: PoolAttributes, size: Int = 6, keepsRelu: Bool = false) -> Graph {
        graph { g in
            let relu = g.unary(.relu, g.x("x", [1, 2, size, size]))
            if keepsRelu { g.graph.outputs.append(.init("relu", relu)) }
            return g.emit(.maxPool2D(pool), relu)
        }
    }

    @Test(arguments: [
        PoolAttributes(kernel: [2, 2]),
        PoolAttributes(kernel: [3, 3], stride: [2, 2], paddingLow: [1, 1], paddingHigh: [1, 1]),
        PoolAttributes(kernel: [2, 1], stride: [1, 1], dilation: [2, 3]),
    ])
    func reluMovesBehindThePooling(pool: PoolAttributes) throws {
        let before = network(pool)
        let after = exchangeReluAndMaxPool(before)
        #expect(removeDeadNodes(after).opNames == ["input", "maxPool2D", "relu"])
        try expectEqualResults(before, after)
    }

    @Test func otherFunctionsMoveOnlyWhenAsked() throws {
        let before = graph { g in
            let sigmoid = g.unary(.sigmoid, g.x("x", [1, 2, 6, 6]))
            return g.emit(.maxPool2D(PoolAttributes(kernel: [2, 2])), sigmoid)
        }
        #expect(exchangeReluAndMaxPool(before).opNames == before.opNames)
        let after = removeDeadNodes(exchangeReluAndMaxPool(before, others: [.sigmoid]))
        #expect(after.opNames == ["input", "maxPool2D", "sigmoid"])
        try expectEqualResults(before, after)
    }

    @Test func anotherUserOrLonelyPaddingPreventsIt() throws {
        let shared = network(PoolAttributes(kernel: [2, 2]), keepsRelu: true)
        #expect(exchangeReluAndMaxPool(shared).opNames == shared.opNames)
        // The last window of each row lies in the padding.
        let padded = network(PoolAttributes(kernel: [2, 2], paddingHigh: [2, 2]))
        #expect(exchangeReluAndMaxPool(padded).opNames == padded.opNames)
        // Cells at −1 and 1 around the only element.
        let gap = PoolAttributes(
            kernel: [2, 2], stride: [1, 1], paddingLow: [1, 1], paddingHigh: [1, 1],
            dilation: [2, 2])
        #expect(exchangeReluAndMaxPool(network(gap, size: 1)).opNames.last == "maxPool2D")
    }

    /// Sends a gradient back through relu, then pooling, and the other way round.
    @Test(arguments: 0..<40)
    func gradientsAreTheSame(seed: Int) throws {
        let pool = PoolAttributes(kernel: [2, 2], stride: [1, 1])
        var generator = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        let numbers = (0..<36).map { _ -> Float in
            generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let choices: [Float] = [-2, -1, -1, -0.0, 0, 0, 1, 1, 2, .nan, .infinity, -.infinity]
            return choices[Int((generator >> 33) % 12)]
        }
        let x = HostTensor(numbers, shape: [1, 1, 6, 6])
        let dy = HostTensor((1...25).map { Float($0) }, shape: [1, 1, 5, 5])

        /// Relu's gradient: dy where x is above 0.
        func reluGradient(_ g: inout GraphBuilder, _ x: Value, _ dy: Value) -> Value {
            let zero = g.constant(0, like: x)
            return g.select(g.emit(.compare(.greater), x, zero), dy, zero)
        }
        let reluFirst = graph { g in
            let (x, dy) = (g.x("x", [1, 1, 6, 6]), g.x("dy", [1, 1, 5, 5]))
            let relu = g.unary(.relu, x)
            return reluGradient(&g, x, g.emit(.maxPool2DGradient(pool), relu, dy))
        }
        let poolFirst = graph { g in
            let (x, dy) = (g.x("x", [1, 1, 6, 6]), g.x("dy", [1, 1, 5, 5]))
            let pooled = g.emit(.maxPool2D(pool), x)
            return g.emit(.maxPool2DGradient(pool), x, reluGradient(&g, pooled, dy))
        }
        let a = try Interpreter.run(reluFirst, inputs: [x, dy], variables: [:]).outputs[0]
        let b = try Interpreter.run(poolFirst, inputs: [x, dy], variables: [:]).outputs[0]
        expectSame(a, b, "seed \(seed)")
    }
}
