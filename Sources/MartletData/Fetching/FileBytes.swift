import Foundation
import MartletFormats

/// The size of a file, its first bytes and its last four.
struct FileEdges {
    let byteCount: Int
    let opening: [UInt8]
    let ending: [UInt8]

    /// Reads the edges of an ordinary file.
    init(_ url: URL) throws(FormatError) {
        let descriptor = try FileBytes.open(url)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileBytes.failure(url) }
        byteCount = Int(status.st_size)
        opening = FileBytes.bytes(descriptor, at: 0, count: 32)
        ending = FileBytes.bytes(descriptor, at: max(0, byteCount - 4), count: 4)
    }
}

/// Reads files that are too large to lie in memory.
enum FileBytes {
    /// The checksum of a whole file.
    static func checksum(of url: URL, _ kind: Checksum.Kind) throws(FormatError) -> Checksum {
        let descriptor = try open(url)
        defer { close(descriptor) }
        var stream = ChecksumStream(kind)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(url) }
            if count == 0 { return stream.finish() }
            stream.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Opens an ordinary file; a pipe that nobody writes to must not hold the reader for ever.
    fileprivate static func open(_ url: URL) throws(FormatError) -> Int32 {
        let descriptor = Foundation.open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(url) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FormatError(
                .missing, file: url.path, expected: "an ordinary file",
                found: "a folder, a pipe or a device")
        }
        return descriptor
    }

    fileprivate static func bytes(_ descriptor: Int32, at offset: Int, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = bytes.withUnsafeMutableBytes {
            pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
        }
        return Array(bytes.prefix(max(0, found)))
    }

    fileprivate static func failure(_ url: URL) -> FormatError {
        FormatError(
            .missing, file: url.path, expected: "a file that can be read",
            found: String(cString: strerror(errno)))
    }
}
