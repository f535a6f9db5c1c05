import Foundation

/// The bytes of a file together with its name, which every error message repeats.
public struct FileContents: Sendable {
    /// The path of the file, or what to call it in messages.
    public let name: String
    /// All of its bytes.
    public let bytes: [UInt8]

    /// Wraps bytes that are in memory already.
    public init(_ bytes: [UInt8], name: String) {
        (self.name, self.bytes) = (name, bytes)
    }

    /// Reads a whole file.
    ///
    /// - Throws: `FormatError` when the file is missing, is a folder, a pipe or a device, or holds
    ///   more than `limit` bytes.
    public init(contentsOf url: URL, limit: Int = 4 << 30) throws(FormatError) {
        try self.init(path: url.path, limit: limit)
    }

    /// Reads a whole file without the detour over a URL, for folders of many small files.
    package init(path: String, limit: Int = 4 << 30) throws(FormatError) {
        let source = try ByteSource(path: path)
        guard source.count <= limit else {
            throw FormatError(
                .tooLarge, file: source.name, expected: "at most \(limit) bytes",
                found: "\(source.count) bytes")
        }
        self.init(try source.bytes(0..<source.count), name: source.name)
    }
}

/// A part of a file in memory.
struct FilePart: Sendable {
    var file: FileContents
    var range: Range<Int>
}
