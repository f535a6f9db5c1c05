import Foundation

/// Bytes that are read in parts: an open file, or memory.
final class ByteSource: Sendable {
    /// The path of the file, or what to call it in messages.
    let name: String
    /// The number of bytes there are.
    let count: Int
    private let memory: [UInt8]
    /// The open file; -1 when the bytes are in memory.
    private let descriptor: Int32

    init(_ file: FileContents) {
        (name, memory, count, descriptor) = (file.name, file.bytes, file.bytes.count, -1)
    }

    /// Opens an ordinary file; it stays open as long as this value lives.
    ///
    /// - Throws: `FormatError` when the file is missing, or is a folder, a pipe or a device.
    convenience init(contentsOf url: URL) throws(FormatError) { try self.init(path: url.path) }

    /// Opens the file at a path, as `init(contentsOf:)`.
    init(path: String) throws(FormatError) {
        // Without O_NONBLOCK a pipe that nobody writes to would hold the reader for ever.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FormatError(
                .missing, file: path, expected: "a file that can be read",
                found: String(cString: strerror(errno)), fix: Self.renaming(path))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FormatError(
                .missing, file: path, expected: "an ordinary file",
                found: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe or a device")
        }
        (name, memory, count, self.descriptor) = (path, [], Int(status.st_size), descriptor)
    }

    /// What to do with a name that is no text, in which � stands for the bytes that are not.
    private static func renaming(_ path: String) -> String {
        path.contains("\u{FFFD}") ? "rename it: the name is not valid UTF-8" : ""
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// A copy of the bytes in `range`, which must lie inside the source.
    ///
    /// - Throws: `FormatError` when the file gives fewer bytes than it had when it was opened.
    func bytes(_ range: Range<Int>) throws(FormatError) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "internal: past the end")
        if descriptor < 0 { return Array(memory[range]) }
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { target, filled in
            filled = 0
            while filled < range.count, let base = target.baseAddress {
                let wanted = min(range.count - filled, 1 << 30)
                let step = pread(
                    descriptor, base + filled, wanted, off_t(range.lowerBound + filled))
                if step < 0, errno == EINTR { continue }
                if step <= 0 { break }
                filled += step
            }
        }
        guard bytes.count == range.count else {
            throw FormatError(
                .missing, file: name, offset: range.lowerBound + bytes.count,
                expected: "\(count) bytes",
                found:
                    "\(range.lowerBound + bytes.count) bytes; the file changed or the disk failed")
        }
        return bytes
    }
}
