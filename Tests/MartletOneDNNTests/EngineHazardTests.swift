import MartletCompiler
import MartletGraph
import MartletOneDNN
import MartletReference
import MartletTestSupport
import Testing

/// Graphs in which memory is shared, moved or padded in ways that could go wrong.
@Suite struct EngineHazardTests {
    private static func numbers(_ shape: [Int], seed: UInt64) -> HostTensor {
        var generator = SeededGenerator(seed: seed)
        let count = shape.reduce(1, *)
        return HostTensor(
            (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }, shape: shape)
    }

    /// Runs graphs one after the other over one store per engine and compares all that they leave.
    private func compare(
        _ graphs: [Graph], inputs: [HostTensor] = [], variables: [(String, HostTensor)] = []
    ) throws {
        var results: [[HostTensor]] = []
        for engine in [ReferenceEngine(), try OneDNNEngine.load()] as [any Engine] {
            let store = engine.makeStore()
            for (name, value) in variables { try store.write(name, value) }
            var outputs: [HostTensor] = []
            for graph in graphs {
                try graph.verify()
                let plan = try engine.compile(graph, store: store)
                for _ in 0..<2 { outputs += try plan(graph.inputs.isEmpty ? [] : inputs) }
                outputs += try store.names.map { try store.read($0) }
            }
            results.append(outputs)
        }
        for (expected, received) in zip(results[0], results[1]) {
            #expect(expected.type == received.type)
            for (a, b) in zip(expected.doubles, received.doubles) where !(a.isNaN && b.isNaN) {
                guard abs(a - b) <= 1e-4 * max(1, abs(a)) else {
                    Issue.record("expected \(a), received \(b) in \(expected.type)")
                    return
                }
            }
        }
    }

    @Test func aMatrixAndItsTransposeAreNotOverwrittenWhileRead() throws {
        let type = TensorType(.float32, [64, 64])
        var g = GraphBuilder(name: "variable")
        let w = g.variable("w", type)
        g.graph.assignments = [.init("w", g.add(w, g.emit(.transpose([1, 0]), w)))]
        var h = GraphBuilder(name: "temporary")
        let x = h.emit(.unary(.relu), h.input("x", type))
        h.graph.outputs = [.init("y", h.add(x, h.emit(.transpose([1, 0]), x)))]
        try compare([g.graph], variables: [("w", Self.numbers([64, 64], seed: 1))])
        try compare([h.graph], inputs: [Self.numbers([64, 64], seed: 2)])
    }

    /// Large enough to be cut: 150 is no multiple of any portion.
    @Test func aBatchInPortionsGivesWhatTheWholeGives() throws {
        var g = GraphBuilder(name: "portions")
        let x = g.input("x", TensorType(.float32, [150, 8, 20, 20]))
        let w = g.variable("w", TensorType(.float32, [16, 8, 3, 3]))
        let y = g.emit(.conv2D(Conv2DAttributes()), x, w)
        let flat = g.emit(.reshape([150, 16 * 18 * 18]), g.emit(.unary(.relu), y))
        let v = g.variable("v", TensorType(.float32, [16 * 18 * 18, 5]))
        g.graph.outputs = [.init("y", g.emit(.matmul(MatmulAttributes()), flat, v))]
        let engine = try OneDNNEngine.load(), store = engine.makeStore()
        let variables = [
            ("w", Self.numbers([16, 8, 3, 3], seed: 4)),
            ("v", Self.numbers([16 * 18 * 18, 5], seed: 5)),
        ]
        for (name, value) in variables { try store.write(name, value) }
        #expect(try engine.compile(g.graph, store: store).planText.contains("of 150 examples each"))
        try compare(
            [g.graph], inputs: [Self.numbers([150, 8, 20, 20], seed: 6)], variables: variables)
    }

    @Test func reluPassesNaNOn() throws {
        var g = GraphBuilder(name: "nan")
        let x = g.input("x", TensorType(.float32, [2, 3]))
        let w = g.variable("w", TensorType(.float32, [3, 4]))
        g.graph.outputs = [
            .init("y", g.emit(.unary(.relu), g.emit(.matmul(MatmulAttributes()), x, w)))
        ]
        let weights = HostTensor([Float.nan] + [Float](repeating: 1, count: 11), shape: [3, 4])
        try compare(
            [g.graph], inputs: [Self.numbers([2, 3], seed: 3)], variables: [("w", weights)])
    }

    @Test func manyAxesGoToThePlainEngine() throws {
        let shape = [Int](repeating: 2, count: 10)
        var g = GraphBuilder(name: "axes")
        let x = g.input("x", TensorType(.float32, [1024]))
        let y = g.emit(.unary(.relu), g.reshape(x, to: shape))
        let z = g.emit(.transpose(Array((0..<10).reversed())), y)
        let one = g.constant(1, like: z)
        g.graph.outputs = [.init("y", g.sum(g.add(z, one), axes: [0, 3])), .init("z", z)]
        try compare([g.graph], inputs: [Self.numbers([1024], seed: 4)])
    }

    @Test func variablesChangePlacesAfterAConvolutionMovedOne() throws {
        let type = TensorType(.float32, [20, 10, 5, 5])
        var g = GraphBuilder(name: "convolution")
        let x = g.input("x", TensorType(.float32, [2, 10, 8, 8]))
        g.graph.outputs = [
            .init("y", g.emit(.conv2D(Conv2DAttributes()), x, g.variable("w", type)))
        ]
        var h = GraphBuilder(name: "swap")
        let (a, w) = (h.variable("a", type), h.variable("w", type))
        h.graph.assignments = [.init("a", w), .init("w", a)]
        try compare(
            [g.graph, h.graph, g.graph], inputs: [Self.numbers([2, 10, 8, 8], seed: 5)],
            variables: [
                ("a", Self.numbers(type.shape, seed: 6)), ("w", Self.numbers(type.shape, seed: 7)),
            ])
    }

