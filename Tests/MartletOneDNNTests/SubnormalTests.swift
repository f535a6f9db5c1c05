import CKernels
import MartletCompiler
import MartletGraph
import MartletOneDNN
import Testing

/// Numbers too small for full precision are 0 in plans, and only there.
@Suite struct SubnormalTests {
    /// Half of a number by a kernel, which no compiler computes beforehand.
    private static func halved(_ number: Float) -> Float {
        let x = KernelArray(.f32, [Double(number)]), y = KernelArray(.f32, count: 1)
        KernelProgram(
            registerClass: .f32, dims: [1], inputs: [.contiguous(x, [1])], constants: [0.5],
            instructions: [instruction(CK_MULTIPLY, 2, 0, 1)], outputs: [.contiguous(y, [1])],
            outputRegisters: [2]
        ).run()
        return Float(y[0])
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
