import CZlib

/// Unpacks deflated bytes piece by piece, so that nobody has to trust a size that a file claims.
///
/// - Source: RFC 1950 (zlib), RFC 1951 (deflate), RFC 1952 (gzip). The work is done by zlib.
final class InflateStream {
    private let file: FileContents
    private let packing: Packing
    /// Where in the packed bytes the next input lies, and where it ends.
    private var position: Int
    private let end: Int
    private let stream: UnsafeMutablePointer<z_stream>
    private var isFinished = false
    /// The number of unpacked bytes so far.
    private(set) var unpackedCount = 0

    /// Starts at the first byte of `range`; by default the whole file is packed.
    init(_ file: FileContents, _ packing: Packing, range: Range<Int>? = nil) throws(FormatError) {
        (self.file, self.packing) = (file, packing)
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? file.bytes.count
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let bits: Int32 =
            switch packing {
            case .gzip: 15 + 16
            case .zlib: 15
            case .deflate: -15
            }
        let status = inflateInit2_(stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw FormatError(
                .unsupported, file: file.name, expected: "a working zlib",
                found: "status \(status) from inflateInit2")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Fills `target` and returns how many bytes it got; fewer than asked for only at the end.
    ///
    /// At the end of the stream its checksums have been compared.
    func read(_ target: UnsafeMutableBufferPointer<UInt8>) throws(FormatError) -> Int {
        var filled = 0
        while filled < target.count, !isFinished {
            filled += try step(UnsafeMutableBufferPointer(rebasing: target[filled...]))
        }
        unpackedCount += filled
        return filled
    }

    /// Fails unless the stream ends exactly here.
    func expectEnd(_ what: String) throws(FormatError) {
        let spare = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1)
        defer { spare.deallocate() }
        guard try read(spare) == 0 else {
            throw FormatError(
                .malformed, file: file.name, offset: unpackedCount - 1, place: "unpacked contents",
                expected: "the end after \(what)", found: "more bytes")
        }
    }

    /// Where the packed bytes that were not used begin.
    var unusedInput: Int { position }

    private func step(_ target: UnsafeMutableBufferPointer<UInt8>) throws(FormatError) -> Int {
        let available = min(end - position, 1 << 30)
        let room = min(target.count, 1 << 30)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(room)
        let status = file.bytes.withUnsafeBufferPointer { source in
            stream.pointee.next_in = source.baseAddress.map {
                UnsafeMutablePointer(mutating: $0 + position)
            }
            stream.pointee.avail_in = UInt32(available)
            return inflate(stream, Z_NO_FLUSH)
        }
        position += available - Int(stream.pointee.avail_in)
        let written = room - Int(stream.pointee.avail_out)
        switch status {
        case Z_OK: break
        case Z_STREAM_END: try finishMember()
        case Z_BUF_ERROR where position < end: break
        case Z_BUF_ERROR:
            throw FormatError(
                .malformed, file: file.name, offset: position,
                expected: "more \(packing.rawValue) data",
                found: "the end after \(unpackedCount + written) unpacked bytes",
                fix: "the file was cut short; get it again")
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)"
            throw FormatError(
                .malformed, file: file.name, offset: position,
                expected: "an intact \(packing.rawValue) stream", found: reason,
                fix: "the file is damaged; get it again")
        }
        return written
    }

    /// After one gzip member another may follow, or nothing but zeros that fill up a block.
    private func finishMember() throws(FormatError) {
        isFinished = true
        guard packing == .gzip, position < end else { return }
        let rest = file.bytes[position..<end]
        if rest.starts(with: [0x1F, 0x8B]) {
            inflateReset(stream)
            isFinished = false
        } else if rest.contains(where: { $0 != 0 }) {
            throw FormatError(
                .malformed, file: file.name, offset: position,
                expected: "the end, or another gzip member", found: "\(rest.count) other bytes")
        }
    }
}
