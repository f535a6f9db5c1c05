import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import MartletReference
import Testing

/// Single operators against numbers worked out by hand.
@Suite struct ONNXOperatorTests {
    /// Runs one node on an input `x` and constants `c0`, `c1` and so on.
    private func run(
        _ kind: String, _ x: HostTensor, _ constants: [HostTensor] = [],
        _ attributes: [String: ONNXAttribute] = [:], version: Int = 13
    ) throws -> HostTensor {
        let names = constants.indices.map { "c\($0)" }
        let graph = ONNXGraph(
            name: "one",
            nodes: [
                ONNXNode(kind, inputs: ["x"] + names, outputs: ["y"], attributes: attributes)
            ],
            initializers: zip(names, constants).map { ONNXTensor($0, $1) },
            inputs: [
                ONNXValueInfo(
                    "x", element: ONNXElement(x.type.dtype),
                    shape: x.type.shape.map { .fixed($0) })
            ], outputs: [ONNXValueInfo("y", shape: nil)])
        let model = ONNXModel(irVersion: 7, operatorSet: version, graph: graph)
        let again = try ONNXModel(FileContents(model.bytes(), name: "made.onnx"))
        #expect(again.graph == model.graph)
        let plan = try ONNXNetwork(again).executable(on: ReferenceEngine())
        return try plan([x])[0]
    }

    private func floats(_ values: [Float], _ shape: [Int]? = nil) -> HostTensor {
        HostTensor(values, shape: shape ?? [values.count])
    }

    private func integers(_ values: [Int64]) -> HostTensor {
        HostTensor(values, shape: [values.count])
    }

    @Test func activations() throws {
        let x = floats([-2, -0.5, 0, 3])
        let cases: [(String, [String: ONNXAttribute], [Double])] = [
            ("Relu", [:], [0, 0, 0, 3]), ("LeakyRelu", ["alpha": .float(0.5)], [-1, -0.25, 0, 3]),
            ("LeakyRelu", [:], [-0.02, -0.005, 0, 3]),
            ("Elu", ["alpha": .float(2)], [2 * expm1(-2), 2 * expm1(-0.5), 0, 3]),
            ("HardSigmoid", [:], [0.1, 0.4, 0.5, 1]),
            ("HardSwish", [:], [-2 / 6.0, -0.5 * (2.5 / 6), 0, 3]),
            ("Softsign", [:], [-2 / 3.0, -1 / 3.0, 0, 0.75]),
            ("Softplus", [:], [-2, -0.5, 0, 3].map { log1p(exp($0)) }),
            ("Ceil", [:], [-2, 0, 0, 3]), ("ThresholdedRelu", [:], [0, 0, 0, 3]),
            ("Gelu", [:], [-0.0455003, -0.1542688, 0, 2.9959502]),
        ]
        for (kind, attributes, expected) in cases {
            let y = try run(kind, x, [], attributes, version: 20)
            Fixtures.expectClose(y, floats(expected.map { Float($0) }), kind)
        }
    }

    @Test func limitsAreSettingsFirstAndOperandsLater() throws {
        let x = floats([-2, 0.5, 3])
        let old: [String: ONNXAttribute] = ["min": .float(-1), "max": .float(1)]
        #expect(try run("Clip", x, [], old, version: 10).doubles == [-1, 0.5, 1])
        let limits = [HostTensor(Float(-1)), HostTensor(Float(1))]
        #expect(try run("Clip", x, limits).doubles == [-1, 0.5, 1])
        #expect(try run("Clip", x, [HostTensor(Float(0))]).doubles == [0, 0.5, 3])
    }

    @Test func softmaxWorkedOnAllLaterAxesBeforeOperatorSet13() throws {
        let x = floats([Float](repeating: 1, count: 8), [2, 2, 2])
        #expect(try run("Softmax", x, version: 12).doubles == [Double](repeating: 0.25, count: 8))
        #expect(try run("Softmax", x, version: 13).doubles == [Double](repeating: 0.5, count: 8))
    }

