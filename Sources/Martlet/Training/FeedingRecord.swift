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
    func batchCount(of data: Dataset) -> Int { (exampleCount(of: data) + size - 1) / size }

    /// The same batches, made where they are used.
    var withoutWorkers: BatchOptions {
        var options = self
        options.workers = 0
        return options
    }
}

/// A checksum of bytes in which every change of up to eight neighbouring bytes shows.
///
/// - Source: the FNV-1a hash of Fowler, Noll and Vo, over words of eight bytes, with each word's bits
///   mixed by a multiplication that can be undone.
struct Checksum {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Adds bytes, then their number.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var rest: UInt64 = 0
        for index in position..<bytes.count { rest = rest << 8 | UInt64(bytes[index]) }
        add(rest)
        add(UInt64(bytes.count))
    }

    /// Adds the bytes of a text.
    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    private mutating func add(_ word: UInt64) {
        // Each step can be undone, so different words always lead to different states.
        state = (state ^ word) &* 0x0000_0100_0000_01B3
        state ^= state >> 29
    }

    /// The sum as 16 hexadecimal digits.
    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
