import MartletCompiler
import MartletGraph
import MartletReference
import Testing

@Suite struct ReferenceEngineTests {
    private let pair = TensorType(.float32, [2])

    /// A graph that exchanges two variables and returns the sum of both with its input.
    private func swapGraph() throws -> Graph {
        var builder = GraphBuilder(name: "swap")
        let a = builder.variable("a", pair)
        let b = builder.variable("b", pair)
        let x = builder.input("x", pair)
        let sum = builder.add(builder.add(a, b), x)
        _ = builder.negate(sum)
        builder.graph.outputs = [.init("sum", sum), .init("again", sum)]
        builder.graph.assignments = [.init("a", b), .init("b", a), .init("last", sum)]
        return builder.graph
    }

    @Test func assignmentsHappenAfterAllReads() throws {
        let engine = ReferenceEngine()
        #expect(engine.name == "reference")
        let store = engine.makeStore()
        try store.write("a", floats(1, 2))
        try store.write("b", floats(10, 20))
        let plan = try engine.compile(try swapGraph(), store: store)
        #expect(plan.inputTypes == [pair] && plan.outputTypes == [pair, pair])
        #expect(try plan([floats(100, 100)]) == [floats(111, 122), floats(111, 122)])
        #expect(try store.read("a") == floats(10, 20))
        #expect(try store.read("b") == floats(1, 2))
        #expect(try store.read("last") == floats(111, 122))
        #expect(store.names == ["a", "b", "last"])
        try plan.run()
        #expect(try store.read("a") == floats(1, 2))
        #expect(plan.withOutput(0) { Array($0.bindMemory(to: Float.self)) } == [111, 122])
    }

    @Test func planTextHasOneLineForEachNode() throws {
        let engine = ReferenceEngine()
        let plan = try engine.compile(try swapGraph(), store: engine.makeStore())
        #expect(
            plan.planText == """
                reference plan swap: 6 nodes
                  %0 f32[2] variable a
                  %1 f32[2] variable b
                  %2 f32[2] input x
                  %3 f32[2] add(%0, %1)
                  %4 f32[2] add(%3, %2) frees %2, %3
                  %5 f32[2] negate(%4) unused
                  output sum = %4
                  output again = %4
                  assign a = %1
                  assign b = %0
                  assign last = %4
                """)
    }

    @Test func storeRefusesAnotherType() throws {
        let store = ReferenceEngine().makeStore()
        try store.write("w", floats(1, 2))
        #expect(throws: EngineError.self) { try store.write("w", floats(1, 2, 3)) }
        #expect(throws: EngineError.self) { try store.write("w", doubles(1, 2)) }
        #expect(throws: EngineError.self) { try store.read("v") }
        #expect(try store.read("w") == floats(1, 2))
        #expect(store.type(of: "w") == pair && store.type(of: "v") == nil)
    }

    @Test func compileRefusesVariablesOfAnotherType() throws {
        let engine = ReferenceEngine()
        let store = engine.makeStore()
        try store.write("last", doubles(1))
        #expect(throws: EngineError.self) { try engine.compile(try swapGraph(), store: store) }
    }

    @Test func runThrowsWithoutItsVariables() throws {
        let engine = ReferenceEngine()
        let store = engine.makeStore()
        let plan = try engine.compile(try swapGraph(), store: store)
        try store.write("a", floats(1, 2))
        #expect(throws: EngineError.self) { try plan.run() }
        #expect(try store.read("a") == floats(1, 2))
        #expect(throws: EngineError.self) { try plan([doubles(1, 2)]) }
    }

    @Test func interpreterRunsAGraphOnValues() throws {
        let results = try Interpreter.run(
            try swapGraph(), inputs: [floats(0, 1)],
            variables: ["a": floats(1, 2), "b": floats(3, 4)])
        #expect(results.outputs == [floats(4, 7), floats(4, 7)])
        #expect(
            results.assignments
                == ["a": floats(3, 4), "b": floats(1, 2), "last": floats(4, 7)])
        #expect(throws: EngineError.self) {
            try Interpreter.run(try swapGraph(), inputs: [], variables: [:])
        }
        #expect(throws: EngineError.self) {
            try Interpreter.run(
                try swapGraph(), inputs: [floats(0, 1)], variables: ["a": floats(1, 2)])
        }
    }

    @Test func brokenGraphsThrow() throws {
        let engine = ReferenceEngine()
        let good = try swapGraph()
        var graph = good
        graph.nodes[3].inputs = [Value(0), Value(5)]
        #expect(throws: EngineError.self) { try engine.compile(graph, store: engine.makeStore()) }
        graph = good
        graph.nodes[3].type = TensorType(.float32, [3])
        #expect(throws: EngineError.self) { try engine.compile(graph, store: engine.makeStore()) }
        graph = good
        graph.outputs[0].value = Value(6)
        #expect(throws: EngineError.self) { try engine.compile(graph, store: engine.makeStore()) }
        graph = good
        graph.nodes[3].inputs = [Value(0)]
        #expect(throws: ShapeError.self) { try engine.compile(graph, store: engine.makeStore()) }
    }

    @Test func singleNodesThrowOnBadData() throws {
        let x = floats(1, 2)
        #expect(throws: EngineError.self) {
            try Interpreter.evaluate(.unary(.exp), [x], type: TensorType(.float32, [3]))
        }
        #expect(throws: ShapeError.self) {
            try Interpreter.evaluate(.unary(.exp), [], type: pair)
        }
        #expect(throws: EngineError.self) {
            try Interpreter.evaluate(.input("x", pair), [], type: pair)
        }
        let huge = TensorType(.float32, [1 << 40, 1 << 40])
        #expect(throws: EngineError.self) {
            try Interpreter.evaluate(.broadcast(huge.shape), [HostTensor(Float(1))], type: huge)
        }
        let images = HostTensor(zeros: TensorType(.float32, [1, 3, 2, 2]))
        let weight = HostTensor(zeros: TensorType(.float32, [3, 1, 1, 1]))
        #expect(throws: (any Error).self) {
            try Interpreter.evaluate(
                .conv2DInputGradient(Conv2DAttributes(groups: 2), size: [2, 2]), [images, weight],
                type: TensorType(.float32, [1, 2, 2, 2]))
        }
    }
}
