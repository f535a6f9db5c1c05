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
        let path = url.path
        // Without O_NONBLOCK a pipe that nobody writes to would hold the reader for ever.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FormatError(
                .missing, file: path, expected: "a file that can be read",
                found: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FormatError(
                .missing, file: path, expected: "an ordinary file",
                found: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe or a device")
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw FormatError(
                .tooLarge, file: path, expected: "at most \(limit) bytes", found: "\(size) bytes")
        }
        var contents = [UInt8](repeating: 0, count: size)
        let count = contents.withUnsafeMutableBytes { target in
            var position = 0
            while position < size, let base = target.baseAddress {
                let step = read(descriptor, base + position, min(size - position, 1 << 30))
                if step <= 0 { break }
                position += step
            }
            return position
        }
        guard count == size else {
            throw FormatError(
                .missing, file: path, offset: count, expected: "\(size) bytes",
                found: "\(count) bytes; the file changed or the disk failed")
        }
        self.init(contents, name: path)
    }
}
