import Martlet
import Testing

/// One mistake of each kind; none may stop the program.
private let mistakes: [@Sendable () -> Tensor] = [
    { Tensor.zeros([2, 3]).reshaped([Int.max, 2, -1]) },
    { Tensor.zeros([2, 3]).reshaped([-1, -1]) },
    { Tensor([1, 2, 3], shape: [2, 2]) },
    { Tensor([1, 2, 3], shape: [Int.max, Int.max]) },
    { Tensor.zeros([2, 3]).sum(axes: [2]) },
    { Tensor.zeros([2, 3]).mean(axes: [0, -2]) },
    { Tensor(1).transposed },
    { Tensor.zeros([2, 3]).squeezed(axis: 0) },
    { Tensor.zeros([2, 3])[2] },
    { Tensor.zeros([2, 3])[0..<4] },
    { Tensor.zeros([2, 3]).sliced([AxisRange(by: -1)]) },
    { Tensor.zeros([2, 3]).tiled([Int.max, Int.max]) },
    { concatenated([]) },
    { stacked([Tensor.zeros([2]), Tensor.zeros([3])]) },
    { Tensor.zeros([2, 3]).split(sizes: [1, 2])[0] },
    { Tensor.zeros([2, 3]).padded([(1, 1)]) },
    { Tensor.zeros([2, 3]).padded([(2, 0), (0, 0)], mode: .reflect) },
    { conv2D(.zeros([1, 1, 4, 4]), .zeros([1, 1, 5, 5])) },
    { conv2D(.zeros([1, 4, 4]), .zeros([1, 1, 3, 3])) },
    { conv2D(.zeros([1, 1, 4, 4]), .zeros([1, 1, 3, 3]), stride: [1]) },
    { conv2D(.zeros([1, 1, 4, 4]), .zeros([1, 1, 3, 3]), dilation: Int.max) },
    { maxPool2D(.zeros([1, 1, 4, 4]), Int.max, ceilMode: true) },
    { maxPool2D(.zeros([1, 1, 4, 4]), 0, padding: .same) },
    { crossEntropy(.zeros([4, 3]), .zeros([5], dtype: .int64)) },
    { crossEntropy(.zeros([4, 3]), .zeros([4], dtype: .uint8)) },
    { meanSquaredError(.zeros([4, 1]), .zeros([4])) },
    { layerNorm(.zeros([4]), axisCount: 2) },
    { groupNorm(.zeros([4, 3, 2, 2]), groups: 2) },
    { randomUniform([4]) },
    { Tensor.zeros([4], dtype: .int64) + 0.5 },
    { Tensor.zeros([4]).gathered(.zeros([2])) },
    { oneHot(.zeros([4], dtype: .int64), classes: 0) },
    { [[1, 2], [3]] as Tensor },
]

@Suite struct MistakeTests {
    @Test func operatorMistakesTellTheUsersLine() throws {
        let a = Tensor.zeros([4, 5])
        let b = Tensor.zeros([3])
        let sum = a + b; let line = #line
        let error = #expect(throws: ModelError.self) { try (relu(sum) * 2).item() }
        #expect(
            error?.description == """
                add cannot take these operands, at MistakeTests.swift:\(line)
                  operation  add(f32[4,5], f32[3])
                  expected   shapes whose sizes are equal, or 1, from the last axis on
                  received   [4, 5] and [3]
                """)
        #expect(sum.description == error?.description)
    }

    @Test func functionMistakesTellTheUsersLine() throws {
        let a = Tensor.zeros([4, 5])
        let b = Tensor.zeros([6, 7])
        let product = matmul(a, b); let line = #line
        let error = #expect(throws: ModelError.self) { try product.host() }
        #expect(
            error?.description == """
                matmul cannot take these operands, at MistakeTests.swift:\(line)
                  operation  matmul(f32[4,5], f32[6,7])
                  expected   5 rows on the right side, as many as columns on the left
                  received   6
                """)
    }

    @Test func elementTypesDoNotMix() throws {
        let a = Tensor.zeros([4])
        let b = Tensor.zeros([4], dtype: .int64)
        let sum = a * b; let line = #line
        let error = #expect(throws: ModelError.self) { try sum.host() }
        #expect(
            error?.description == """
                multiply cannot take these operands, at MistakeTests.swift:\(line)
                  operation  multiply(f32[4], i64[4])
                  expected   operands of one element type
                  received   f32 and i64
                  fix        convert one: x.cast(to: .float32)
                """)
    }

    @Test func onlyTheFirstMistakeOfATraceIsThrown() throws {
        let (x, w) = (TensorType(.float32, [2, 3]), TensorType(.float32, [4, 5]))
        var line = 0
        let error = #expect(throws: ModelError.self) {
            _ = try compile(inputs: [x, w], engine: Engines.make(.reference)) { inputs in
                let wrong = inputs[0].matmul(inputs[1]); line = #line
                let next = wrong + Tensor.zeros([7, 7])
                return [softmax(next.reshaped([99])), inputs[0] + inputs[1]]
            }
        }
        #expect(error?.function == "matmul")
        #expect(error?.line == line && error?.file == "MistakeTests.swift")
    }

    @Test func mistakesInUnusedPartsCountToo() {
        #expect(throws: ModelError.self) {
            _ = try compile(
                inputs: [TensorType(.float32, [2])], engine: Engines.make(.reference)
            ) { inputs in
                _ = inputs[0] + Tensor([1, 2, 3])
                return inputs
            }
        }
    }

    @Test func tensorsDoNotLeaveTheirTrace() throws {
        var left: Tensor?
        _ = try compile(inputs: [TensorType(.float32, [2])], engine: Engines.make(.reference)) {
            left = $0[0]
            return $0
        }
        let escaped = try #require(left)
        let error = #expect(throws: ModelError.self) { try (escaped + 1).host() }
        #expect(error?.received == "a tensor that another trace left behind")
    }

    @Test(arguments: mistakes)
    func everyMistakeIsAnErrorWithALine(_ make: @Sendable () -> Tensor) {
        let error = #expect(throws: ModelError.self) { try make().host() }
        #expect(error?.file == "MistakeTests.swift", "\(String(describing: error))")
        #expect(error?.expected.isEmpty == false && error?.received.isEmpty == false)
    }
}
