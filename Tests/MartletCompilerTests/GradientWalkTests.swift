import MartletCompiler
import MartletGraph
import MartletReference
import MartletTestSupport
import Testing

@Suite struct GradientWalkTests {
    private let number = TensorType(.float64, [])

    /// A graph of powers in which every value is used twice: x, x², x⁴, x⁸.
    @Test func sharedValuesAddUp() throws {
        let gradients = try gradientValues(at: [HostTensor(1.5)]) { g, x in
            (0..<3).reduce(x[0]) { value, _ in g.multiply(value, value) }
        }
        let expected = 8 * 1.5 * 1.5 * 1.5 * 1.5 * 1.5 * 1.5 * 1.5
        let actual = try #require(gradients[0]).doubles[0]
        #expect(abs(actual - expected) < 1e-12 * expected)
    }

    @Test func aDiamondOfDifferentPathsAgreesWithDifferences() throws {
        let types = [TensorType(.float64, [2, 3]), TensorType(.float64, [3])]
        try checkGradient("diamond", inputs: types, order: 2) { g, x in
            let spread = g.broadcast(x[1], to: [2, 3])
            let a = g.multiply(x[0], spread)
            let b = g.emit(.unary(.tanh), g.add(a, x[0]))
            let total = g.sum(g.multiply(a, b), axes: [0])
            return g.emit(.unary(.exp), g.scale(g.add(total, x[1]), by: 0.1))
        }
    }

    /// d³(x⁵)/dx³ = 60x², by differentiating three times.
    @Test func gradientsOfGradientsGiveHigherDerivatives() throws {
        var g = GraphBuilder(name: "thrice")
        let x = g.input("x", number)
        var value = x
        for _ in 1..<5 { value = g.multiply(value, x) }
        for _ in 0..<3 { value = try #require(g.gradients(of: value, wrt: [x])[0]) }
        g.graph.outputs = [.init("third", value)]
        let result = try Interpreter.run(g.graph, inputs: [HostTensor(1.25)], variables: [:])
        #expect(abs(result.outputs[0].doubles[0] - 60 * 1.25 * 1.25) < 1e-9)
    }

    @Test func valuesInTheMiddleHaveGradientsAndLetThemThrough() throws {
        var g = GraphBuilder(name: "middle")
        let x = g.variable("x", number)
        let middle = g.multiply(x, x)
        let loss = g.multiply(middle, g.constant(HostTensor(3.0)))
        let gradients = g.gradients(of: loss, wrt: [middle, x, loss])
        g.graph.outputs = try gradients.map { .init("gradient", try #require($0)) }
        let result = try Interpreter.run(g.graph, inputs: [], variables: ["x": HostTensor(2.0)])
        #expect(result.outputs.map { $0.doubles[0] } == [3, 12, 1])
    }

    @Test func whatTheLossDoesNotUseHasNoGradient() {
        var g = GraphBuilder(name: "unused")
        let x = g.input("x", number)
        let unused = g.input("unused", number)
        let labels = g.input("labels", TensorType(.int64, []))
        let loss = g.multiply(x, x)
        let later = g.negate(loss)
        let count = g.graph.nodes.count
        let none = g.gradients(of: loss, wrt: [unused, labels, later])
        #expect(none == [nil, nil, nil])
        #expect(g.graph.nodes.count == count, "nothing may be appended for nothing")
        let some = g.gradients(of: loss, wrt: [unused, x])
        #expect(some[0] == nil)
        #expect(some[1] != nil)
        let whole = g.emit(.cast(.int32), x)
        #expect(g.gradients(of: whole, wrt: [x]) == [nil])
    }

    @Test func aSeedWeighsTheResult() throws {
        let x = HostTensor([1.0, 2, 3], shape: [3])
        let seed = HostTensor([10.0, 0, -1], shape: [3])
        let gradients = try gradientValues(at: [x], seed: seed) { g, x in g.multiply(x[0], x[0]) }
        #expect(gradients[0]?.doubles == [20, 0, -6])
    }

    /// The picture needs no gradient, so the first layer appends only the weight's.
    @Test func onlyWantedGradientsAreAppended() throws {
        var g = GraphBuilder(name: "layer")
        let x = g.input("x", TensorType(.float32, [2, 1, 5, 5]))
        let weight = g.variable("conv1.weight", TensorType(.float32, [3, 1, 3, 3]))
        g.origin = Origin(path: "net.conv1/conv2D")
        let y = g.emit(.conv2D(Conv2DAttributes()), x, weight)
        g.origin = Origin(path: "net/relu")
        let loss = g.emit(.unary(.relu), y)
        g.origin = Origin(path: "after")
        let first = g.graph.nodes.count
        let gradient = try #require(g.gradients(of: loss, wrt: [weight])[0])

        let appended = g.graph.nodes[first...]
        #expect(!appended.contains { $0.op.name == "conv2DInputGradient" })
        #expect(appended.allSatisfy { $0.type.dtype != .float64 })
        #expect(g.graph[gradient].op.name == "conv2DWeightGradient")
        #expect(
            g.graph[gradient].origin
                == Origin(path: "net.conv1/conv2D.weightGradient", forward: y))
        let choice = try #require(appended.first { $0.op == .select })
        #expect(choice.origin == Origin(path: "net/relu.gradient", forward: loss))
        #expect(g.origin == Origin(path: "after"), "the builder's own origin comes back")
    }

    /// No product with the ones that a sum hands back.
    @Test func onesAreNotMultiplied() throws {
        var g = GraphBuilder(name: "mean")
        let x = g.input("x", TensorType(.float32, [4, 4]))
        let loss = g.scale(g.sum(g.multiply(x, x), axes: [0, 1]), by: 0.5)
        let first = g.graph.nodes.count
        _ = g.gradients(of: loss, wrt: [x])
        let products = g.graph.nodes[first...].filter { $0.op == .binary(.multiply) }
        #expect(products.count == 2)
    }
}
