import MartletGraph

/// An operation with operands that it takes and the type that it gives them.
struct OpSample: CustomStringConvertible, Sendable {
    var op: Op
    var operands: [TensorType]
    var result: TensorType

    init(_ op: Op, _ operands: [TensorType], _ result: TensorType) {
        (self.op, self.operands, self.result) = (op, operands, result)
    }

    var description: String { "\(op.name)(\(operands)) \(op.attributeText)" }

    /// A graph that applies the operation to inputs.
    func graph() throws -> Graph {
        var builder = GraphBuilder(name: "sample")
        let inputs = operands.enumerated().map { builder.input("x\($0.offset)", $0.element) }
        builder.origin = Origin(path: "net.layer/\(op.name)", forward: inputs.first)
        let result = try builder.append(op, inputs)
        builder.graph.outputs = [.init("y", result)]
        return builder.graph
    }

    static func f32(_ shape: Int...) -> TensorType { TensorType(.float32, shape) }
    static func i32(_ shape: Int...) -> TensorType { TensorType(.int32, shape) }
    static func i64(_ shape: Int...) -> TensorType { TensorType(.int64, shape) }
    static func bool(_ shape: Int...) -> TensorType { TensorType(.bool, shape) }

    /// At least one sample of every operation.
    static let all = sources + elementwise + shapes + reductions + windows + indexing

    private static let sources = [
        OpSample(.input("image", f32(2, 3)), [], f32(2, 3)),
        OpSample(.variable("fc1.weight", f32(4)), [], f32(4)),
        OpSample(.constant(HostTensor(Float(0.1))), [], f32()),
        OpSample(.iota(i32(2, 5), axis: 1), [], i32(2, 5)),
        OpSample(.random(.uniform, f32(3), stream: 7), [i64(2)], f32(3)),
        OpSample(.random(.normal, f32(3, 2), stream: -1), [i64(2)], f32(3, 2)),
    ]

    private static let elementwise =
        UnaryOp.allCases.map { op in
            let type = op == .logicalNot ? bool(2, 3) : f32(2, 3)
            return OpSample(.unary(op), [type], type)
        }
        + BinaryOp.allCases.map { op in
            let type = op == .logicalAnd || op == .logicalOr ? bool(4) : f32(4)
            return OpSample(.binary(op), [type, type], type)
        }
        + Comparison.allCases.map { OpSample(.compare($0), [i64(3), i64(3)], bool(3)) }
        + [
            OpSample(.select, [bool(2), f32(2), f32(2)], f32(2)),
            OpSample(.cast(.uint8), [f32(2)], TensorType(.uint8, [2])),
        ]

    private static let shapes = [
        OpSample(.broadcast([4, 2, 3]), [f32(2, 1)], f32(4, 2, 3)),
        OpSample(.reshape([3, 4]), [f32(2, 6)], f32(3, 4)),
        OpSample(.reshape([]), [f32(1, 1)], f32()),
        OpSample(.transpose([2, 0, 1]), [f32(2, 3, 4)], f32(4, 2, 3)),
        OpSample(
            .slice(SliceAttributes(starts: [1, 0], limits: [5, 3], strides: [2, 1])), [f32(6, 3)],
            f32(2, 3)),
        OpSample(
            .pad(PadAttributes(low: [1, 0], high: [0, 2], interior: [0, 3], value: -0.1)),
            [f32(2, 3)], f32(3, 11)),
        OpSample(
            .pad(PadAttributes(low: [1], high: [1], interior: [0], value: -.infinity)), [f32(2)],
            f32(4)),
        OpSample(.concatenate(axis: 1), [f32(2, 3), f32(2, 1), f32(2, 4)], f32(2, 8)),
        OpSample(.reverse([0, 2]), [bool(2, 3, 4)], bool(2, 3, 4)),
    ]