    @Test func axesOfSumsAreSettingsFirstAndOperandsLater() throws {
        let x = floats([1, 2, 3, 4, 5, 6], [2, 3])
        let axes: [String: ONNXAttribute] = ["axes": .integers([1]), "keepdims": .integer(0)]
        #expect(try run("ReduceSum", x, [], axes, version: 11).doubles == [6, 15])
        #expect(try run("ReduceSum", x, [integers([-1])]).doubles == [6, 15])
        #expect(try run("ReduceMean", x, [], axes).doubles == [2, 5])
        #expect(try run("ReduceMean", x, [integers([0])], version: 18).type.shape == [1, 3])
        #expect(try run("ReduceMax", x).doubles == [6])
        let nothing: [String: ONNXAttribute] = ["noop_with_empty_axes": .integer(1)]
        #expect(try run("ReduceSum", x, [], nothing).doubles == x.doubles)
    }

    @Test func slicesInBothDirections() throws {
        let x = floats([0, 1, 2, 3, 4, 5])
        func slice(_ start: Int64, _ end: Int64, _ step: Int64) throws -> [Double] {
            try run(
                "Slice", x, [integers([start]), integers([end]), integers([0]), integers([step])]
            ).doubles
        }
        #expect(try slice(1, .max, 2) == [1, 3, 5])
        #expect(try slice(-2, 100, 1) == [4, 5])
        #expect(try slice(-1, .min, -1) == [5, 4, 3, 2, 1, 0])
        #expect(try slice(4, 0, -2) == [4, 2])
        #expect(try slice(3, 1, 1) == [])
        let old: [String: ONNXAttribute] = ["starts": .integers([2]), "ends": .integers([4])]
        #expect(try run("Slice", x, [], old, version: 9).doubles == [2, 3])
    }

