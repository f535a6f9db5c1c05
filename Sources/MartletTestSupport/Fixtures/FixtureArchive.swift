import Foundation
import MartletGraph

/// The arrays of one `.npz` file by name (without `.npy`).
///
/// An `.npz` is a zip file of `.npy` files. Only stored (uncompressed) entries are read, which is
/// what `numpy.savez` writes; the 64-bit sizes it gives its entries are understood.
public struct FixtureArchive: Sendable {
    /// The path the archive was read from, for messages.
    public let file: String
    private let bytes: [UInt8]
    private let entries: [String: Entry]

    private struct Entry {
        var size: Int
        var headerOffset: Int
        var checksum: UInt32
    }

    /// Reads the whole file and its table of contents.
    ///
    /// - Throws: `FixtureError` when the file is absent or is not such a zip file.
    public init(contentsOf file: URL) throws {
        guard let data = try? Data(contentsOf: file) else {
            throw FixtureError(file.path, "cannot be read", expected: "an .npz file")
        }
        try self.init(bytes: [UInt8](data), file: file.path)
    }

    /// Reads the table of contents of an archive in memory; `file` is for messages.
    public init(bytes: [UInt8], file: String) throws {
        (self.bytes, self.file) = (bytes, file)
        entries = try Self.contents(ByteReader(bytes, file: file))
    }

    /// The names of all arrays, sorted.
    public var names: [String] { entries.keys.sorted() }

    /// True when there is an array of that name.
    public func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The array of that name; half-precision numbers come as `Float`.
    ///
    /// - Throws: `FixtureError` when it is absent, damaged, or of a kind the reader does not know.
    public func array(_ name: String) throws -> HostTensor {
        guard let entry = entries[name] else {
            throw FixtureError(file, "holds no array \(name)", found: "\(entries.count) others")
        }
        let path = "\(file)/\(name).npy"
        var reader = ByteReader(bytes, file: file, at: entry.headerOffset)
        try reader.expect(0x0403_4b50, "a local file header")
        try reader.skip(22)
        let nameLength = try reader.integer(bytes: 2)
        let extraLength = try reader.integer(bytes: 2)
        try reader.skip(nameLength + extraLength)
        let content = try reader.take(entry.size)
        let checksum = cyclicRedundancyCheck(content)
        guard checksum == entry.checksum else {
            throw FixtureError(
                path, "is damaged", expected: "checksum \(entry.checksum)", found: "\(checksum)")
        }
        return try readNumpyArray(Array(content), file: path)
    }

    private static func contents(_ start: ByteReader) throws -> [String: Entry] {
        var reader = start
        var (count, offset) = try endOfDirectory(&reader)
        var entries: [String: Entry] = [:]
        reader.position = offset
        while count > 0 {
            try reader.expect(0x0201_4b50, "an entry of the zip directory")
            offset = reader.position
            try reader.skip(6)
            let method = try reader.integer(bytes: 2)
            try reader.skip(4)
            let checksum = UInt32(try reader.integer(bytes: 4))
            let packedSize = try reader.integer(bytes: 4)
            var entry = Entry(
                size: try reader.integer(bytes: 4), headerOffset: 0, checksum: checksum)
            let nameLength = try reader.integer(bytes: 2)
            let extraLength = try reader.integer(bytes: 2)
            let commentLength = try reader.integer(bytes: 2)
            try reader.skip(8)
            entry.headerOffset = try reader.integer(bytes: 4)
            let name = String(decoding: try reader.take(nameLength), as: UTF8.self)
            let extraEnd = reader.position + extraLength
            while reader.position + 4 <= extraEnd {
                let kind = try reader.integer(bytes: 2)
                let next = try reader.integer(bytes: 2) + reader.position
                if kind == 1 {
                    // The 64-bit values of those fields that are all ones, in this order.
                    if entry.size == 0xffff_ffff { entry.size = try reader.integer(bytes: 8) }
                    if packedSize == 0xffff_ffff { try reader.skip(8) }
                    if entry.headerOffset == 0xffff_ffff {
                        entry.headerOffset = try reader.integer(bytes: 8)
                    }
                }
                reader.position = next
            }
            reader.position = extraEnd
            try reader.skip(commentLength)
            guard method == 0 else {
                throw FixtureError(
                    "\(reader.file)/\(name)", "is compressed", expected: "method 0 (stored)",
                    found: "method \(method)", offset: offset)
            }
            entries[name.hasSuffix(".npy") ? String(name.dropLast(4)) : name] = entry
            count -= 1
        }
        return entries
    }

    /// Finds the end-of-directory record: the number of entries and where the first one starts.
    private static func endOfDirectory(
        _ reader: inout ByteReader
    ) throws -> (count: Int, offset: Int) {
        var end = reader.count - 22
        let lowest = max(0, end - 0xffff)
        while end >= lowest, !reader.holds(0x0605_4b50, at: end) { end -= 1 }
        guard end >= lowest, end >= 0 else {
            throw FixtureError(
                reader.file, "is not a zip file", expected: "an end-of-directory record",
                found: "\(reader.count) bytes without one")
        }
        reader.position = end + 10
        let count = try reader.integer(bytes: 2)
        try reader.skip(4)
        let offset = try reader.integer(bytes: 4)
        guard count < 0xffff, offset < 0xffff_ffff else {
            throw FixtureError(reader.file, "is a larger zip file than this reader takes")
        }
        return (count, offset)
    }
}
