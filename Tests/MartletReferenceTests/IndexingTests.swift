import MartletGraph
import MartletReference
import Testing

@Suite struct IndexingTests {
    private let x = HostTensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])

    @Test func gatherTakesRows() throws {
        let rows = HostTensor([Int32(1), 0, 1], shape: [3])
        #expect(
            try evaluate(.gather(axis: 0), x, rows) == [4, 5, 6, 1, 2, 3, 4, 5, 6] as [Float])
        let columns = HostTensor([Int64(2), -1, 3, 0], shape: [2, 2])
        let result = try evaluate(.gather(axis: 1), [x, columns])
        #expect(result.type.shape == [2, 2, 2])
        #expect(result.doubles == [3, 0, 0, 1, 6, 0, 0, 4])
        #expect(try evaluate(.gather(axis: 0), x, HostTensor(Int32(1))) == [4, 5, 6] as [Float])
    }

    @Test func scatterAddsRows() throws {
        let indices = HostTensor([Int32(1), 1, 5], shape: [3])
        let updates = HostTensor((1...6).map { Double($0) }, shape: [3, 2])
        #expect(
            try evaluate(.scatterAdd(axis: 0, size: 3), updates, indices)
                == [0, 0, 4, 6, 0, 0] as [Double])
        let grid = HostTensor([Int64(0), 2, -1, 0], shape: [2, 2])
        let stacked = HostTensor((1...4).map { Int32($0) }, shape: [1, 2, 2])
        #expect(try evaluate(.scatterAdd(axis: 1, size: 3), stacked, grid) == [Int32(5), 0, 2])
    }

    @Test func gatherAlongPicksOnePerPlace() throws {
        let indices = HostTensor([Int32(2), 0, 9, 1], shape: [2, 2])
        #expect(try evaluate(.gatherAlong(axis: 1), x, indices) == [3, 1, 0, 5] as [Float])
        let rows = HostTensor([Int64(1), 0, -1], shape: [1, 3])
        #expect(try evaluate(.gatherAlong(axis: 0), x, rows) == [4, 2, 0] as [Float])
    }

    @Test func scatterAddAlongIsItsTranspose() throws {
        let indices = HostTensor([Int32(2), 2, 9, 1], shape: [2, 2])
        let updates = HostTensor([1, 2, 4, 8] as [Double], shape: [2, 2])
        #expect(
            try evaluate(.scatterAddAlong(axis: 1, size: 3), updates, indices)
                == [0, 0, 3, 0, 8, 0] as [Double])
        let source = pattern([2, 3], period: 5, start: 1)
        let picked = try evaluate(.gatherAlong(axis: 1), [source, indices])
        let spread = try evaluate(.scatterAddAlong(axis: 1, size: 3), [updates, indices])
        #expect(dot(picked, updates) == dot(source, spread))
    }

    @Test func oneHotRows() throws {
        let indices = HostTensor([Int32(1), 3, -1], shape: [3])
        #expect(
            try evaluate(.oneHot(classes: 3, .float32), indices)
                == [0, 1, 0, 0, 0, 0, 0, 0, 0] as [Float])
        #expect(
            try evaluate(.oneHot(classes: 2, .bool), HostTensor(Int64(1))) == [false, true])
    }

    @Test func truthValuesAreGatheredAndJoined() throws {
        let truths = HostTensor([true, false, true], shape: [3])
        let indices = HostTensor([Int32(0), 0, 1], shape: [3])
        #expect(try evaluate(.gather(axis: 0), truths, indices) == [true, true, false])
        #expect(
            try evaluate(.scatterAdd(axis: 0, size: 3), truths, indices) == [true, true, false])
    }

    @Test func nothingToGatherFrom() throws {
        let empty = HostTensor(zeros: TensorType(.float32, [0, 2]))
        let indices = HostTensor([Int32(0)], shape: [1])
        #expect(try evaluate(.gather(axis: 0), empty, indices) == [0, 0] as [Float])
    }
}
