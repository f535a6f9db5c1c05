import MartletGraph
import MartletReference
import Testing

@Suite struct PoolingTests {
    private let nan = Float.nan

    private func picture(_ values: [Float], _ height: Int, _ width: Int) -> HostTensor {
        HostTensor(values, shape: [1, 1, height, width])
    }

    @Test func maximumOfWindows() throws {
        let x = picture((1...16).map { Float($0) }, 4, 4)
        let plain = PoolAttributes(kernel: [2, 2])
        #expect(try evaluate(.maxPool2D(plain), x) == [6, 8, 14, 16] as [Float])
        let dilated = PoolAttributes(kernel: [2, 2], stride: [1, 1], dilation: [2, 2])
        #expect(try evaluate(.maxPool2D(dilated), x) == [11, 12, 15, 16] as [Float])
    }

    @Test func paddingIsMinusInfinity() throws {
        let x = picture([-1, -2, -3, -4], 2, 2)
        let padded = PoolAttributes(
            kernel: [2, 2], stride: [2, 2], paddingLow: [1, 1], paddingHigh: [3, 1])
        #expect(
            try evaluate(.maxPool2D(padded), x)
                == [-1, -2, -3, -4, -.infinity, -.infinity] as [Float])
        let dy = HostTensor([1, 2, 3, 4, 5, 6] as [Float], shape: [1, 1, 3, 2])
        #expect(try evaluate(.maxPool2DGradient(padded), x, dy) == [1, 2, 3, 4] as [Float])
        let t = picture([10, 20, 30, 40], 2, 2)
        #expect(
            try evaluate(.maxPool2DTangent(padded), x, t) == [10, 20, 30, 40, 0, 0] as [Float])
    }

    @Test func firstLargestReceivesTheGradient() throws {
        let a = PoolAttributes(kernel: [2, 2], stride: [1, 1])
        let ties = picture([3, 3, 1, 3, 3, 1], 2, 3)
        let dy = HostTensor([1, 10] as [Float], shape: [1, 1, 1, 2])
        #expect(try evaluate(.maxPool2DGradient(a), ties, dy) == [1, 10, 0, 0, 0, 0] as [Float])
        #expect(
            try evaluate(.maxPool2DTangent(a), ties, picture([1, 2, 3, 4, 5, 6], 2, 3))
                == [1, 2] as [Float])
        let overlap = picture([1, 9, 1, 1, 1, 1], 2, 3)
        #expect(try evaluate(.maxPool2DGradient(a), overlap, dy) == [0, 11, 0, 0, 0, 0] as [Float])
        let low = picture([Float](repeating: -.infinity, count: 6), 2, 3)
        #expect(try evaluate(.maxPool2DGradient(a), low, dy) == [1, 10, 0, 0, 0, 0] as [Float])
    }

    @Test func notANumberIsLargest() throws {
        let a = PoolAttributes(kernel: [2, 2], stride: [1, 1])
        let x = picture([3, nan, 9, nan, 5, 1], 2, 3)
        #expect(same(try evaluate(.maxPool2D(a), x), [nan, nan] as [Float]))
        let dy = HostTensor([1, 10] as [Float], shape: [1, 1, 1, 2])
        #expect(try evaluate(.maxPool2DGradient(a), x, dy) == [0, 11, 0, 0, 0, 0] as [Float])
    }

    @Test func averageCountsPaddingOrNot() throws {
        let x = picture([4, 8, 12, 16], 2, 2)
        var a = PoolAttributes(
            kernel: [2, 2], stride: [1, 1], paddingLow: [1, 1], countsPadding: true)
        #expect(try evaluate(.averagePool2D(a), x) == [1, 3, 4, 10] as [Float])
        a.countsPadding = false
        #expect(try evaluate(.averagePool2D(a), x) == [4, 6, 8, 10] as [Float])
        let dy = HostTensor([4, 2, 2, 4] as [Float], shape: [1, 1, 2, 2])
        #expect(
            try evaluate(.averagePool2DGradient(a, size: [2, 2]), dy) == [7, 2, 2, 1] as [Float])
    }

    /// The numbers of PyTorch's `avg_pool2d(x, 3, stride: 2, padding: 1, ceil_mode: true)`.
    @Test func rowsFromRoundingUpNeverCount() throws {
        let x = HostTensor((0..<36).map { Double($0 / 6 + 1) }, shape: [1, 1, 6, 6])
        let a = PoolAttributes(
            kernel: [3, 3], stride: [2, 2], paddingLow: [1, 1], paddingHigh: [2, 2],
            ceilExtra: [1, 1])
        let expected = [
            2.0 / 3, 1, 1, 0.5, 2, 3, 3, 1.5, 10.0 / 3, 5, 5, 2.5, 2, 3, 3, 1.5,
        ]
        #expect(close(try evaluate(.averagePool2D(a), x), expected))
    }

    @Test func roundedUpWindowsWithoutPadding() throws {
        let x = picture((1...25).map { Float($0) }, 5, 5)
        for counts in [true, false] {
            let a = PoolAttributes(
                kernel: [2, 2], paddingHigh: [1, 1], countsPadding: counts, ceilExtra: [1, 1])
            #expect(
                try evaluate(.averagePool2D(a), x)
                    == [4, 6, 7.5, 14, 16, 17.5, 21.5, 23.5, 25] as [Float])
        }
    }

    @Test func averageGradientIsTheTranspose() throws {
        for counts in [true, false] {
            let a = PoolAttributes(
                kernel: [3, 2], stride: [2, 1], paddingLow: [1, 1], paddingHigh: [2, 0],
                dilation: [1, 2], countsPadding: counts, ceilExtra: [1, 0])
            let x = pattern([2, 3, 6, 5], period: 11, start: -5)
            let y = try evaluate(.averagePool2D(a), [x])
            let dy = pattern(y.type.shape, period: 7, start: -2)
            let dx = try evaluate(.averagePool2DGradient(a, size: [6, 5]), [dy])
            #expect(close([dot(y, dy)], [dot(x, dx)]))
        }
    }

    @Test func windowsThatSeeNothingGiveZero() throws {
        let a = PoolAttributes(kernel: [1, 1], paddingHigh: [0, 1], countsPadding: false)
        #expect(try evaluate(.averagePool2D(a), picture([5], 1, 1)) == [5, 0] as [Float])
    }
}
