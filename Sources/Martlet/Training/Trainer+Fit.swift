import MartletData
import MartletGraph

extension Trainer {
    /// Trains until `epochs` epochs are done in all, counting those before.
    ///
    /// A trainer that was resumed, or stopped in the middle of an epoch, goes on where it stands. When a
    /// callback or a signal asks for an end, `stop` tells why, and the numbers of the epoch that was not
    /// finished are not in the history.
    ///
    /// - Parameters:
    ///   - data: What is learned from.
    ///   - validation: Measured after every epoch, by the code of `evaluate`.
    ///   - epochs: The number of the last epoch.
    ///   - batchSize: The number of pictures in a batch; the last one may be shorter and weighs less.
    ///   - shuffles: Whether pictures come in a new order in every epoch, by the trainer's seed.
    ///   - callbacks: Are told of steps and epochs, in their order, and may act.
    /// - Returns: The numbers of all epochs so far.
    /// - Throws: `ModelError` for data that does not fit the model, `CheckpointError` for other data
    ///   than a checkpoint's, `NonFiniteLossError`, and what the data and the callbacks throw.
    @discardableResult
    public func fit(
        _ data: Dataset, validation: Dataset? = nil, epochs: Int, batchSize: Int = 32,
        shuffles: Bool = true, callbacks: [any TrainingCallback] = []
    ) throws -> History {
        let shuffleSeed = shuffles ? UInt64(bitPattern: Int64(seed)) : nil
        return try fit(
            data, validation: validation, epochs: epochs,
            batches: BatchOptions(size: batchSize, shuffleSeed: shuffleSeed),
            callbacks: callbacks)
    }

    /// The same with all options of batches.
    @discardableResult
    public func fit(
        _ data: Dataset, validation: Dataset? = nil, epochs: Int, batches: BatchOptions,
        callbacks: [any TrainingCallback] = []
    ) throws -> History {
        adoptScaling(of: data)
        try check(data, "fit")
        guard batches.exampleCount(of: data) > 0 else {
            throw ModelError(
                function: "fit", operation: "\(data.name) in batches of \(batches.size)",
                expected: "at least one batch", received: "none",
                fix: "take smaller batches, or keep the short one")
        }
        if let validation { try check(validation, "fit") }
        try settleFeeding(data, batches)
        stop = nil
        (self.callbacks, finishedCallbacks) = (callbacks, [:])
        try restoreCallbacks()
        running = (data, batches)
        defer { running = nil }

        var run = FitRun(self, data, validation, batches)
        do {
            try run.perform(to: epochs)
        } catch {
            // The first error counts.
            try? releaseCallbacks()
            throw error
        }
        try releaseCallbacks()
        return history
    }

    /// Lets go of the callbacks, but keeps their state for checkpoints.
    private func releaseCallbacks() throws {
        let named = namedCallbacks()
        callbacks = []
        for (name, callback) in named { finishedCallbacks[name] = try callback.savedState() }
    }

    /// Throws for data that cannot be for this model.
    func check(_ data: Dataset, _ function: String) throws {
        guard data.count > 0 else {
            throw ModelError(
                function: function, operation: data.name, expected: "at least one picture",
                received: "none")
        }
        guard data.imageShape == inputShape else {
            throw ModelError(
                function: function, operation: data.name, expected: "pictures \(inputShape)",
                received: "\(data.imageShape)",
                fix: "compile the model with inputShape: \(data.imageShape)")
        }
        if let (type, brightest) = scaledData, (data.pixelType, data.brightest) != (type, brightest)
        {
            throw ModelError(
                function: function, operation: data.name,
                expected:
                    "\(type.rawValue) pixels up to \(brightest), as in the data that came first",
                received: "\(data.pixelType.rawValue) pixels up to \(data.brightest)",
                fix: "bring both to one form, or give compile a scaling that suits both")
        }
        guard loss.output != .values else { return }
        let graph = try predictionStep().graph(for: [TensorType(data.pixelType, [1] + inputShape)])
        guard let result = graph.outputs.first?.value else { return }
        let type = graph[result].type
        if type.rank == 2, type.shape[1] < data.classNames.count {
            throw ModelError(
                function: function, operation: data.name,
                expected: "a model with a result for each of \(data.classNames.count) classes",
                received: "one with \(type.shape[1])",
                fix: "give the last layer \(data.classNames.count) units")
        }
    }

    /// Notes what this run trains on; in the middle of an epoch it must be what it was.
    private func settleFeeding(_ data: Dataset, _ batches: BatchOptions) throws {
        let given = FeedingRecord(data: try DataFingerprint(data), batches: batches)
        let differences = feeding?.differences(from: given) ?? []
        if !differences.isEmpty {
            if resumeAllowance?.contains(.data) == true {
                position.startEpoch()
            } else if position.batch > 0 || resumeAllowance != nil {
                throw CheckpointError(
                    .mismatched, file: nil, "training cannot go on with this data", differences,
                    fix: "give the same data and batches, or begin anew; "
                        + "in Swift, resume(from:allowing: [.data]) takes others")
            }
        }
        let stepCount = batches.batchCount(of: data)
        guard position.batch <= stepCount else {
            throw CheckpointError(
                .mismatched, file: nil, "training cannot go on with this data",
                ["\(position.batch) batches of the epoch are done, and it has \(stepCount)"])
        }
        (feeding, resumeAllowance) = (given, nil)
    }

    private func restoreCallbacks() throws {
        for (name, callback) in namedCallbacks() {
            if let state = restoredCallbacks[name] { try callback.restore(state) }
        }
        restoredCallbacks = [:]
    }

    /// The callbacks with names that differ: a second one of a name has `#2` behind it.
    func namedCallbacks() -> [(name: String, callback: any TrainingCallback)] {
        var counts: [String: Int] = [:]
        return callbacks.map { callback in
            let count = (counts[callback.name] ?? 0) + 1
            counts[callback.name] = count
            return (count == 1 ? callback.name : "\(callback.name)#\(count)", callback)
        }
    }
}
