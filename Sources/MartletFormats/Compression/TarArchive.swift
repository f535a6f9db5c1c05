import Foundation

/// The files in a tar archive, plain or packed by gzip, read from front to back.
///
/// Names are only names: nothing is ever written, so a name such as `../../x` does no harm. A tar
/// archive has no directory, so each call reads it from its start; contents that nobody asked for
/// never lie in memory.
///
/// - Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block"; GNU tar manual,
///   "Basic Tar Format" (long names, sizes in base 256).
public struct TarArchive: Sendable {
    /// A file in the archive; folders, links and devices are left out.
    public struct Entry: Hashable, Sendable {
        /// The name as it stands in the archive.
        public var name: String
        /// The size of its contents in bytes.
        public var size: Int
    }

    /// The file that the archive is.
    public let file: FileContents
    /// The most bytes that the archive may unpack to.
    public let limit: Int

    /// Wraps an archive in memory, of which at most `limit` unpacked bytes are ever read.
    public init(_ file: FileContents, limit: Int = 4 << 30) {
        (self.file, self.limit) = (file, limit)
    }

    /// Reads the file at `url` into memory, packed as it is.
    ///
    /// - Throws: `FormatError` when it cannot be read.
    public init(contentsOf url: URL, limit: Int = 4 << 30) throws(FormatError) {
        self.init(try FileContents(contentsOf: url), limit: limit)
    }

    /// All files of the archive in their order.
    ///
    /// - Throws: `FormatError` when the archive is damaged, is cut short or is larger than `limit`.
    public func entries() throws(FormatError) -> [Entry] {
        var reader = try TarReader(file, limit: limit)
        var entries: [Entry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }

    /// The bytes of the files `names`, in the order of `names`; errors name `archive/name`.
    ///
    /// Reading stops when all of them were found. Of two files of one name the first counts.
    ///
    /// - Throws: `FormatError` when one of them is not there or has more than `limit` bytes, or the
    ///   archive is damaged before the last of them.
    public func contents(
        of names: [String], limit: Int = 1 << 30
    ) throws(FormatError) -> [FileContents] {
        var missing = Set(names)
        var found: [String: FileContents] = [:]
        var others: [String] = []
        var reader = try TarReader(file, limit: self.limit)
        while !missing.isEmpty, let entry = try reader.next() {
            guard missing.contains(entry.name) else {
                others.append(entry.name)
                continue
            }
            found[entry.name] = FileContents(
                try reader.contents(limit: limit), name: "\(file.name)/\(entry.name)")
            missing.remove(entry.name)
        }
        var result: [FileContents] = []
        for name in names {
            guard let contents = found[name] else {
                throw FormatError(
                    .malformed, file: file.name, expected: "a file named \(name)",
                    found: others.isEmpty ? "none" : "others: \(shortList(others))")
            }
            result.append(contents)
        }
        return result
    }
}
