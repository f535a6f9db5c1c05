/// How wide addresses and lengths are in a file, and the reading of them.
struct HDF5Sizes: Hashable {
    var offset: Int
    var length: Int

    /// An address; `nil` for the one that stands for nothing.
    func address(
        _ cursor: inout ByteCursor, _ what: String
    ) throws(FormatError) -> Int? {
        let start = cursor.position
        let value = try cursor.littleEndian(offset, what)
        if value == (offset == 8 ? .max : 1 << (8 * UInt64(offset)) - 1) { return nil }
        guard value < UInt64(cursor.end) else {
            throw FormatError(
                .malformed, file: cursor.file.name, offset: start,
                expected: "the place of \(what) inside \(cursor.end) bytes", found: "byte \(value)")
        }
        return Int(value)
    }

    /// An address that must stand for something.
    func place(_ cursor: inout ByteCursor, _ what: String) throws(FormatError) -> Int {
        let start = cursor.position
        guard let address = try address(&cursor, what) else {
            throw FormatError(
                .malformed, file: cursor.file.name, offset: start,
                expected: "the place of \(what)", found: "none")
        }
        return address
    }

    func length(_ cursor: inout ByteCursor, _ what: String) throws(FormatError) -> Int {
        try cursor.size(length, what)
    }
}

/// The head of the file: which version, how wide numbers are, where the root group is.
enum HDF5Superblock {
    static let mark: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    static func read(_ file: FileContents) throws(FormatError) -> (HDF5Sizes, root: Int) {
        guard file.bytes.holds(mark) else {
            throw FormatError(
                .malformed, file: file.name, offset: 0, expected: "an HDF5 file",
                found: file.bytes.opening)
        }
        var cursor = ByteCursor(file, at: 8)
        let version = try cursor.byte("the version")
        guard [0, 2, 3].contains(version) else {
            throw FormatError(
                .unsupported, file: file.name, offset: 8, expected: "superblock 0, 2 or 3",
                found: "superblock \(version)")
        }
        if version == 0 { _ = try cursor.take(4, "versions") }
        let sizes = HDF5Sizes(
            offset: Int(try cursor.byte("the width of addresses")),
            length: Int(try cursor.byte("the width of lengths")))
        guard [4, 8].contains(sizes.offset), [4, 8].contains(sizes.length) else {
            throw FormatError(
                .unsupported, file: file.name, offset: cursor.position - 2,
                expected: "addresses and lengths of 4 or 8 bytes",
                found: "\(sizes.offset) and \(sizes.length)")
        }
        _ = try cursor.take(version == 0 ? 9 : 1, "the head of the file")
        let start = cursor.position
        guard try sizes.place(&cursor, "the base") == 0 else {
            throw FormatError(
                .unsupported, file: file.name, offset: start, expected: "base address 0",
                found: "a user block")
        }
        // Free space or the extension, then the end of the file.
        _ = try cursor.take(2 * sizes.offset, "addresses")
        if version == 0 { _ = try cursor.take(2 * sizes.offset, "addresses") }
        return (sizes, try sizes.place(&cursor, "the root group"))
    }
}
