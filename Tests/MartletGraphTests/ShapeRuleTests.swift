import MartletGraph
import Testing

@Suite struct ShapeRuleTests {
    @Test(arguments: OpSample.all) func everyOperationInfersItsType(sample: OpSample) throws {
        #expect(try sample.op.resultType(sample.operands) == sample.result)
    }

    @Test(arguments: OpSample.all) func operandsAreCounted(sample: OpSample) {
        let extra = sample.operands + [sample.result, sample.result]
        guard let count = sample.op.operandCount else { return }
        #expect(sample.operands.count == count)
        #expect(throws: ShapeError.self) { try sample.op.resultType(extra) }
        if count > 0 { #expect(throws: ShapeError.self) { try sample.op.resultType([]) } }
    }

    /// Most operations refuse every element type but the few that they are defined for.
    @Test(arguments: DataType.allCases) func elementTypes(dtype: DataType) {
        let type = TensorType(dtype, [2])
        func isTaken(_ op: Op, _ count: Int = 1) -> Bool {
            (try? op.resultType(Array(repeating: type, count: count))) == type
        }
        for op in UnaryOp.allCases {
            let expected =
                switch op {
                case .logicalNot: dtype == .bool
                case .negate, .abs, .sign, .relu: dtype != .bool
                default: dtype.isFloatingPoint
                }
            #expect(isTaken(.unary(op)) == expected, "\(op)")
        }
        for op in BinaryOp.allCases {
            let expected =
                switch op {
                case .logicalAnd, .logicalOr: dtype == .bool
                case .power: dtype.isFloatingPoint
                default: dtype != .bool
                }
            #expect(isTaken(.binary(op), 2) == expected, "\(op)")
        }
        #expect(isTaken(.softmax(axis: 0)) == dtype.isFloatingPoint)
        #expect(isTaken(.standardize(axes: [0], epsilon: 0)) == dtype.isFloatingPoint)
        #expect(isTaken(.cumulativeSum(axis: 0, reverse: false)) == (dtype != .bool))
        #expect(isTaken(.reduce(.sum, axes: [])) == (dtype != .bool))
        #expect(isTaken(.reverse([0])))
        let indices = try? Op.oneHot(classes: 3, .float32).resultType([type])
        #expect((indices != nil) == (dtype == .int32 || dtype == .int64))
    }

    @Test func emptyAxesAreAllowed() throws {
        let none = TensorType(.float32, [0, 3])
        #expect(try Op.reduce(.sum, axes: [0]).resultType([none]).shape == [3])
        #expect(throws: ShapeError.self) { try Op.reduce(.max, axes: [0]).resultType([none]) }
        #expect(throws: ShapeError.self) { try Op.argReduce(.max, axis: 0).resultType([none]) }
        #expect(try Op.concatenate(axis: 0).resultType([none, none]).shape == [0, 3])
        #expect(try Op.reshape([5, 0]).resultType([none]).shape == [5, 0])
    }

    @Test func sizesAreBounded() {
        let long = TensorType(.float32, [1 << 30])
        #expect(throws: ShapeError.self) {
            try Op.broadcast([1 << 30, 1 << 30]).resultType([long])
        }
        #expect(throws: ShapeError.self) {
            try Op.concatenate(axis: 0).resultType([long, long])
        }
        #expect(throws: ShapeError.self) {
            try Op.oneHot(classes: Int.max, .float32).resultType([TensorType(.int32, [2])])
        }
        #expect(throws: ShapeError.self) {
            try Op.input("x", TensorType(.uint8, [Int.max, 2])).resultType([])
        }
        #expect(TensorType(.float32, [1 << 24, 1 << 24]).isRepresentable)
        #expect(!TensorType(.float32, [1 << 24, 1 << 24, 2, 0]).isRepresentable)
    }
}
