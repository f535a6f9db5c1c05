import Martlet
import Testing

/// A 2 × 3 matrix for the examples.
private var matrix: Tensor { Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]) }

@Suite struct OperationTests {
    @Test func numbersStandOnEitherSide() throws {
        #expect(try (2 * matrix - 1).scalars() == [1, 3, 5, 7, 9, 11])
        #expect(try (1 - matrix / 2).scalars() == [0.5, 0, -0.5, -1, -1.5, -2])
        var x = matrix
        x += 1
        x *= Tensor([1, 0, -1])
        #expect(try x.scalars() == [2, 0, -4, 5, 0, -7])
        let counts = Tensor(HostTensor([Int64(3), 4], shape: [2]))
        #expect(try (counts * 2).scalars(as: Int64.self) == [6, 8])
    }

    @Test(arguments: [
        ([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([], [2, 2], [2, 2]),
        ([4, 1, 3], [2, 1], [4, 2, 3]), ([0, 3], [1, 3], [0, 3]),
    ])
    func broadcasting(_ a: [Int], _ b: [Int], _ expected: [Int]) throws {
        #expect(try (Tensor.ones(a) + Tensor.ones(b)).host().type.shape == expected)
        #expect(try (Tensor.ones(b) .< Tensor.ones(a)).host().type.shape == expected)
    }

    @Test func literals() throws {
        let x: Tensor = [[1, 2.5], [3, 4]]
        #expect(x.shape == [2, 2] && x.dtype == .float32)
        #expect(try x.scalars() == [1, 2.5, 3, 4])
        let y: Tensor = 3
        #expect(try y.item() == 3)
    }

    /// The bracket of `(1 - rate) * x` may be tensors to Swift; it must not be rounded for that.
    @Test func literalsAmongThemselvesStayExact() throws {
        let rate = 0.999
        let wide = Tensor(HostTensor([Double(1)], shape: [1]))
        #expect(try ((1 - rate) * wide).host().doubles == [1 - rate])
        #expect(try ((rate * 2 - 1) / 3 * wide).host().doubles == [(rate * 2 - 1) / 3])
        let narrow: [Float] = try ((1 - rate) * Tensor(HostTensor([Float(1)], shape: [1])))
            .scalars()
        #expect(narrow == [Float(1 - rate)])
    }

    @Test func slices() throws {
        let x = matrix
        #expect(try x[0].scalars() == [1, 2, 3])
        #expect(try x[-1, 1...].scalars() == [5, 6])
        #expect(try x[AxisRange.all, AxisRange.every(2)].scalars() == [1, 3, 4, 6])
        #expect(try x[0..<2, -1].scalars() == [3, 6])
        #expect(try x[0...0, (0..<3).by(2)].scalars() == [1, 3])
        #expect(x[0..<1, (-2)...].shape == [1, 2])
        #expect(try x.selected(-1, axis: 1).scalars() == [3, 6])
    }

    @Test func shapes() throws {
        #expect(matrix.reshaped([-1, 2]).shape == [3, 2])
        #expect(Tensor.zeros([2, 3, 4, 5]).flattened().shape == [2, 60])
        #expect(try matrix.transposed.scalars() == [1, 4, 2, 5, 3, 6])
        #expect(Tensor.zeros([2, 3, 4]).transposed([2, 0, 1]).shape == [4, 2, 3])
        #expect(matrix.expandingShape(at: -1).shape == [2, 3, 1])
        #expect(matrix.expandingShape(at: 0).squeezed(axis: 0).shape == [2, 3])
        #expect(try Tensor([1, 2]).tiled([2, 2]).scalars() == [1, 2, 1, 2, 1, 2, 1, 2])
        #expect(try matrix.reversed(axes: [1]).scalars() == [3, 2, 1, 6, 5, 4])
    }

    @Test func joiningAndSplitting() throws {
        let parts = matrix.split(sizes: [1, 2], axis: 1)
        #expect(try parts[1].scalars() == [2, 3, 5, 6])
        #expect(try concatenated(parts, axis: -1).scalars() == matrix.scalars())
        #expect(stacked([matrix, matrix], axis: -1).shape == [2, 3, 2])
        #expect(matrix.split(count: 3, axis: 1).map(\.shape) == [[2, 1], [2, 1], [2, 1]])
    }

    @Test func padding() throws {
        let x = Tensor([1, 2, 3])
        #expect(try x.padded([(1, 2)], mode: .constant(9)).scalars() == [9, 1, 2, 3, 9, 9])
        #expect(try x.padded([(2, 1)], mode: .reflect).scalars() == [3, 2, 1, 2, 3, 2])
        #expect(try x.padded([(1, 2)], mode: .replicate).scalars() == [1, 1, 2, 3, 3, 3])
    }

    @Test func reductions() throws {
        #expect(try matrix.sum().item() == 21)
        #expect(try matrix.mean(axes: [-1]).scalars() == [2, 5])
        #expect(matrix.max(axes: [0], keepingAxes: true).shape == [1, 3])
        #expect(try matrix.variance(axes: [1]).scalars() == [1, 1])
        #expect(try matrix.argMax().scalars(as: Int64.self) == [5])
        #expect(try matrix.argMin(axis: 0).scalars(as: Int64.self) == [0, 0, 0])
        #expect(try matrix.cumulativeSum(axis: 1).scalars() == [1, 3, 6, 4, 9, 15])
        let lse = try Tensor([-.infinity, 0, .infinity, 2]).logSumExp().item()
        #expect(lse == .infinity)
        let low = try Tensor([-1000, -1000]).logSumExp().item()
        #expect(Swift.abs(low + 999.3068) < 1e-3)
    }

    @Test(arguments: [
        ([3], [3], []), ([2, 3], [3], [2]), ([3], [3, 4], [4]), ([2, 3], [3, 4], [2, 4]),
        ([5, 2, 3], [3, 4], [5, 2, 4]), ([5, 1, 2, 3], [6, 3, 4], [5, 6, 2, 4]),
        ([3], [6, 3, 4], [6, 4]), ([6, 2, 3], [3], [6, 2]),
    ])
    func matrixProducts(_ a: [Int], _ b: [Int], _ expected: [Int]) throws {
        let result = try matmul(.ones(a), .ones(b)).host()
        #expect(result.type.shape == expected)
        #expect(result.doubles.allSatisfy { $0 == 3 })
    }

    @Test func windows() throws {
        let x = Tensor((0..<16).map(Float.init), shape: [1, 1, 4, 4])
        #expect(conv2D(x, .ones([2, 1, 3, 3]), padding: .same).shape == [1, 2, 4, 4])
        #expect(conv2D(x, .ones([2, 1, 3, 3]), stride: 2, padding: .same).shape == [1, 2, 2, 2])
        #expect(conv2D(x, .ones([2, 1, 3, 3]), bias: [1, 2], padding: 1).shape == [1, 2, 4, 4])
        #expect(try maxPool2D(x, 2).scalars() == [5, 7, 13, 15])
        #expect(maxPool2D(x, 3, stride: 2, ceilMode: true).shape == [1, 1, 2, 2])
        #expect(try averagePool2D(x, 2).scalars() == [2.5, 4.5, 10.5, 12.5])
        #expect(try adaptiveAveragePool2D(x, 2).scalars() == [2.5, 4.5, 10.5, 12.5])
        let three = try adaptiveAveragePool2D(x, 3).scalars()
        #expect(three == [2.5, 3.5, 4.5, 6.5, 7.5, 8.5, 10.5, 11.5, 12.5])
        #expect(try globalAveragePool2D(x).scalars() == [7.5])
    }

    @Test func poisonKeepsShapesUsable() {
        let wrong = Tensor.zeros([2, 3]) + Tensor.zeros([4])
        #expect(wrong.error != nil && wrong.shape == [2, 3])
    }
}
