import MartletGraph
import MartletReference
import Testing

/// Every operation runs on every element type its shape rule admits, on empty tensors as well.
@Suite struct EveryOpTests {
    /// Operations with the shapes of their operands; `i` marks an operand of indices, `b` one of
    /// truth values, `x` one of the element type under test.
    private func cases(_ dtype: DataType, batch: Int) -> [(Op, [(Character, [Int])])] {
        let plain: [Int] = [batch, 2, 3, 3]
        let window = PoolAttributes(kernel: [2, 2], stride: [1, 1])
        let conv = Conv2DAttributes()
        let x: (Character, [Int]) = ("x", plain)
        let small: (Character, [Int]) = ("x", [batch, 2, 2, 2])
        let weight: (Character, [Int]) = ("x", [2, 2, 2, 2])
        let type = TensorType(dtype, plain)
        let box = SliceAttributes(
            starts: [0, 1, 0, 0], limits: [batch, 2, 3, 3], strides: [1, 1, 2, 1])
        let pad = PadAttributes(
            low: [1, 0, 0, 0], high: [0, 0, 2, 0], interior: [0, 0, 1, 0], value: 1)
        var cases: [(Op, [(Character, [Int])])] = [
            (.input("x", type), []), (.variable("x", type), []),
            (.constant(HostTensor(zeros: type)), []), (.iota(type, axis: 1), []),
            (.random(.uniform, type, stream: 0), [("k", [2])]),
            (.random(.normal, type, stream: 0), [("k", [2])]),
            (.select, [("b", plain), x, x]), (.broadcast([2] + plain), [x]),
            (.reshape([3, batch, 6]), [x]), (.transpose([3, 0, 2, 1]), [x]), (.slice(box), [x]),
            (.pad(pad), [x]), (.concatenate(axis: 0), [x, x]), (.reverse([0, 2]), [x]),
            (.cumulativeSum(axis: 2, reverse: true), [x]),
            (.matmul(MatmulAttributes(transposeB: true)), [x, x]), (.conv2D(conv), [x, weight]),
            (.conv2DInputGradient(conv, size: [3, 3]), [small, weight]),
            (.conv2DWeightGradient(conv, kernel: [2, 2]), [small, x]),
            (.maxPool2D(window), [x]), (.maxPool2DGradient(window), [x, small]),
            (.maxPool2DTangent(window), [x, x]), (.averagePool2D(window), [x]),
            (.averagePool2DGradient(window, size: [3, 3]), [small]), (.softmax(axis: 3), [x]),
            (.logSoftmax(axis: 0), [x]), (.standardize(axes: [0, 2, 3], epsilon: 1e-5), [x]),
            (.standardizeGradient(axes: [0, 2, 3], epsilon: 1e-5), [x, x]),
            (.gather(axis: 0), [x, ("i", [2, 2])]),
            (.scatterAdd(axis: 0, size: 2), [x, ("i", [batch])]),
            (.gatherAlong(axis: 0), [x, ("i", plain)]),
            (.scatterAddAlong(axis: 0, size: 2), [x, ("i", plain)]),
            (.oneHot(classes: 2, dtype), [("i", plain)]),
        ]
        cases += UnaryOp.allCases.map { (.unary($0), [x]) }
        cases += BinaryOp.allCases.map { (.binary($0), [x, x]) }
        cases += Comparison.allCases.map { (.compare($0), [x, x]) }
        cases += Reduction.allCases.map { (.reduce($0, axes: [1, 3]), [x]) }
        cases += ArgReduction.allCases.map { (.argReduce($0, axis: 1), [x]) }
        cases += DataType.allCases.map { (.cast($0), [x]) }
        return cases
    }

    @Test(arguments: DataType.allCases, [0, 1, 2])
    func evaluates(dtype: DataType, batch: Int) throws {
        for (op, operands) in cases(dtype, batch: batch) {
            let inputs = operands.map { mark, shape in
                let type: DataType =
                    switch mark {
                    case "i": .int32
                    case "b": .bool
                    case "k": .int64
                    default: dtype
                    }
                return HostTensor(repeating: 1, TensorType(type, shape))
            }
            guard let type = try? op.resultType(inputs.map(\.type)) else { continue }
            switch op {
            case .input, .variable: continue
            default:
                let result = try Interpreter.evaluate(op, inputs, type: type)
                #expect(result.type == type, "\(op.name) of \(dtype)")
            }
        }
    }

    @Test func theListIsComplete() {
        let listed = cases(.float32, batch: 1) + cases(.bool, batch: 1)
        let missing = Set(Op.allNames).subtracting(listed.map { $0.0.name })
        #expect(missing.isEmpty)
        // Floats take part everywhere but in the operations on truth values.
        for (op, operands) in cases(.float32, batch: 1) {
            let types = operands.map { mark, shape in
                let type: [Character: DataType] = ["i": .int32, "b": .bool, "k": .int64]
                return TensorType(type[mark] ?? .float32, shape)
            }
            let onTruths = op.name.hasPrefix("logical")
            #expect(((try? op.resultType(types)) != nil) != onTruths, "\(op.name)")
        }
    }
}
