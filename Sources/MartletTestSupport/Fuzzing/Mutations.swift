import MartletFormats

/// Changes files at random, from a seed, so that every run makes the same ones.
public struct Mutations {
    private var numbers: SeededGenerator
    private let corpus: [[UInt8]]

    /// Starts from a seed.
    ///
    /// - Parameter corpus: Files of which pieces get into others.
    public init(seed: UInt64, corpus: [[UInt8]]) {
        (numbers, self.corpus) = (SeededGenerator(seed: seed), corpus)
    }

    /// A changed copy of `bytes`.
    public mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
            bytes = changedOnce(bytes)
        }
        return bytes
    }

    private mutating func changedOnce(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        guard !bytes.isEmpty else { return [UInt8.random(in: 0...255, using: &numbers)] }
        // Headers decide most, so half of the changes fall into the first bytes.
        let reach = Bool.random(using: &numbers) ? min(bytes.count, 64) : bytes.count
        let place = Int.random(in: 0..<reach, using: &numbers)
        switch Int.random(in: 0..<9, using: &numbers) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &numbers) ?? 0
        case 3: bytes.removeLast(bytes.count - place)
        case 4:
            let count = Int.random(in: 1...min(64, bytes.count - place), using: &numbers)
            bytes.removeSubrange(place..<place + count)
        case 5:
            let count = Int.random(in: 1...16, using: &numbers)
            let inserted = (0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            bytes.insert(contentsOf: inserted, at: place)
        case 6:
            let count = Int.random(in: 1...min(64, bytes.count - place), using: &numbers)
            bytes.insert(contentsOf: Array(bytes[place..<place + count]), at: place)
        case 7:
            // Four bytes that claim something extreme.
            let extreme: [UInt8] =
                [
                    [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0],
                    [0, 0, 0, 0x80],
                ]
                .randomElement(using: &numbers) ?? []
            for (offset, value) in extreme.enumerated() where place + offset < bytes.count {
                bytes[place + offset] = value
            }
        default:
            let other = corpus.randomElement(using: &numbers) ?? []
            guard !other.isEmpty else { break }
            let start = Int.random(in: 0..<other.count, using: &numbers)
            let part = other[start..<min(other.count, start + 48)]
            bytes.replaceSubrange(place..<min(bytes.count, place + part.count), with: part)
        }
        return bytes
    }

    /// A changed copy whose checksums agree again, so that the change reaches what lies behind them.
    public mutating func mutatedBehindChecksums(_ bytes: [UInt8]) -> [UInt8] {
        if Packing.isGzip(bytes),
            let inner = try? FileContents(bytes, name: "").unpacked(.gzip, limit: 1 << 20)
        {
            var changed = mutated(inner.bytes)
            if Self.isTar(inner.bytes) { Self.repairTarHeader(&changed, at: 0) }
            return packed(changed, .gzip, level: 1)
        }
        var changed = mutated(bytes)
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { Self.repairChunks(&changed) }
        if bytes.starts(with: [0x50, 0x4B]) { Self.repairEntries(&changed) }
        if Self.isTar(bytes) { Self.repairTarHeader(&changed, at: 0) }
        if Self.isEventFile(bytes) { Self.repairRecords(&changed) }
        return changed
    }

    /// Writes the right checksum of every stored entry into the directory of a zip file.
    private static func repairEntries(_ bytes: inout [UInt8]) {
        func number(_ place: Int, _ count: Int) -> Int {
            bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        var position = 0
        while position + 46 <= bytes.count {
            guard bytes[position...].starts(with: [0x50, 0x4B, 1, 2]) else {
                position += 1
                continue
            }
            let (size, place) = (number(position + 20, 4), number(position + 42, 4))
            if place + 30 <= bytes.count {
                let start = place + 30 + number(place + 26, 2) + number(place + 28, 2)
                if start <= bytes.count, size <= bytes.count - start {
                    let checksum = cyclicRedundancyCheck(bytes[start..<start + size])
                    for index in 0..<4 {
                        bytes[position + 16 + index] = UInt8(
                            truncatingIfNeeded: checksum >> (8 * index))
                    }
                }
            }
            position += 46
        }
    }

    /// Writes the right checksum behind every chunk of a PNG.
    private static func repairChunks(_ bytes: inout [UInt8]) {
        var position = 8
        while position + 12 <= bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = position + 8 + length
            guard end + 4 <= bytes.count else { return }
            let checksum = cyclicRedundancyCheck(bytes[position + 4..<end])
            for index in 0..<4 {
                bytes[end + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index))
            }
            position = end + 4
        }
    }

    private static func isEventFile(_ bytes: [UInt8]) -> Bool {
        let mark = Array("brain.Event".utf8)
        return bytes.count > 64
            && (0..<40).contains { bytes[$0..<$0 + mark.count].elementsEqual(mark) }
    }

    /// Writes the right checksums of every record of an event file.
    private static func repairRecords(_ bytes: inout [UInt8]) {
        func write(_ sum: UInt32, at place: Int) {
            for index in 0..<4 {
                bytes[place + index] = UInt8(truncatingIfNeeded: sum >> (8 * index))
            }
        }
        var position = 0
        while position + 16 <= bytes.count {
            let head = bytes[position..<position + 8]
            write(maskedChecksum(head), at: position + 8)
            let length = head.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard length <= UInt64(bytes.count - position - 16) else { return }
            let end = position + 12 + Int(length)
            write(maskedChecksum(bytes[position + 12..<end]), at: end)
            position = end + 4
        }
    }

    private static func isTar(_ bytes: [UInt8]) -> Bool {
        bytes.count > 262 && bytes[257..<262].elementsEqual("ustar".utf8)
    }

    /// Writes the right sum into the header of a tar archive that begins at `offset`.
    public static func repairTarHeader(_ bytes: inout [UInt8], at offset: Int) {
        guard bytes.count >= offset + 512 else { return }
        bytes.replaceSubrange(offset + 148..<offset + 156, with: Array("        ".utf8))
        let sum = bytes[offset..<offset + 512].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        let field = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "\0 "
        bytes.replaceSubrange(offset + 148..<offset + 156, with: Array(field.utf8))
    }
}
