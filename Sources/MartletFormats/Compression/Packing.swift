import CZlib

/// The three wrappings of deflated bytes.
public enum Packing: String, Sendable {
    /// A file of `gzip`, with a CRC-32; several members one after the other are one file.
    case gzip
    /// The wrapping of PNG and of Python's `zlib`, with an Adler-32.
    case zlib
    /// Bare deflate without a checksum, as in zip files.
    case deflate

    /// No deflate stream unpacks to more than this many times its size.
    static let largestRatio = 1032

    /// True when the bytes begin as a gzip file does.
    public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.holds([0x1F, 0x8B]) }
}

extension FileContents {
    /// The bytes unpacked, at most `limit` of them.
    ///
    /// - Throws: `FormatError` when the stream is damaged, is cut short, has bytes behind its end
    ///   or unpacks to more than `limit` bytes; memory never exceeds twice `limit`.
    public func unpacked(_ packing: Packing, limit: Int) throws(FormatError) -> FileContents {
        let stream = try InflateStream(self, packing)
        var result = [UInt8](repeating: 0, count: min(limit, max(4096, bytes.count * 4)))
        var count = 0
        while true {
            let step = try result.withUnsafeMutableBufferPointer { (target) throws(FormatError) in
                try stream.read(UnsafeMutableBufferPointer(rebasing: target[count...]))
            }
            count += step
            if count < result.count { break }
            if count == limit {
                try refuseMore(stream, limit)
                break
            }
            result += [UInt8](repeating: 0, count: min(limit - count, count))
        }
        guard stream.unusedInput == bytes.count || packing == .gzip else {
            throw FormatError(
                .malformed, file: name, offset: stream.unusedInput, expected: "the end",
                found: "\(bytes.count - stream.unusedInput) more bytes")
        }
        result.removeLast(result.count - count)
        return FileContents(result, name: name)
    }

    /// The bytes unpacked when they are gzip, else the file as it is.
    public func unpackedIfGzip(limit: Int) throws(FormatError) -> FileContents {
        Packing.isGzip(bytes) ? try unpacked(.gzip, limit: limit) : self
    }

    private func refuseMore(_ stream: InflateStream, _ limit: Int) throws(FormatError) {
        do {
            try stream.expectEnd("\(limit) bytes")
        } catch let error where error.found == "more bytes" {
            throw FormatError(
                .tooLarge, file: name, offset: bytes.count,
                expected: "at most \(limit) unpacked bytes", found: "more",
                fix: "see whether this is the file that is meant; in Swift, limit: sets the limit")
        }
    }
}

/// The bytes deflated in one of the three wrappings.
///
/// - Parameter level: 0 (stored) to 9 (smallest).
public func packed(_ bytes: [UInt8], _ packing: Packing, level: Int = 6) -> [UInt8] {
    precondition((0...9).contains(level), "packed: level must be 0 to 9, got \(level)")
    var stream = z_stream()
    let bits: Int32 =
        switch packing {
        case .gzip: 15 + 16
        case .zlib: 15
        case .deflate: -15
        }
    let size = Int32(MemoryLayout<z_stream>.size)
    return withUnsafeMutablePointer(to: &stream) { stream in
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        precondition(status == Z_OK, "internal: deflateInit2 gave status \(status)")
        defer { deflateEnd(stream) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        bytes.withUnsafeBufferPointer { source in
            var position = 0
            var status = Z_OK
            while status != Z_STREAM_END {
                let available = min(source.count - position, 1 << 30)
                stream.pointee.next_in = source.baseAddress.map {
                    UnsafeMutablePointer(mutating: $0 + position)
                }
                stream.pointee.avail_in = UInt32(available)
                let isLast = position + available == source.count
                let written = chunk.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = UInt32(target.count)
                    status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    return target.count - Int(stream.pointee.avail_out)
                }
                position += available - Int(stream.pointee.avail_in)
                result += chunk[..<written]
            }
        }
        return result
    }
}

/// The CRC-32 of zip, gzip and PNG.
public func cyclicRedundancyCheck(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer {
        UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count))
    }
}
