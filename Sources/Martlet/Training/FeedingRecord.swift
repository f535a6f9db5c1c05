import MartletData

/// What identifies the data of a run, so that going on with other data is noticed.
struct DataFingerprint: Hashable, Codable, Sendable {
    var name: String
    var count: Int
    var imageShape: [Int]
    var classNames: [String]
    /// Of all labels and the bytes of a few pictures, as 16 hexadecimal digits.
    var checksum: String

    /// Looks at all labels and at eight pictures spread over the set.
    init(_ data: Dataset) throws {
        (name, count, imageShape) = (data.name, data.count, data.imageShape)
        classNames = data.classNames
        var sum = Checksum()
        data.labels.withUnsafeBytes { sum.add($0) }
        for part in 0..<min(8, data.count) {
            let pixels = try data.image(part * data.count / min(8, data.count))
            pixels.withUnsafeBytes { sum.add($0) }
        }
        checksum = sum.text
    }

    /// One line for each thing that `other`, the data given now, has otherwise.
    func differences(from other: DataFingerprint) -> [String] {
        var lines: [String] = []
        func compare<Value: Equatable>(_ what: String, _ saved: Value, _ given: Value) {
            if saved != given { lines.append("data \(what): saved \(saved), given \(given)") }
        }
        compare("name", name, other.name)
        compare("count", count, other.count)
        compare("image shape", imageShape, other.imageShape)
        compare(
            "classes", classNames.joined(separator: " "), other.classNames.joined(separator: " "))
        if lines.isEmpty { compare("contents", checksum, other.checksum) }
        return lines
    }
}

/// The data and the batches that an epoch is made of.
struct FeedingRecord: Hashable, Codable, Sendable {
    var data: DataFingerprint
    var batches: BatchOptions

    /// One line for each thing that `other`, given now, has otherwise.
    func differences(from other: FeedingRecord) -> [String] {
        var lines = data.differences(from: other.data)
        if !batches.givesSameBatches(as: other.batches) {
            lines.append(
                "batches: saved \((try? JSONText.encode(batches)) ?? ""),"
                    + " given \((try? JSONText.encode(other.batches)) ?? "")")
        }
        return lines
    }
}

extension BatchOptions {
    /// The examples of an epoch; fewer than the data where there is a limit or no short batch.
    func exampleCount(of data: Dataset) -> Int {
        let count = min(sampleLimit ?? data.count, data.count)
        return keepsShortBatch ? count : count / size * size
    }

    /// The batches of an epoch.
    package func batchCount(of data: Dataset) -> Int {
        let (full, rest) = exampleCount(of: data).quotientAndRemainder(dividingBy: size)
        return full + (rest > 0 ? 1 : 0)
    }

    /// The same batches, made where they are used.
    var withoutWorkers: BatchOptions {
        var options = self
        options.workers = 0
        return options
    }
}
