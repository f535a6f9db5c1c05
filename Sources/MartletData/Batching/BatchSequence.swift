import Foundation
import MartletGraph

extension Dataset {
    /// The batches of an epoch, for a loop.
    ///
    ///     for batch in data.batches(of: 100, shuffled: 1) {
    ///         let (x, y) = (try batch.images(), batch.targets())
    ///     }
    ///
    /// Pictures are read when `images()` is asked for. `prefetched` reads them ahead.
    ///
    /// - Parameters:
    ///   - size: the number of pictures in a batch; the last may be shorter.
    ///   - seed: shuffles the pictures by this number and the epoch's; `nil` keeps their order.
    ///   - epoch: the number of the epoch.
    /// - Precondition: `size` is positive.
    public func batches(
        of size: Int, shuffled seed: UInt64? = nil, epoch: Int = 1
    ) -> BatchSequence {
        batches(BatchOptions(size: size, shuffleSeed: seed), epoch: epoch)
    }

    /// The batches of an epoch, cut by the given options.
    public func batches(_ options: BatchOptions, epoch: Int = 1) -> BatchSequence {
        BatchSequence(data: self, options: options, epoch: epoch)
    }
}

/// The batches of an epoch, each made when it is asked for.
public struct BatchSequence: Sequence, Sendable {
    let data: Dataset
    let options: BatchOptions
    let epoch: Int

    /// Starts with the first batch.
    public func makeIterator() -> Iterator {
        Iterator(plan: EpochPlan(data, options, epoch: epoch))
    }

    /// Gives one batch after the other.
    public struct Iterator: IteratorProtocol {
        let plan: EpochPlan
        private let scratch = BatchScratchBox()
        private var number = 0

        init(plan: EpochPlan) { self.plan = plan }

        /// The next batch, `nil` after the last.
        public mutating func next() -> Batch? {
            guard number < plan.count else { return nil }
            defer { number += 1 }
            return Batch(
                number: number, samples: plan.samples(of: number), plan: plan, slot: nil,
                scratch: scratch)
        }
    }

    /// The same batches made ahead by threads, for a loop with `for try await`.
    ///
    /// - Parameters:
    ///   - workers: the number of threads.
    ///   - capacity: how many batches may be ready at most.
    /// - Precondition: both are positive.
    public func prefetched(workers: Int = 1, capacity: Int = 5) -> PrefetchedBatches {
        precondition(workers > 0, "prefetched: workers must be positive, got \(workers)")
        precondition(capacity > 0, "prefetched: capacity must be positive, got \(capacity)")
        var options = options
        (options.workers, options.capacity) = (workers, capacity)
        return PrefetchedBatches(data: data, options: options, epoch: epoch)
    }
}

/// The pictures and targets of a batch, to be kept and handed on at will.
public struct LoadedBatch: Sendable {
    /// The number of the batch in its epoch; 0 is the first.
    public let number: Int
    /// The numbers of the pictures in the data set.
    public let samples: [Int]
    /// The pictures, not scaled; see `Batch.imageType`.
    public let images: HostTensor
    /// The targets; see `Batch.targetType`.
    public let targets: HostTensor
}

/// The batches of an epoch, made ahead by threads that end with the loop.
public struct PrefetchedBatches: AsyncSequence, Sendable {
    let data: Dataset
    let options: BatchOptions
    let epoch: Int

    /// Starts the threads.
    public func makeAsyncIterator() -> Iterator {
        Iterator(source: FeedQueue(BatchFeed(data, options, epoch: epoch)))
    }

    /// Gives one batch after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: FeedQueue

        /// The next batch, `nil` after the last.
        ///
        /// - Errors: of a picture that cannot be read; `CancellationError` in a cancelled task.
        public mutating func next() async throws -> LoadedBatch? {
            try Task.checkCancellation()
            return try await source.next()
        }
    }
}

/// Waits for a feed on a queue of its own, so that no thread of Swift's tasks stands still.
// The feed is used on the serial queue only; hence the unchecked conformance.
private final class FeedQueue: @unchecked Sendable {
    private let feed: BatchFeed
    private let queue = DispatchQueue(label: "martlet.batches")

    init(_ feed: sending BatchFeed) { self.feed = feed }

    func next() async throws -> LoadedBatch? {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        guard let batch = try self.feed.next() else { return nil }
                        return LoadedBatch(
                            number: batch.number, samples: Array(batch.samples),
                            images: try batch.images(), targets: batch.targets())
                    })
            }
        }
    }
}
