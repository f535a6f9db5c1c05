import MartletGraph

/// What the batches of one epoch are made of; any thread can make any of them.
final class EpochPlan: Sendable {
    let data: Dataset
    let options: BatchOptions
    let epoch: Int
    /// The numbers of the pictures in the order in which they are taken.
    private let order: [Int]
    /// The pictures when they lie in memory, where gathering them is worth a path of its own.
    private let memory: ImagesInMemory?

    init(_ data: Dataset, _ options: BatchOptions, epoch: Int) {
        (self.data, self.options, self.epoch) = (data, options, epoch)
        memory = data.source as? ImagesInMemory
        let total = min(options.sampleLimit ?? data.count, data.count)
        order =
            options.shuffleSeed.map { Shuffle.order(total, seed: $0, epoch: epoch) }
            ?? Array(0..<total)
    }

    /// The number of batches.
    var count: Int {
        let full = order.count / options.size
        return full + (options.keepsShortBatch && order.count % options.size > 0 ? 1 : 0)
    }

    /// The pictures of a batch.
    func samples(of number: Int) -> ArraySlice<Int> {
        let start = number * options.size
        return order[start..<min(start + options.size, order.count)]
    }

    /// The number of pictures of a batch.
    func sampleCount(of number: Int) -> Int {
        min(options.size, order.count - number * options.size)
    }

    /// The number of threads that make batches ahead.
    var workerCount: Int {
        options.workers ?? (memory != nil && !options.changesPictures ? 0 : 1)
    }

    func imageType(_ count: Int) -> TensorType {
        TensorType(options.mixing == nil ? data.pixelType : .float32, [count] + data.imageShape)
    }

    func targetType(_ count: Int) -> TensorType {
        let form = options.hasSoftTargets ? .oneHot : options.targets
        return form.type(count, classCount: data.classNames.count)
    }

    /// Writes the pictures of a batch.
    ///
    /// - Parameter isCancelled: asked before each picture that is not simply copied.
    /// - Errors: of a picture that cannot be read; `CancellationError`.
    func writeImages(
        _ number: Int, to target: UnsafeMutableRawBufferPointer, scratch: inout BatchScratch,
        isCancelled: () -> Bool = { false }
    ) throws {
        let samples = samples(of: number)
        guard let mixing = options.mixing else {
            try writePictures(samples, to: target, &scratch, isCancelled)
            return
        }
        let size = samples.count * data.source.imageSize
        if scratch.bytes.count < size { scratch.bytes = [UInt8](repeating: 0, count: size) }
        // Taken out, so that the pictures can be written there while the rest is in use.
        var bytes: [UInt8] = []
        swap(&bytes, &scratch.bytes)
        defer { swap(&bytes, &scratch.bytes) }
        try bytes.withUnsafeMutableBytes { all in
            let part = UnsafeMutableRawBufferPointer(rebasing: all[..<size])
            try writePictures(samples, to: part, &scratch, isCancelled)
            mix(mixing, number, samples.count).write(
                UnsafeBufferPointer(part.bindMemory(to: UInt8.self)),
                to: target.bindMemory(to: Float.self))
        }
    }

    private func mix(_ mixing: Mixing, _ number: Int, _ count: Int) -> BatchMixing {
        mixing.plan(
            seed: options.augmentationSeed, epoch: epoch, batch: number, count: count,
            shape: data.imageShape)
    }

    /// Writes the pictures before they are mixed.
    private func writePictures(
        _ samples: ArraySlice<Int>, to target: UnsafeMutableRawBufferPointer,
        _ scratch: inout BatchScratch, _ isCancelled: () -> Bool
    ) throws {
        let size = data.source.imageSize
        precondition(
            target.count == samples.count * size,
            "Batch: \(target.count) bytes for \(samples.count) pictures of \(size) bytes")
        if let memory, !options.changesPictures {
            gather(samples, from: memory, to: target)
            return
        }
        guard data.pixelType == .uint8 || !options.changesPictures else {
            throw DataError(
                .malformed, file: data.name, expected: "pixels that are bytes, to change pictures",
                found: "pixels that are numbers with a fraction",
                fix: "train without augmentation and mixing")
        }
        for (position, sample) in samples.enumerated() {
            if isCancelled() { throw CancellationError() }
            let place = UnsafeMutableRawBufferPointer(
                rebasing: target[position * size..<(position + 1) * size])
            try data.source.read(data.records[sample], into: place)
            guard !options.augmentation.steps.isEmpty else { continue }
            options.augmentation.apply(
                to: place.bindMemory(to: UInt8.self), shape: data.imageShape,
                key: SampleKey(seed: options.augmentationSeed, epoch: epoch, sample: sample),
                scratch: &scratch.augmentation)
        }
    }

    private func gather(
        _ samples: ArraySlice<Int>, from memory: ImagesInMemory,
        to target: UnsafeMutableRawBufferPointer
    ) {
        let size = memory.imageSize
        memory.bytes.withUnsafeBytes { pixels in
            data.records.withUnsafeBufferPointer { records in
                samples.withUnsafeBufferPointer { samples in
                    guard let source = pixels.baseAddress, let base = target.baseAddress else {
                        return
                    }
                    for position in samples.indices {
                        let record = records[samples[position]]
                        (base + position * size).copyMemory(
                            from: source + record * size, byteCount: size)
                    }
                }
            }
        }
    }

    /// Writes the targets of a batch.
    func writeTargets(_ number: Int, to target: UnsafeMutableRawBufferPointer) {
        let samples = samples(of: number)
        let classCount = data.classNames.count
        guard options.hasSoftTargets else {
            for (position, sample) in samples.enumerated() {
                options.targets.write(
                    data.labels[sample], at: position, classCount: classCount, to: target)
            }
            return
        }
        let mixture =
            options.mixing.map { mix($0, number, samples.count) }
            ?? .none(count: samples.count, shape: data.imageShape)
        mixture.writeLabels(
            samples.map { data.labels[$0] }, classCount: classCount,
            to: target.bindMemory(to: Float.self), smoothing: options.labelSmoothing)
    }
}

/// Memory that one thread uses again from batch to batch.
struct BatchScratch {
    var augmentation = AugmentationScratch()
    /// The pictures of a batch before they are mixed.
    var bytes: [UInt8] = []
}

/// `BatchScratch` for batches that are made where they are used.
final class BatchScratchBox {
    var scratch = BatchScratch()
}
