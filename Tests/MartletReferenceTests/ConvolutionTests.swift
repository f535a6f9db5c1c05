import MartletGraph
import MartletReference
import Testing

@Suite struct ConvolutionTests {
    @Test func oneWindow() throws {
        let x = HostTensor([1, 2, 3, 4] as [Float], shape: [1, 1, 2, 2])
        let weight = HostTensor([10, 20, 30, 40] as [Float], shape: [1, 1, 2, 2])
        #expect(try evaluate(.conv2D(Conv2DAttributes()), x, weight) == [300] as [Float])
    }

    @Test func paddingOnOneSide() throws {
        let x = HostTensor([1, 2, 3] as [Double], shape: [1, 1, 1, 3])
        let weight = HostTensor([1, 10] as [Double], shape: [1, 1, 1, 2])
        let low = Conv2DAttributes(paddingLow: [0, 1])
        #expect(try evaluate(.conv2D(low), x, weight) == [10, 21, 32] as [Double])
        let high = Conv2DAttributes(paddingHigh: [0, 2])
        #expect(try evaluate(.conv2D(high), x, weight) == [21, 32, 3, 0] as [Double])
    }

    /// Groups, dilation, stride and padding at once; first elements and a weighted sum computed
    /// with PyTorch's `conv2d` and `backward` on the same patterns.
    @Test func groupsDilationStrideAndPadding() throws {
        let attributes = Conv2DAttributes(
            stride: [2, 1], paddingLow: [1, 2], paddingHigh: [1, 2], dilation: [2, 1], groups: 2)
        let x = pattern([2, 4, 5, 6], period: 7, start: -3)
        let weight = pattern([6, 2, 2, 3], period: 5, start: -2)
        let y = try evaluate(.conv2D(attributes), [x, weight])
        #expect(y.type.shape == [2, 6, 3, 8])
        #expect(Array(y.doubles[..<8]) == [-4, 17, -1, -8, -8, -8, 0, 7])
        #expect(weighted(y) == -2784)

        let dy = pattern([2, 6, 3, 8], period: 3, start: -1)
        let dx = try evaluate(.conv2DInputGradient(attributes, size: [5, 6]), [dy, weight])
        #expect(dx.type.shape == x.type.shape)
        #expect(Array(dx.doubles[..<8]) == [0, 0, 0, 0, 0, 0, 2, 2])
        #expect(weighted(dx) == -60)

        let dw = try evaluate(.conv2DWeightGradient(attributes, kernel: [2, 3]), [dy, x])
        #expect(dw.type.shape == weight.type.shape)
        #expect(Array(dw.doubles[..<8]) == [-3, -3, 6, 6, -3, -3, 4, 4])
        #expect(weighted(dw) == -21)
    }

    /// ⟨conv(x, w), dy⟩ = ⟨x, inputGradient⟩ = ⟨w, weightGradient⟩, exactly in small integers.
    @Test(arguments: [
        Conv2DAttributes(), Conv2DAttributes(stride: [3, 2]),
        Conv2DAttributes(paddingLow: [2, 0], paddingHigh: [1, 3]),
        Conv2DAttributes(stride: [2, 3], paddingLow: [1, 1], dilation: [1, 2]),
        Conv2DAttributes(paddingLow: [4, 4], paddingHigh: [4, 4], groups: 4),
    ])
    func gradientsAreTransposes(attributes: Conv2DAttributes) throws {
        let x = pattern([2, 4, 6, 7], period: 11, start: -5)
        let weight = pattern([8, 4 / attributes.groups, 2, 3], period: 7, start: -3)
        let y = try evaluate(.conv2D(attributes), [x, weight])
        let dy = pattern(y.type.shape, period: 13, start: -6)
        let dx = try evaluate(.conv2DInputGradient(attributes, size: [6, 7]), [dy, weight])
        let dw = try evaluate(.conv2DWeightGradient(attributes, kernel: [2, 3]), [dy, x])
        #expect(dot(y, dy) != 0)
        #expect(dot(y, dy) == dot(x, dx))
        #expect(dot(y, dy) == dot(weight, dw))
    }

    @Test func everyPlacementMatchesTheFormula() throws {
        let attributes = Conv2DAttributes(
            stride: [2, 3], paddingLow: [1, 2], paddingHigh: [3, 0], dilation: [2, 2])
        let x = pattern([1, 2, 6, 7], period: 11, start: -5)
        let weight = pattern([3, 2, 3, 2], period: 7, start: -3)
        let y = try evaluate(.conv2D(attributes), [x, weight])
        let (rows, columns) = (y.type.shape[2], y.type.shape[3])
        var expected: [Double] = []
        for filter in 0..<3 {
            for (i, j) in (0..<rows * columns).map({ ($0 / columns, $0 % columns) }) {
                var sum = 0.0
                for (c, u, v) in (0..<12).map({ ($0 / 6, $0 / 2 % 3, $0 % 2) }) {
                    let (row, column) = (i * 2 + u * 2 - 1, j * 3 + v * 2 - 2)
                    guard (0..<6).contains(row), (0..<7).contains(column) else { continue }
                    sum +=
                        x.doubles[c * 42 + row * 7 + column]
                        * weight.doubles[filter * 12 + c * 6 + u * 2 + v]
                }
                expected.append(sum)
            }
        }
        #expect(y.doubles == expected)
    }

    @Test func emptyBatch() throws {
        let x = HostTensor(zeros: TensorType(.float32, [0, 1, 3, 3]))
        let weight = HostTensor(zeros: TensorType(.float32, [2, 1, 2, 2]))
        #expect(try evaluate(.conv2D(Conv2DAttributes()), x, weight) == [Float]())
        let dy = HostTensor(zeros: TensorType(.float32, [0, 2, 2, 2]))
        #expect(
            try evaluate(.conv2DWeightGradient(Conv2DAttributes(), kernel: [2, 2]), dy, x)
                == [Float](repeating: 0, count: 8))
    }

    /// The sum of element times its number, counted from 1.
    private func weighted(_ x: HostTensor) -> Double {
        x.doubles.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
    }
}
