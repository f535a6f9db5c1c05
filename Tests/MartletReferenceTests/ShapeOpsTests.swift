import MartletGraph
import MartletReference
import Testing

@Suite struct ShapeOpsTests {
    private let x = HostTensor((0..<6).map { Int32($0) }, shape: [2, 3])

    @Test func broadcastRepeats() throws {
        let row = HostTensor([Int32(1), 2], shape: [2, 1])
        #expect(
            try evaluate(.broadcast([2, 2, 3]), row) == [Int32(1), 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
        #expect(try evaluate(.broadcast([3]), HostTensor(true)) == [true, true, true])
        #expect(try evaluate(.broadcast([0, 1]), HostTensor([1.5], shape: [1])) == [Double]())
        #expect(try evaluate(.broadcast([]), HostTensor(2.5)) == [2.5])
    }

    @Test func transposeMovesAxes() throws {
        #expect(try evaluate(.transpose([1, 0]), x) == [Int32(0), 3, 1, 4, 2, 5])
        let cube = HostTensor((0..<8).map { UInt8($0) }, shape: [2, 2, 2])
        #expect(try evaluate(.transpose([2, 0, 1]), cube) == [UInt8(0), 2, 4, 6, 1, 3, 5, 7])
        #expect(try evaluate(.reshape([3, 2]), x) == [Int32(0), 1, 2, 3, 4, 5])
    }

    @Test func sliceTakesSteps() throws {
        let box = SliceAttributes(starts: [1, 0], limits: [2, 3], strides: [1, 2])
        #expect(try evaluate(.slice(box), x) == [Int32(3), 5])
        let nothing = SliceAttributes(starts: [2, 0], limits: [2, 3], strides: [1, 1])
        #expect(try evaluate(.slice(nothing), x) == [Int32]())
    }

    @Test func padFillsBordersAndGaps() throws {
        let padding = PadAttributes(low: [0, 1], high: [1, 0], interior: [0, 1], value: 9)
        #expect(
            try evaluate(.pad(padding), x)
                == [Int32(9), 0, 9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 9, 9, 9, 9, 9])
        let empty = HostTensor(zeros: TensorType(.float32, [0]))
        let around = PadAttributes(low: [1], high: [1], interior: [3], value: 0.5)
        #expect(try evaluate(.pad(around), empty) == [0.5, 0.5] as [Float])
    }

    @Test func concatenateJoins() throws {
        let y = HostTensor([Int32(8), 9], shape: [2, 1])
        let none = HostTensor(zeros: TensorType(.int32, [2, 0]))
        #expect(
            try evaluate(.concatenate(axis: 1), x, none, y, y)
                == [Int32(0), 1, 2, 8, 8, 3, 4, 5, 9, 9])
        #expect(
            try evaluate(.concatenate(axis: 0), x, x)
                == [Int32(0), 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
    }

    @Test func reverseTurnsRound() throws {
        #expect(try evaluate(.reverse([1]), x) == [Int32(2), 1, 0, 5, 4, 3])
        #expect(try evaluate(.reverse([0, 1]), x) == [Int32(5), 4, 3, 2, 1, 0])
        #expect(try evaluate(.reverse([]), x) == [Int32(0), 1, 2, 3, 4, 5])
    }

    @Test func iotaCountsAlongItsAxis() throws {
        #expect(
            try evaluate(.iota(TensorType(.int64, [2, 3]), axis: 1)) == [Int64(0), 1, 2, 0, 1, 2])
        #expect(
            try evaluate(.iota(TensorType(.float32, [2, 3]), axis: 0))
                == [0, 0, 0, 1, 1, 1] as [Float])
    }
}
