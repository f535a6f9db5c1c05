import MartletGraph
import MartletReference
import Testing

@Suite struct MatrixProductTests {
    private let a = HostTensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    private let b = HostTensor([7, 8, 9, 10, 11, 12] as [Float], shape: [3, 2])

    @Test func plainProduct() throws {
        #expect(try evaluate(.matmul(MatmulAttributes()), a, b) == [58, 64, 139, 154] as [Float])
    }

    @Test(arguments: [false, true], [false, true])
    func transposedOperands(left: Bool, right: Bool) throws {
        let attributes = MatmulAttributes(transposeA: left, transposeB: right)
        let first = left ? try evaluate(.transpose([1, 0]), [a]) : a
        let second = right ? try evaluate(.transpose([1, 0]), [b]) : b
        #expect(try evaluate(.matmul(attributes), first, second) == [58, 64, 139, 154] as [Float])
    }

    @Test func stacksOfMatrices() throws {
        let left = HostTensor([1, 2, 3, 4] as [Double], shape: [2, 1, 2])
        let right = HostTensor([1, 0, 0, 1, 5, 6, 7, 8] as [Double], shape: [2, 2, 2])
        #expect(
            try evaluate(.matmul(MatmulAttributes()), left, right) == [1, 2, 43, 50] as [Double])
        let batch = HostTensor([1, 2, 3, 4, 5, 6, 7, 8] as [Double], shape: [2, 2, 2])
        #expect(
            try evaluate(.matmul(MatmulAttributes(transposeB: true)), left, batch)
                == [5, 11, 39, 53] as [Double])
    }

    @Test func emptySizes() throws {
        let left = HostTensor(zeros: TensorType(.float32, [2, 0]))
        let right = HostTensor(zeros: TensorType(.float32, [0, 3]))
        #expect(
            try evaluate(.matmul(MatmulAttributes()), left, right)
                == [Float](repeating: 0, count: 6))
        #expect(
            try evaluate(
                .matmul(MatmulAttributes()), HostTensor(zeros: TensorType(.float32, [0, 2])), a)
                == [Float]())
    }

    @Test func sumsAreRoundedOnce() throws {
        let row = HostTensor([1e8, 1, -1e8] as [Float], shape: [1, 3])
        let ones = HostTensor([1, 1, 1] as [Float], shape: [3, 1])
        #expect(try evaluate(.matmul(MatmulAttributes()), row, ones) == [1] as [Float])
    }
}
