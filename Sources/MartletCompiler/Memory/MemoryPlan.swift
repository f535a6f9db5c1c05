/// One value that needs memory during some steps of a plan.
public struct MemoryRequest: Hashable, Sendable {
    /// The size in bytes; 0 needs no memory.
    public var byteCount: Int
    /// The first step, counted from 0, that touches the memory.
    public var firstStep: Int
    /// The last step that touches the memory, that step included.
    public var lastStep: Int
    /// The request whose memory this one may take over in place.
    ///
    /// It happens when that request's last step is this one's first, both sizes round up to the
    /// same, and nobody else took the memory over; else the hint is ignored. That request must begin
    /// in an earlier step.
    public var sharesWith: Int?

    /// Asks for `byteCount` bytes during the steps `firstStep ... lastStep`.
    public init(byteCount: Int, firstStep: Int, lastStep: Int, sharesWith: Int? = nil) {
        (self.byteCount, self.firstStep, self.lastStep) = (byteCount, firstStep, lastStep)
        self.sharesWith = sharesWith
    }
}

/// Where each value of a plan lies in one block of memory.
///
/// Values whose steps overlap never overlap in memory, but for hints that were followed
/// (`offsets` are then equal).
public struct MemoryPlan: Hashable, Sendable {
    /// The place of each request in bytes from the start of the block, a multiple of the alignment.
    public let offsets: [Int]
    /// The size of the block.
    public let totalBytes: Int
    /// The most bytes that are in use in any one step: no plan can do with less.
    public let peakBytes: Int
    /// The size that the requests would take without sharing memory.
    public let unsharedBytes: Int

    /// Lays out `requests`; two ways are tried and the smaller result is taken.
    ///
    /// The time is in the order of requests times the number that are alive together; trying the
    /// largest requests first, which is best most of the time, takes the square of their number
    /// and is left out above 20,000.
    ///
    /// - Precondition: sizes are not negative, no life ends before it begins, and `alignment` is
    ///   positive.
    public static func plan(requests: [MemoryRequest], alignment: Int = 64) -> MemoryPlan {
        precondition(alignment > 0, "MemoryPlan: alignment must be positive, got \(alignment)")
        for (index, request) in requests.enumerated() {
            precondition(
                request.byteCount >= 0 && request.firstStep <= request.lastStep,
                "MemoryPlan: request \(index) is \(request)")
        }
        let joined = JoinedRequests(requests, alignment: alignment)
        let peak = peakBytes(joined.blocks)
        var best = BlockPlacement.byStart(joined.blocks)
        if best.total > peak, joined.blocks.count <= 20_000 {
            let other = BlockPlacement.bySize(joined.blocks)
            if other.total < best.total { best = other }
        }
        return MemoryPlan(
            offsets: joined.blockOfRequest.map { $0 < 0 ? 0 : best.offsets[$0] },
            totalBytes: best.total, peakBytes: peak,
            unsharedBytes: requests.reduce(0) { $0 + aligned($1.byteCount, alignment) })
    }

    /// The most bytes alive in one step.
    private static func peakBytes(_ blocks: [MemoryBlock]) -> Int {
        var events: [(step: Int, bytes: Int)] = []
        for block in blocks {
            events.append((block.firstStep, block.byteCount))
            events.append((block.lastStep + 1, -block.byteCount))
        }
        // What ends is taken away before what begins in the same step is added.
        events.sort { ($0.step, $0.bytes) < ($1.step, $1.bytes) }
        var (peak, now) = (0, 0)
        for event in events {
            now += event.bytes
            peak = max(peak, now)
        }
        return peak
    }
}
