/// Reads little-endian numbers from bytes in order; every step is checked against the end.
struct ByteReader {
    private let bytes: [UInt8]
    /// The file the bytes come from, for messages.
    let file: String
    /// The next byte to read.
    var position: Int

    init(_ bytes: [UInt8], file: String, at position: Int = 0) {
        (self.bytes, self.file, self.position) = (bytes, file, position)
    }

    /// The number of bytes of the file.
    var count: Int { bytes.count }

    /// The next `length` bytes.
    mutating func take(_ length: Int) throws -> ArraySlice<UInt8> {
        guard length >= 0, position >= 0, position <= bytes.count,
            length <= bytes.count - position
        else {
            throw FixtureError(
                file, "ends too early", expected: "\(length) bytes", found: "\(bytes.count) in all",
                offset: position)
        }
        defer { position += length }
        return bytes[position..<position + length]
    }

    /// Leaves out the next `length` bytes.
    mutating func skip(_ length: Int) throws { _ = try take(length) }

    /// The next unsigned number of 2, 4 or 8 bytes; it must fit `Int`.
    mutating func integer(bytes length: Int) throws -> Int {
        let start = position
        let value = try take(length).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: value) else {
            throw FixtureError(file, "holds an impossible size", found: "\(value)", offset: start)
        }
        return number
    }

    /// Reads a 4-byte mark and says what was expected when it is another.
    mutating func expect(_ mark: UInt32, _ what: String) throws {
        let start = position
        let found = try integer(bytes: 4)
        guard found == Int(mark) else {
            throw FixtureError(
                file, "is damaged", expected: what, found: "mark \(String(found, radix: 16))",
                offset: start)
        }
    }

    /// True when the 4-byte mark stands at `offset`.
    func holds(_ mark: UInt32, at offset: Int) -> Bool {
        guard offset >= 0, offset + 4 <= bytes.count else { return false }
        var copy = self
        copy.position = offset
        return (try? copy.integer(bytes: 4)) == Int(mark)
    }
}

/// The CRC-32 that zip files use (polynomial 0xEDB88320, reflected).
func cyclicRedundancyCheck(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { value, byte in
        value >> 8 ^ checkTable[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
    }
}

private let checkTable: [UInt32] = (UInt32(0)..<256).map { index in
    (0..<8).reduce(index) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
}
