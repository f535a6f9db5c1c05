import CKernels
import MartletCompiler
import MartletGraph
import MartletOneDNN
import Testing

/// Numbers too small for full precision are 0 in plans, and only there.
@Suite struct SubnormalTests {
    /// A number that the compiler cannot compute beforehand.
    private static func halved(_ number: Float) -> Float {
        let numbers = [number, 0.5]
        return numbers.reduce(1, *)
    }

    @Test(arguments: [16, 300_000]) func plansTakeThemAsZero(count: Int) throws {
        var g = GraphBuilder(name: "subnormal")
        let x = g.input("x", TensorType(.float32, [count]))
        g.graph.outputs = [
            .init("kept", g.multiply(x, g.constant(1, like: x))),
            .init("scaled", g.multiply(x, g.constant(0.25, like: x))),
        ]
        let engine = try OneDNNEngine.load()
        let plan = try engine.compile(g.graph, store: engine.makeStore())
        let numbers = (0..<count).map { Float.leastNormalMagnitude * Float($0 % 7) }
        let results = try plan([HostTensor(numbers, shape: [count])])
        let expected = numbers.map { $0 < 4 * Float.leastNormalMagnitude ? 0 : Double($0) * 0.25 }
        #expect(results[1].doubles == expected)
        // Outside of the plan they are as before.
        #expect(Self.halved(.leastNormalMagnitude) > 0)
    }

    @Test func theCallersModeComesBack() {
        let before = ck_flush_subnormals()
        let flushed = Self.halved(.leastNormalMagnitude)
        ck_restore_float_mode(before)
        #expect(flushed == 0)
        #expect(Self.halved(.leastNormalMagnitude) == .leastNormalMagnitude / 2)
    }
}
