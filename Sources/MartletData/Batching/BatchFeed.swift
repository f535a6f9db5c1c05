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
/// What it gives depends on the data, the options and the epoch alone. Not safe for concurrent use.
public final class BatchFeed {
    /// The data that is cut into batches.
    public let data: Dataset
    /// How it is cut.
    public let options: BatchOptions
    /// The number of the epoch; 1 is the first.
    public let epoch: Int
    private let order: [Int]
    private var nextNumber: Int

    /// Starts an epoch, or goes on with it.
    ///
    /// - Parameter first: The number of the first batch that is given; 0 is the first of the epoch.
    public init(_ data: Dataset, _ options: BatchOptions, epoch: Int, startingAt first: Int = 0) {
        (self.data, self.options, self.epoch, nextNumber) = (data, options, epoch, first)
        order =
            options.shuffleSeed.map { Shuffle.order(data.count, seed: $0, epoch: epoch) }
            ?? Array(data.indices)
    }

    /// The number of batches in the epoch.
    public var count: Int {
        let full = data.count / options.size
        return full + (options.keepsShortBatch && data.count % options.size > 0 ? 1 : 0)
    }

    /// The next batch, `nil` after the last; it is valid until the next call.
    ///
    /// - Errors: of a picture that cannot be read.
    public func next() throws -> Batch? {
        guard nextNumber < count else { return nil }
        let start = nextNumber * options.size
        defer { nextNumber += 1 }
        return Batch(
            number: nextNumber, samples: order[start..<min(start + options.size, data.count)],
            data: data)
    }
}

/// Some pictures with their targets, on their way into a plan.
public struct Batch {
    /// The number of the batch in its epoch; 0 is the first.
    public let number: Int
    /// The numbers of the pictures in the data set.
    public let samples: ArraySlice<Int>
    let data: Dataset

    /// The number of pictures.
    public var count: Int { samples.count }

    /// The type of the pictures: `u8[count, channels, height, width]`, not scaled.
    public var imageType: TensorType { TensorType(.uint8, [count] + data.imageShape) }

    /// The type of the targets: `i32[count]`, class numbers.
    public var targetType: TensorType { TensorType(.int32, [count]) }

    /// Writes the pictures, row-major.
    ///
    /// - Precondition: `target` has the bytes of `imageType`.
    public func writeImages(to target: UnsafeMutableRawBufferPointer) throws {
        let size = data.imageSize
        for (position, sample) in samples.enumerated() {
            let place = target[position * size..<(position + 1) * size]
            try data.source.read(
                data.records[sample], into: UnsafeMutableRawBufferPointer(rebasing: place))
        }
    }

    /// Writes the targets.
    ///
    /// - Precondition: `target` has the bytes of `targetType`.
    public func writeTargets(to target: UnsafeMutableRawBufferPointer) {
        for (position, sample) in samples.enumerated() {
            target.storeBytes(of: data.labels[sample], toByteOffset: 4 * position, as: Int32.self)
        }
    }
}
