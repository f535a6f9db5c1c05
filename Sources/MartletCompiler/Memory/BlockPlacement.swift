/// A piece of memory with the steps in which it is in use.
struct MemoryBlock {
    var byteCount: Int
    var firstStep: Int
    var lastStep: Int
}

/// Requests after in-place hints were followed: chains of requests became one block.
struct JoinedRequests {
    var blocks: [MemoryBlock] = []
    /// The block of each request; −1 for requests of no bytes.
    var blockOfRequest: [Int]

    init(_ requests: [MemoryRequest], alignment: Int) {
        blockOfRequest = [Int](repeating: -1, count: requests.count)
        var isTaken = [Bool](repeating: false, count: requests.count)
        // In the order of their beginnings, so that the end of a chain is known when it grows.
        let order = requests.indices.sorted { a, b in
            (requests[a].firstStep, a) < (requests[b].firstStep, b)
        }
        for index in order where requests[index].byteCount > 0 {
            let request = requests[index]
            let size = aligned(request.byteCount, alignment)
            if let other = request.sharesWith, requests.indices.contains(other), !isTaken[other],
                blockOfRequest[other] >= 0, requests[other].lastStep == request.firstStep,
                requests[other].firstStep < request.firstStep,
                blocks[blockOfRequest[other]].byteCount == size
            {
                isTaken[other] = true
                blockOfRequest[index] = blockOfRequest[other]
                blocks[blockOfRequest[other]].lastStep = request.lastStep
            } else {
                blockOfRequest[index] = blocks.count
                blocks.append(
                    MemoryBlock(
                        byteCount: size, firstStep: request.firstStep, lastStep: request.lastStep))
            }
        }
    }
}

/// Rounds `byteCount` up to a multiple of `alignment`.
func aligned(_ byteCount: Int, _ alignment: Int) -> Int {
    (byteCount + alignment - 1) / alignment * alignment
}

/// Where blocks were put, and how much memory that takes.
struct BlockPlacement {
    var offsets: [Int]
    var total = 0

    /// Places blocks in the order in which they begin, among those that are still in use.
    static func byStart(_ blocks: [MemoryBlock]) -> BlockPlacement {
        var result = BlockPlacement(offsets: [Int](repeating: 0, count: blocks.count))
        var placed: [PlacedBlock] = []
        let order = blocks.indices.sorted { a, b in
            (blocks[a].firstStep, -blocks[a].byteCount, a)
                < (blocks[b].firstStep, -blocks[b].byteCount, b)
        }
        for index in order {
            placed.removeAll { $0.lastStep < blocks[index].firstStep }
            result.place(index, blocks[index], among: &placed)
        }
        return result
    }

    /// Places the largest blocks first, each among all that were placed.
    static func bySize(_ blocks: [MemoryBlock]) -> BlockPlacement {
        var result = BlockPlacement(offsets: [Int](repeating: 0, count: blocks.count))
        var placed: [PlacedBlock] = []
        let order = blocks.indices.sorted { a, b in
            (-blocks[a].byteCount, blocks[a].firstStep, a)
                < (-blocks[b].byteCount, blocks[b].firstStep, b)
        }
        for index in order { result.place(index, blocks[index], among: &placed) }
        return result
    }

    /// Puts a block into the smallest gap that it fits in, else behind everything in its way.
    ///
    /// `placed` is sorted by place and stays so.
    private mutating func place(
        _ index: Int, _ block: MemoryBlock, among placed: inout [PlacedBlock]
    ) {
        var (end, best, bestGap) = (0, -1, Int.max)
        for other in placed
        where other.firstStep <= block.lastStep && block.firstStep <= other.lastStep {
            let gap = other.offset - end
            if gap >= block.byteCount && gap < bestGap { (best, bestGap) = (end, gap) }
            end = max(end, other.end)
        }
        let offset = best < 0 ? end : best
        offsets[index] = offset
        total = max(total, offset + block.byteCount)
        var (low, high) = (0, placed.count)
        while low < high {
            let middle = (low + high) / 2
            if placed[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        placed.insert(
            PlacedBlock(
                offset: offset, end: offset + block.byteCount, firstStep: block.firstStep,
                lastStep: block.lastStep),
            at: low)
    }
}

/// A block that has its place.
private struct PlacedBlock {
    var offset: Int
    var end: Int
    var firstStep: Int
    var lastStep: Int
}
