/// The bytes of a tar archive in their order, unpacked on the way when they are packed.
final class TarSource {
    let file: FileContents
    private let stream: InflateStream?
    private let limit: Int
    /// The number of unpacked bytes that were read.
    private(set) var position = 0

    init(_ file: FileContents, limit: Int) throws(FormatError) {
        (self.file, self.limit) = (file, limit)
        stream = Packing.isGzip(file.bytes) ? try InflateStream(file, .gzip) : nil
    }

    /// The next block of 512 bytes; `nil` at the end of the file.
    func block() throws(FormatError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = try bytes.withUnsafeMutableBufferPointer { (target) throws(FormatError) in
            try fill(target)
        }
        if count == 0 { return nil }
        guard count == 512 else { throw cut("a header of 512 bytes", count) }
        return bytes
    }

    /// The next `count` bytes; `expect` has been asked whether they can be there.
    func read(_ count: Int, _ what: String) throws(FormatError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = try bytes.withUnsafeMutableBufferPointer { (target) throws(FormatError) in
            try fill(target)
        }
        guard found == count else { throw cut("\(count) bytes of \(what)", found) }
        return bytes
    }

    /// Passes over `count` bytes.
    func skip(_ count: Int, _ what: String) throws(FormatError) {
        guard count > 0 else { return }
        guard let stream else {
            guard count <= file.bytes.count - position else {
                throw cut("\(count) bytes of \(what)", file.bytes.count - position)
            }
            position += count
            return
        }
        let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
        defer { piece.deallocate() }
        var left = count
        while left > 0 {
            let part = UnsafeMutableBufferPointer(rebasing: piece[..<min(left, piece.count)])
            let found = try stream.read(part)
            position += found
            guard found == part.count else { throw cut("\(count) bytes of \(what)", count - left) }
            try checkLimit()
            left -= found
        }
    }

    /// Refuses a size that the rest of the file cannot hold, before memory is taken for it.
    func expect(_ count: Int, _ what: String) throws(FormatError) {
        let most =
            stream.map { (file.bytes.count - $0.unusedInput + 4096) * Packing.largestRatio }
            ?? file.bytes.count - position
        guard count <= most, count <= limit - min(position, limit) else {
            throw FormatError(
                .malformed, file: file.name, offset: position, place: what,
                expected: "at most \(max(0, min(most, limit - position))) bytes",
                found: "\(count) claimed")
        }
    }

    private func fill(_ target: UnsafeMutableBufferPointer<UInt8>) throws(FormatError) -> Int {
        var count = 0
        if let stream {
            count = try stream.read(target)
        } else {
            count = min(target.count, file.bytes.count - position)
            _ = target.update(fromContentsOf: file.bytes[position..<position + count])
        }
        position += count
        try checkLimit()
        return count
    }

    private func checkLimit() throws(FormatError) {
        guard position <= limit else {
            throw FormatError(
                .tooLarge, file: file.name, offset: position,
                expected: "at most \(limit) unpacked bytes", found: "more")
        }
    }

    private func cut(_ expected: String, _ found: Int) -> FormatError {
        FormatError(
            .malformed, file: file.name, offset: position, place: "unpacked contents",
            expected: expected, found: "\(found) bytes before the end",
            fix: "the file was cut short; get it again")
    }
}
