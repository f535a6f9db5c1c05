import MartletCompiler
import MartletGraph
import MartletReference
import Testing

@Suite struct PassCropTests {
    /// conv 2→3 k3, pool, relu, conv 3→2 k2, pool: 13×12 pixels become 11×10, 5×5, 4×4, 2×2.
    private func network(keepsFirst: Bool = false, padding: Int = 0) -> Graph {
        graph { g in
            let pool = PoolAttributes(kernel: [2, 2])
            let padded = Conv2DAttributes(
                paddingLow: [padding, padding], paddingHigh: [padding, padding])
            let x = g.x("x", [2, 2, 13, 12])
            let first = g.emit(.conv2D(padded), x, g.x("w1", [3, 2, 3, 3]))
            if keepsFirst { g.graph.outputs.append(.init("first", first)) }
            let bias = g.broadcast(g.x("b", [3, 1, 1]), to: g.type(first).shape)
            let pooled = g.emit(.maxPool2D(pool), g.binary(.add, first, bias))
            let second = g.emit(
                .conv2D(Conv2DAttributes()), g.unary(.relu, pooled), g.x("w2", [2, 3, 2, 2]))
            return g.emit(.maxPool2D(pool), second)
        }
    }

    private func convolutions(_ graph: Graph) -> [[Int]] {
        graph.nodes.compactMap {
            guard case .conv2D = $0.op else { return nil }
            return Array($0.type.shape.suffix(2))
        }
    }

    private func expectSameNumbers(_ before: Graph, _ after: Graph) throws {
        let inputs = before.inputs.map { input in
            HostTensor(
                (0..<input.type.elementCount).map { Float(($0 * 7 + 3) % 11) - 5 },
                shape: input.type.shape)
        }
        let a = try Interpreter.run(before, inputs: inputs, variables: [:]).outputs
        let b = try Interpreter.run(after, inputs: inputs, variables: [:]).outputs
        #expect(a.map(\.doubles) == b.map(\.doubles))
    }

    @Test func rowsThatThePoolingDropsAreNotComputed() throws {
        let before = network()
        let after = cropUnseen(before)
        try after.verify()
        #expect(convolutions(before) == [[11, 10], [4, 4]])
        #expect(convolutions(after) == [[10, 10], [4, 4]])
        try expectSameNumbers(before, after)
    }

    @Test func valuesThatNobodyReadDoNotCount() throws {
        let before = graph { g in
            let x = g.emit(
                .conv2D(Conv2DAttributes()), g.x("x", [1, 1, 9, 9]), g.x("w", [2, 1, 3, 3]))
            return g.emit(.maxPool2D(PoolAttributes(kernel: [2, 2])), g.unary(.relu, x))
        }
        // The relu that was stays behind in the graph.
        let exchanged = exchangeReluAndMaxPool(before)
        #expect(convolutions(cropUnseen(exchanged)) == [[6, 6]])
        try expectSameNumbers(before, cropUnseen(exchanged))
    }

    @Test func whatElseIsSeenOrPaddedKeepsItsSize() throws {
        let seen = network(keepsFirst: true)
        #expect(convolutions(cropUnseen(seen)) == convolutions(seen))
        try expectSameNumbers(seen, cropUnseen(seen))
        let padded = network(padding: 1)
        #expect(convolutions(cropUnseen(padded)) == convolutions(padded))
        try expectSameNumbers(padded, cropUnseen(padded))
    }

    /// Batch norm reads all of a value that is cropped for its other user.
    @Test func aValueThatIsAlsoReducedIsCutForItsOtherUsers() throws {
        let before = graph { g in
            let pool = PoolAttributes(kernel: [2, 2])
            let first = g.emit(
                .conv2D(Conv2DAttributes()), g.x("x", [2, 1, 28, 28]), g.x("w1", [3, 1, 4, 4]))
            let mean = g.sumKeepingAxes(first, axes: [0, 2, 3])
            let centred = g.subtract(first, g.broadcast(mean, to: g.type(first).shape))
            let pooled = g.emit(.maxPool2D(pool), g.unary(.relu, centred))
            let second = g.emit(
                .conv2D(Conv2DAttributes()), pooled, g.x("w2", [2, 3, 4, 4]))
            return g.emit(.maxPool2D(pool), second)
        }
        let after = cropUnseen(before)
        try after.verify()
        #expect(convolutions(after) == [[25, 25], [8, 8]])
        try expectSameNumbers(before, after)
    }

    @Test func aPoolingWithoutConvolutionStays() throws {
        let pooled = graph { g in
            g.emit(.maxPool2D(PoolAttributes(kernel: [2, 2])), g.x("x", [1, 1, 5, 5]))
        }
        #expect(cropUnseen(pooled).opNames == pooled.opNames)
    }

    @Test func aWindowOfTheWholePictureBecomesAProduct() throws {
        let before = graph { g in
            g.emit(
                .conv2D(Conv2DAttributes()), g.x("x", [3, 2, 4, 5]), g.x("w", [6, 2, 4, 5]))
        }
        let after = simplify(before)
        #expect(after.opNames.contains("matmul") && !after.opNames.contains("conv2D"))
        try expectSameNumbers(before, after)
    }
}
