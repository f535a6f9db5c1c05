/// Makes the feeds of one epoch after the other, with the same threads and the same memory.
///
///     let loader = BatchLoader(data, BatchOptions(size: 128, shuffleSeed: 1, workers: 2))
///     for epoch in 1...10 {
///         let feed = loader.feed(epoch: epoch)
///         while let batch = try feed.next() { … }
///     }
///
/// A feed that is not finished when the next is asked for goes on without the threads. Not safe for
/// concurrent use.
public final class BatchLoader {
    /// The data that is cut into batches.
    public let data: Dataset
    /// How it is cut.
    public let options: BatchOptions
    private var workers: BatchWorkers?

    /// Starts no thread yet.
    public init(_ data: Dataset, _ options: BatchOptions) {
        (self.data, self.options) = (data, options)
    }

    /// The batches of an epoch, from batch `first` on.
    public func feed(epoch: Int, startingAt first: Int = 0) -> BatchFeed {
        let plan = EpochPlan(data, options, epoch: epoch)
        workers = workers ?? BatchWorkers(for: plan)
        return BatchFeed(plan, startingAt: first, workers: workers)
    }
}
