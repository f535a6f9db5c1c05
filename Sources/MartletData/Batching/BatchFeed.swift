import MartletGraph

/// Gives the batches of one epoch one after the other.
///
///     let feed = BatchFeed(data, BatchOptions(size: 100, shuffleSeed: 1), epoch: 3)
///     while let batch = try feed.next() {
///         try step(
///             x: batch.imageType, y: batch.targetType,
///             writingX: batch.writeImages, writingY: batch.writeTargets)
///     }
///
/// What it gives depends on the data, the options and the epoch alone. Bytes in memory are copied
/// straight to where a batch is written; pictures that are decoded or augmented are made ahead by
/// threads, which end with the feed. Not safe for concurrent use.
public final class BatchFeed {
    private let plan: EpochPlan
    private var nextNumber: Int
    /// The threads; `nil` when batches are made where they are written.
    private var workers: BatchWorkers?
    private let ticket: Int
    private let scratch = BatchScratchBox()
    private var failure: (any Error)?

    /// Starts an epoch, or goes on with it.
    ///
    /// - Parameter first: The number of the first batch that is given; 0 is the first of the epoch.
    public convenience init(
        _ data: Dataset, _ options: BatchOptions, epoch: Int, startingAt first: Int = 0
    ) {
        let plan = EpochPlan(data, options, epoch: epoch)
        self.init(plan, startingAt: first, workers: BatchWorkers(for: plan))
    }

    init(_ plan: EpochPlan, startingAt first: Int, workers: BatchWorkers?) {
        precondition(first >= 0, "BatchFeed: startingAt must not be negative, got \(first)")
        (self.plan, nextNumber, self.workers) = (plan, first, workers)
        ticket = workers?.begin(plan, at: first) ?? 0
    }

    /// The data that is cut into batches.
    public var data: Dataset { plan.data }

    /// How it is cut.
    public var options: BatchOptions { plan.options }

    /// The number of the epoch; 1 is the first.
    public var epoch: Int { plan.epoch }

    /// The number of batches in the epoch.
    public var count: Int { plan.count }

    /// The next batch, `nil` after the last; it is valid until the next call.
    ///
    /// - Errors: of a picture that cannot be read, when its batch is due; it ends the feed, and every
    ///   later call throws it again. Batches that are made where they are used throw it from
    ///   `writeImages`.
    public func next() throws -> Batch? {
        if let failure { throw failure }
        guard nextNumber < plan.count else {
            workers = nil
            return nil
        }
        let number = nextNumber
        nextNumber += 1
        guard let workers else { return batch(number, slot: nil) }
        do {
            if let slot = try workers.take(number, ticket: ticket) {
                return batch(number, slot: slot)
            }
            // The threads work on another epoch by now.
            self.workers = nil
            return batch(number, slot: nil)
        } catch {
            failure = error
            self.workers = nil
            throw error
        }
    }

    private func batch(_ number: Int, slot: BatchSlot?) -> Batch {
        Batch(
            number: number, samples: plan.samples(of: number), plan: plan, slot: slot,
            scratch: scratch)
    }
}

/// Some pictures with their targets, on their way into a plan.
public struct Batch {
    /// The number of the batch in its epoch; 0 is the first.
    public let number: Int
    /// The numbers of the pictures in the data set.
    public let samples: ArraySlice<Int>
    let plan: EpochPlan
    /// The finished batch when a thread made it.
    let slot: BatchSlot?
    let scratch: BatchScratchBox

    /// The number of pictures.
    public var count: Int { samples.count }

    /// The type of the pictures, not scaled: `u8[count,channels,height,width]`, or `f32` when they
    /// are mixed (0 … 255) or come from files of numbers that are no bytes.
    public var imageType: TensorType { plan.imageType(count) }

    /// The type of the targets: `i32[count]`, class numbers, unless the options ask for others.
    ///
    /// With mixing or label smoothing it is `f32[count,classes]`, the shares of the classes.
    public var targetType: TensorType { plan.targetType(count) }

    /// Writes the pictures, row-major.
    ///
    /// - Errors: of a picture that cannot be read.
    /// - Precondition: `target` has the bytes of `imageType`.
    public func writeImages(to target: UnsafeMutableRawBufferPointer) throws {
        if let slot {
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: slot.images[..<target.count]))
        } else {
            try plan.writeImages(number, to: target, scratch: &scratch.scratch)
        }
    }

    /// Writes the targets.
    ///
    /// - Precondition: `target` has the bytes of `targetType`.
    public func writeTargets(to target: UnsafeMutableRawBufferPointer) {
        if let slot {
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: slot.targets[..<target.count]))
        } else {
            plan.writeTargets(number, to: target)
        }
    }

    /// The pictures as a tensor of `imageType`.
    ///
    /// - Errors: as `writeImages(to:)`.
    public func images() throws -> HostTensor {
        var tensor = HostTensor(zeros: imageType)
        try tensor.withUnsafeMutableBytes { try writeImages(to: $0) }
        return tensor
    }

    /// The targets as a tensor of `targetType`.
    public func targets() -> HostTensor {
        var tensor = HostTensor(zeros: targetType)
        tensor.withUnsafeMutableBytes { writeTargets(to: $0) }
        return tensor
    }
}
