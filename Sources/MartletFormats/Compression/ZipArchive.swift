import Foundation

/// The entries of a zip file, each unpacked into memory when it is asked for.
///
/// Names are only names: nothing is ever written, so a name such as `../../x` does no harm.
/// Stored and deflated entries are read, with 32-bit or 64-bit sizes, and every CRC-32 is compared.
///
/// - Source: APPNOTE.TXT, the zip file format specification of PKWARE, sections 4.3 to 4.5.
public struct ZipArchive: Sendable {
    /// What the directory at the end of the file says about one entry.
    public struct Entry: Hashable, Sendable {
        /// The name as it stands in the file.
        public var name: String
        /// 0 for stored bytes, 8 for deflated ones.
        public var method: Int
        /// The size in the file.
        public var packedSize: Int
        /// The size when unpacked.
        public var size: Int
        var checksum: UInt32
        var headerOffset: Int
        var isEncrypted: Bool
    }

    /// The file that the archive is.
    public let file: FileContents
    /// All entries in the order of the directory.
    public let entries: [Entry]

    /// Reads the directory of the file at `url`.
    public init(contentsOf url: URL) throws(FormatError) {
        try self.init(FileContents(contentsOf: url))
    }

    /// Reads the directory of a zip file in memory.
    ///
    /// - Throws: `FormatError` when there is none, it is damaged, or two entries have one name.
    public init(_ file: FileContents) throws(FormatError) {
        self.file = file
        entries = try ZipDirectory.read(file)
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.name).inserted {
            throw FormatError(
                .malformed, file: file.name, place: entry.name,
                expected: "every name once", found: "two entries of that name")
        }
    }

    /// The entry of that name, if there is one.
    public func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    /// The bytes of the entry `name`, at most `limit` of them; errors name `file/name`.
    ///
    /// - Throws: `FormatError` when there is no such entry, it is damaged, is packed in a way that is
    ///   not read here, or is larger than `limit`.
    public func contents(
        _ name: String, limit: Int = 4 << 30
    ) throws(FormatError) -> FileContents {
        guard let entry = entry(name) else {
            throw FormatError(
                .malformed, file: file.name, expected: "an entry named \(name)",
                found: "\(entries.count) others: \(shortList(entries.map(\.name)))")
        }
        return try contents(entry, limit: limit)
    }

    /// The bytes of one entry of this archive, at most `limit` of them.
    public func contents(
        _ entry: Entry, limit: Int = 4 << 30
    ) throws(FormatError) -> FileContents {
        guard entry.size <= limit else {
            throw FormatError(
                .tooLarge, file: file.name, place: entry.name,
                expected: "at most \(limit) bytes", found: "\(entry.size) bytes")
        }
        let bytes = try unpack(entry, try packedRange(entry))
        try compare(cyclicRedundancyCheck(bytes[...]), with: entry)
        return FileContents(bytes, name: "\(file.name)/\(entry.name)")
    }

    /// Where the unpacked bytes of an entry lie, their checksum compared: in this file if it is
    /// stored, else in memory of their own.
    func part(_ entry: Entry) throws(FormatError) -> FilePart {
        if entry.method == 0, !entry.isEncrypted, entry.size == entry.packedSize {
            let range = try packedRange(entry)
            try compare(cyclicRedundancyCheck(file.bytes[range]), with: entry)
            return FilePart(file: file, range: range)
        }
        let contents = try contents(entry)
        return FilePart(file: contents, range: 0..<contents.bytes.count)
    }

    private func compare(_ checksum: UInt32, with entry: Entry) throws(FormatError) {
        guard checksum == entry.checksum else {
            throw FormatError(
                .malformed, file: file.name, offset: entry.headerOffset, place: entry.name,
                expected: "checksum \(hexadecimal(UInt64(entry.checksum), digits: 8))",
                found: hexadecimal(UInt64(checksum), digits: 8),
                fix: "the file is damaged; get it again")
        }
    }

    /// Where the packed bytes lie, from the entry's own header.
    private func packedRange(_ entry: Entry) throws(FormatError) -> Range<Int> {
        var cursor = ByteCursor(file, at: entry.headerOffset)
        let mark = try cursor.littleEndian(4, "the header of \(entry.name)")
        guard mark == 0x0403_4B50 else {
            throw FormatError(
                .malformed, file: file.name, offset: entry.headerOffset, place: entry.name,
                expected: "a header of an entry", found: "mark \(hexadecimal(mark, digits: 8))")
        }
        _ = try cursor.take(22, "the header of \(entry.name)")
        let nameLength = try cursor.size(2, "the length of a name")
        let extraLength = try cursor.size(2, "the length of extra fields")
        let name = try cursor.take(nameLength, "the name of an entry")
        guard String(decoding: file.bytes[name], as: UTF8.self) == entry.name else {
            throw FormatError(
                .malformed, file: file.name, offset: name.lowerBound, place: entry.name,
                expected: "the name that the directory gives",
                found: String(decoding: file.bytes[name].prefix(60), as: UTF8.self))
        }
        _ = try cursor.take(extraLength, "the extra fields of \(entry.name)")
        return try cursor.take(entry.packedSize, "the contents of \(entry.name)")
    }

    private func unpack(_ entry: Entry, _ range: Range<Int>) throws(FormatError) -> [UInt8] {
        func refused(
            _ kind: FormatError.Kind, _ expected: String, _ found: String
        ) -> FormatError {
            FormatError(
                kind, file: file.name, offset: range.lowerBound, place: entry.name,
                expected: expected, found: found)
        }
        if entry.isEncrypted { throw refused(.unsupported, "an open entry", "an encrypted one") }
        switch entry.method {
        case 0:
            guard entry.size == entry.packedSize else {
                throw refused(
                    .malformed, "\(entry.packedSize) bytes, as stored", "\(entry.size) claimed")
            }
            return Array(file.bytes[range])
        case 8:
            // A claim that no deflate stream can keep is refused before memory is taken for it.
            guard entry.size / Packing.largestRatio <= entry.packedSize else {
                throw refused(
                    .malformed, "at most \(Packing.largestRatio) times \(entry.packedSize) bytes",
                    "\(entry.size) claimed")
            }
            var bytes = [UInt8](repeating: 0, count: entry.size)
            let stream = try InflateStream(file, .deflate, range: range)
            let count = try bytes.withUnsafeMutableBufferPointer { (target) throws(FormatError) in
                try stream.read(target)
            }
            guard count == entry.size else {
                throw refused(.malformed, "\(entry.size) unpacked bytes", "\(count)")
            }
            try stream.expectEnd("\(entry.size) bytes of \(entry.name)")
            return bytes
        default:
            throw refused(
                .unsupported, "a stored or deflated entry", "compression method \(entry.method)")
        }
    }
}

/// The first names of a list, for messages.
func shortList(_ names: [String], most: Int = 8) -> String {
    let shown = names.prefix(most).map { $0.count > 60 ? $0.prefix(60) + "..." : $0 }
    return shown.joined(separator: ", ") + (names.count > most ? ", ..." : "")
}
