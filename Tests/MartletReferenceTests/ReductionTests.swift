import MartletGraph
import MartletReference
import Testing

@Suite struct ReductionTests {
    private let x = HostTensor((1...6).map { Float($0) }, shape: [2, 3])

    @Test func foldsAxes() throws {
        #expect(try evaluate(.reduce(.sum, axes: [0]), x) == [5, 7, 9] as [Float])
        #expect(try evaluate(.reduce(.sum, axes: [1]), x) == [6, 15] as [Float])
        #expect(try evaluate(.reduce(.product, axes: [0, 1]), x) == [720] as [Float])
        #expect(try evaluate(.reduce(.max, axes: [1]), x) == [3, 6] as [Float])
        #expect(try evaluate(.reduce(.min, axes: []), x) == [1, 2, 3, 4, 5, 6] as [Float])
    }

    @Test func middleAxes() throws {
        let cube = HostTensor((0..<12).map { Int64($0) }, shape: [2, 3, 2])
        #expect(try evaluate(.reduce(.sum, axes: [1]), cube) == [Int64(6), 9, 24, 27])
        #expect(try evaluate(.reduce(.sum, axes: [0, 2]), cube) == [Int64(14), 22, 30])
    }

    @Test func sumsAreRoundedOnce() throws {
        let wide = floats(1e8, 1, -1e8)
        #expect(try evaluate(.reduce(.sum, axes: [0]), wide) == [1] as [Float])
        #expect(
            try evaluate(.cumulativeSum(axis: 0, reverse: false), wide)
                == [1e8, 1e8, 1] as [Float])
        let product = floats(1e30, 1e30, 1e-30, 1e-30)
        let result: [Float] = try evaluate(.reduce(.product, axes: [0]), product)
        #expect(abs(result[0] - 1) < 1e-6)
    }

    @Test func emptySumsAndProducts() throws {
        let empty = HostTensor(zeros: TensorType(.float32, [2, 0]))
        #expect(try evaluate(.reduce(.sum, axes: [1]), empty) == [0, 0] as [Float])
        #expect(try evaluate(.reduce(.product, axes: [1]), empty) == [1, 1] as [Float])
        #expect(try evaluate(.reduce(.max, axes: [0]), empty) == [Float]())
    }

    @Test func extremesKeepNaNAndInfinity() throws {
        let y = HostTensor(
            [1, .nan, 2, -.infinity, -.infinity, -.infinity] as [Float], shape: [2, 3])
        #expect(same(try evaluate(.reduce(.max, axes: [1]), y), [.nan, -.infinity] as [Float]))
        #expect(same(try evaluate(.reduce(.min, axes: [1]), y), [.nan, -.infinity] as [Float]))
        #expect(
            try evaluate(.reduce(.max, axes: [0]), HostTensor([Int32(-5), -3], shape: [2]))
                == [Int32(-3)])
    }

    @Test func firstExtremeWins() throws {
        let y = HostTensor([2, 5, 5, 1, 1, 3] as [Double], shape: [2, 3])
        #expect(try evaluate(.argReduce(.max, axis: 1), y) == [Int64(1), 2])
        #expect(try evaluate(.argReduce(.min, axis: 1), y) == [Int64(0), 0])
        #expect(try evaluate(.argReduce(.max, axis: 0), y) == [Int64(0), 0, 0])
        #expect(try evaluate(.argReduce(.min, axis: 0), y) == [Int64(1), 1, 1])
        #expect(try evaluate(.argReduce(.max, axis: 0), floats(1, .nan, 9, .nan)) == [Int64(1)])
        #expect(try evaluate(.argReduce(.min, axis: 0), floats(.nan, -9)) == [Int64(0)])
    }

    @Test func runningSums() throws {
        #expect(
            try evaluate(.cumulativeSum(axis: 1, reverse: false), x)
                == [1, 3, 6, 4, 9, 15] as [Float])
        #expect(
            try evaluate(.cumulativeSum(axis: 0, reverse: true), x)
                == [5, 7, 9, 4, 5, 6] as [Float])
        let bytes = HostTensor([UInt8(200), 100], shape: [2])
        #expect(try evaluate(.cumulativeSum(axis: 0, reverse: false), bytes) == [UInt8(200), 44])
    }
}