    /// y = x · wᵀ + b, and the weights moved along the gradient of its sum of squares.
    private static func dense(examples: Int, named name: String) -> Graph {
        var g = GraphBuilder(name: name)
        let x = g.input("x", TensorType(.float32, [examples, 24]))
        let w = g.variable("w", TensorType(.float32, [16, 24]))
        let b = g.variable("b", TensorType(.float32, [16]))
        let product = g.emit(.matmul(MatmulAttributes(transposeB: true)), x, w)
        let y = g.add(product, g.emit(.broadcast([examples, 16]), b))
        let dw = g.emit(.matmul(MatmulAttributes(transposeA: true)), y, x)
        let dx = g.emit(.matmul(MatmulAttributes()), y, w)
        g.graph.outputs = [.init("y", y), .init("dx", dx)]
        g.graph.assignments = [
            .init("w", g.subtract(w, g.multiply(dw, g.constant(1e-3, like: dw))))
        ]
        return g.graph
    }

    /// Weights that a small product moved serve other plans, and the other way round.
    @Test(arguments: [[6], [6, 2000], [2000, 6], [1, 6, 1]])
    func weightsOfSmallProductsServeOtherPlans(sizes: [Int]) throws {
        for own in [true, false] {
            var settings = Settings()
            settings.usesOwnProducts = own
            let engines: [any Engine] = [
                ReferenceEngine(), try OneDNNEngine.load(settings: settings),
            ]
            var results: [[HostTensor]] = []
            for engine in engines {
                let store = engine.makeStore()
                try store.write("w", Self.numbers([16, 24], seed: 8))
                try store.write("b", Self.numbers([16], seed: 9))
                var left: [HostTensor] = []
                for (number, size) in sizes.enumerated() {
                    let plan = try engine.compile(
                        Self.dense(examples: size, named: "dense\(number)"), store: store)
                    left += try plan([Self.numbers([size, 24], seed: 10)])
                    left.append(try store.read("w"))
                    let isOwn = plan.planText.contains("[own]")
                    if size == 6, engine is OneDNNEngine { #expect(isOwn == own) }
                }
                results.append(left)
            }
            for (expected, received) in zip(results[0], results[1]) {
                #expect(expected.type == received.type)
                for (a, b) in zip(expected.doubles, received.doubles) {
                    guard abs(a - b) <= 1e-4 * max(1, abs(a)) else {
                        Issue.record("expected \(a), received \(b) in \(expected.type)")
                        return
                    }
                }
            }
        }
    }

    @Test func oneWeightServesConvolutionsWithOtherGroups() throws {
        var g = GraphBuilder(name: "groups")
        let w = g.variable("w", TensorType(.float32, [32, 16, 3, 3]))
        let x = g.input("x", TensorType(.float32, [2, 16, 6, 6]))
        let both = g.emit(.concatenate(axis: 1), x, x)
        let plain = g.emit(.conv2D(Conv2DAttributes()), x, w)
        let grouped = g.emit(.conv2D(Conv2DAttributes(groups: 2)), both, w)
        g.graph.outputs = [.init("y", g.add(plain, grouped))]
        try compare(
            [g.graph], inputs: [Self.numbers([2, 16, 6, 6], seed: 8)],
            variables: [("w", Self.numbers([32, 16, 3, 3], seed: 9))])
    }

    @Test func aKernelMayBeItsOwnPicture() throws {
        var g = GraphBuilder(name: "self")
        let v = g.variable("v", TensorType(.float32, [20, 1, 5, 5]))
        g.graph.outputs = [.init("y", g.emit(.conv2D(Conv2DAttributes()), v, v))]
        try compare([g.graph], variables: [("v", Self.numbers([20, 1, 5, 5], seed: 10))])
    }

    @Test func emptyVariablesAreFine() throws {
        var g = GraphBuilder(name: "empty")
        let v = g.variable("v", TensorType(.float32, [0]))
        g.graph.assignments = [.init("v", g.emit(.unary(.relu), v))]
        try compare([g.graph], variables: [("v", HostTensor([Float](), shape: [0]))])
    }

    @Test func paddingOfWeightsStaysZero() throws {
        // Ten filters of ten channels lie padded to sixteen; adding one must not fill the padding.
        let type = TensorType(.float32, [10, 10, 3, 3])
        var g = GraphBuilder(name: "padding")
        let w = g.variable("w", type)
        let x = g.input("x", TensorType(.float32, [2, 10, 6, 6]))
        g.graph.outputs = [.init("y", g.emit(.conv2D(Conv2DAttributes()), x, w))]
        let flag = g.variable("flag", TensorType(.bool, []))
        let more = g.add(w, g.constant(0.5, like: w))
        let choice = g.select(g.broadcast(flag, to: type.shape), w, more)
        g.graph.assignments = [.init("w", choice)]
        try compare(
            [g.graph, g.graph], inputs: [Self.numbers([2, 10, 6, 6], seed: 11)],
            variables: [("w", Self.numbers(type.shape, seed: 12)), ("flag", HostTensor(false))])
    }
}