    @Test func movesShapes() throws {
        let x = floats([1, 2, 3, 4, 5, 6], [1, 2, 3])
        #expect(try run("Reshape", x, [integers([0, -1])]).type.shape == [1, 6])
        #expect(try run("Flatten", x, [], ["axis": .integer(2)]).type.shape == [2, 3])
        #expect(try run("Transpose", x).type.shape == [3, 2, 1])
        #expect(try run("Squeeze", x, [integers([0])]).type.shape == [2, 3])
        #expect(
            try run("Squeeze", x, [], ["axes": .integers([0])], version: 11).type.shape == [2, 3])
        #expect(try run("Unsqueeze", x, [integers([0, -1])]).type.shape == [1, 1, 2, 3, 1])
        #expect(try run("Expand", x, [integers([2, 1, 1])]).type.shape == [2, 2, 3])
        let flat = try run("Gather", x, [integers([-1, 0])], ["axis": .integer(2)])
        #expect(flat.doubles == [3, 1, 6, 4])
        let pads = [integers([0, 0, 1, 0, 0, 0]), HostTensor(Float(9))]
        #expect(try run("Pad", x, pads).doubles == [9, 1, 2, 3, 9, 4, 5, 6])
    }

    @Test func poolsRoundUpAndCountBorders() throws {
        let x = floats((1...9).map { Float($0) }, [1, 1, 3, 3])
        let window: [String: ONNXAttribute] = [
            "kernel_shape": .integers([2, 2]), "strides": .integers([2, 2]),
            "ceil_mode": .integer(1),
        ]
        #expect(try run("MaxPool", x, [], window).doubles == [5, 6, 8, 9])
        #expect(try run("AveragePool", x, [], window).doubles == [3, 4.5, 7.5, 9])
        let border: [String: ONNXAttribute] = [
            "kernel_shape": .integers([2, 2]), "strides": .integers([2, 2]),
            "pads": .integers([1, 1, 0, 0]),
        ]
        #expect(try run("AveragePool", x, [], border).doubles == [1, 2.5, 5.5, 7])
        let counting = border.merging(["count_include_pad": .integer(1)]) { $1 }
        #expect(try run("AveragePool", x, [], counting).doubles == [0.25, 1.25, 2.75, 7])
        let same: [String: ONNXAttribute] = [
            "kernel_shape": .integers([2, 2]), "strides": .integers([1, 1]),
        ]
        let upper = same.merging(["auto_pad": .text("SAME_UPPER")]) { $1 }
        #expect(try run("MaxPool", x, [], upper).doubles == [5, 6, 6, 8, 9, 9, 8, 9, 9])
        let lower = same.merging(["auto_pad": .text("SAME_LOWER")]) { $1 }
        #expect(try run("MaxPool", x, [], lower).doubles == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(try run("GlobalAveragePool", x).type.shape == [1, 1, 1, 1])
        #expect(try run("GlobalAveragePool", x).doubles == [5])
    }

    @Test func multipliesByTheRules() throws {
        let x = floats([1, 2, 3, 4], [2, 2])
        let gemm: [String: ONNXAttribute] = [
            "alpha": .float(2), "beta": .float(0.5), "transB": .integer(1),
        ]
        let y = try run("Gemm", x, [floats([1, 0, 0, 1], [2, 2]), floats([10, 20])], gemm)
        #expect(y.doubles == [7, 14, 11, 18])
        #expect(try run("MatMul", x, [floats([1, 1])]).type.shape == [2])
        let stack = floats([1, 2, 3, 4], [1, 2, 2])
        #expect(try run("MatMul", stack, [floats([1, 0, 0, 1], [2, 2])]).doubles == [1, 2, 3, 4])
    }

    @Test func foldsWhatDependsOnShapesAlone() throws {
        let nodes = [
            ONNXNode("Shape", inputs: ["x"], outputs: ["s"]),
            ONNXNode("Gather", inputs: ["s", "zero"], outputs: ["n"]),
            ONNXNode("Unsqueeze", inputs: ["n", "axes"], outputs: ["m"]),
            ONNXNode(
                "Concat", inputs: ["m", "minus"], outputs: ["t"], attributes: ["axis": .integer(0)]),
            ONNXNode("Reshape", inputs: ["x", "t"], outputs: ["y"]),
        ]
        let graph = ONNXGraph(
            name: "g", nodes: nodes,
            initializers: [
                ONNXTensor("zero", HostTensor(Int64(0))), ONNXTensor("axes", integers([0])),
                ONNXTensor("minus", integers([-1])),
            ], inputs: [ONNXValueInfo("x", shape: [.named("n"), .fixed(2), .fixed(3)])],
            outputs: [ONNXValueInfo("y", shape: nil)])
        let network = try ONNXNetwork(
            ONNXModel(irVersion: 7, operatorSet: 13, graph: graph), batchSize: 4)
        #expect(network.graph.nodes.count == 2)
        #expect(network.graph.nodes.last?.type == TensorType(.float32, [4, 6]))
    }

    @Test func refusesWhatDoesNotFit() throws {
        let x = floats([1, 2, 3, 4], [2, 2])
        func refusal(_ body: () throws -> HostTensor) -> FormatError? {
            do { _ = try body() } catch { return error as? FormatError }
            return nil
        }
        #expect(refusal { try run("MatMul", x, [floats([1, 2, 3])]) }?.place == "node 0, MatMul")
        #expect(refusal { try run("Expand", x, [integers([1 << 31, 2, 2])]) } != nil)
        #expect(
            refusal { try run("Expand", x, [integers([1 << 20, 1 << 10, 2, 2])]) }?.kind
                == .tooLarge)
        #expect(refusal { try run("Reshape", x, [integers([3])]) } != nil)
        #expect(
            refusal { try run("Dropout", x, [HostTensor(Float(0.5)), HostTensor(true)]) }?.found
                == "the form for training")
        #expect(refusal { try run("Pad", x, [integers([0, 0, -1, 0])]) } != nil)
        let old = refusal { try run("Relu", x, version: 6) }
        #expect(old?.found == "operator set 6")
    }
}