    private static let reductions = [
        OpSample(.reduce(.sum, axes: [0, 2]), [f32(2, 3, 4)], f32(3)),
        OpSample(.reduce(.product, axes: [1]), [i32(2, 3)], i32(2)),
        OpSample(.reduce(.max, axes: []), [f32(2)], f32(2)),
        OpSample(.reduce(.min, axes: [0]), [f32(2)], f32()),
        OpSample(.argReduce(.max, axis: 1), [f32(2, 3)], i64(2)),
        OpSample(.argReduce(.min, axis: 0), [i32(2, 3)], i64(3)),
        OpSample(.cumulativeSum(axis: 1, reverse: true), [f32(2, 3)], f32(2, 3)),
        OpSample(.softmax(axis: 1), [f32(2, 3)], f32(2, 3)),
        OpSample(.logSoftmax(axis: 0), [f32(2, 3)], f32(2, 3)),
        OpSample(.standardize(axes: [0, 2, 3], epsilon: 1e-5), [f32(2, 3, 4, 4)], f32(2, 3, 4, 4)),
        OpSample(.standardizeGradient(axes: [1], epsilon: 0.1), [f32(2, 3), f32(2, 3)], f32(2, 3)),
    ]

    private static let convolution = Conv2DAttributes(
        stride: [2, 1], paddingLow: [1, 0], paddingHigh: [2, 1], dilation: [1, 2], groups: 2)
    private static let pool = PoolAttributes(
        kernel: [3, 2], stride: [2, 2], paddingLow: [1, 0], paddingHigh: [1, 1],
        dilation: [1, 1], countsPadding: false, ceilExtra: [0, 1])

    private static let windows = [
        OpSample(
            .matmul(MatmulAttributes(transposeA: true)), [f32(5, 4, 2), f32(5, 4, 3)],
            f32(5, 2, 3)),
        OpSample(.matmul(MatmulAttributes(transposeB: true)), [f32(2, 4), f32(3, 4)], f32(2, 3)),
        OpSample(.conv2D(convolution), [f32(2, 6, 9, 8), f32(4, 3, 3, 2)], f32(2, 4, 5, 7)),
        OpSample(
            .conv2DInputGradient(convolution, size: [9, 8]), [f32(2, 4, 5, 7), f32(4, 3, 3, 2)],
            f32(2, 6, 9, 8)),
        OpSample(
            .conv2DWeightGradient(convolution, kernel: [3, 2]),
            [f32(2, 4, 5, 7), f32(2, 6, 9, 8)], f32(4, 3, 3, 2)),
        OpSample(.maxPool2D(pool), [f32(1, 3, 7, 7)], f32(1, 3, 4, 4)),
        OpSample(
            .maxPool2DGradient(pool), [f32(1, 3, 7, 7), f32(1, 3, 4, 4)], f32(1, 3, 7, 7)),
        OpSample(
            .maxPool2DTangent(pool), [f32(1, 3, 7, 7), f32(1, 3, 7, 7)], f32(1, 3, 4, 4)),
        OpSample(.averagePool2D(pool), [f32(1, 3, 7, 7)], f32(1, 3, 4, 4)),
        OpSample(
            .averagePool2DGradient(pool, size: [7, 7]), [f32(1, 3, 4, 4)], f32(1, 3, 7, 7)),
    ]

    private static let indexing = [
        OpSample(.gather(axis: 1), [f32(2, 9, 3), i32(4, 5)], f32(2, 4, 5, 3)),
        OpSample(.scatterAdd(axis: 1, size: 9), [f32(2, 4, 5, 3), i32(4, 5)], f32(2, 9, 3)),
        OpSample(.gatherAlong(axis: 1), [f32(2, 9), i64(2, 4)], f32(2, 4)),
        OpSample(.scatterAddAlong(axis: 1, size: 9), [f32(2, 4), i64(2, 4)], f32(2, 9)),
        OpSample(.oneHot(classes: 10, .float64), [i32(3)], TensorType(.float64, [3, 10])),
    ]
}
