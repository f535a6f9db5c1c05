import Foundation
import Synchronization

/// Writes files so that a reader sees the old contents or the new, never a part.
package enum WholeFile {
    /// Writes `pieces` one after the other to a temporary file in the same folder, waits until the
    /// disk has them, then renames the file to `url` and waits until the disk has the name.
    ///
    /// - Creates: the folder, with those above it, when it is not there.
    /// - Throws: `FormatError` of kind `unwritable`; an older file then stays as it was.
    package static func write(_ pieces: [[UInt8]], to url: URL) throws(FormatError) {
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw refusal(url, error.plainReason)
        }
        let temporary = folder.appendingPathComponent(
            ".\(start(of: url.lastPathComponent)).\(UUID().uuidString)"
        ).path
        var failure: Int32 = 0
        let descriptor = unfinished.withLock { unfinished in
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor < 0 { failure = errno } else { unfinished.insert(temporary) }
            return descriptor
        }
        guard failure == 0 else { throw refusal(url, String(cString: strerror(failure))) }
        for piece in pieces where failure == 0 { failure = append(piece, descriptor) }
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        failure = unfinished.withLock { unfinished in
            unfinished.remove(temporary)
            if failure == 0, rename(temporary, url.path) == 0 { return 0 }
            let reason = failure == 0 ? errno : failure
            unlink(temporary)
            return reason
        }
        guard failure == 0 else { throw refusal(url, String(cString: strerror(failure))) }
        waitForNames(in: folder)
    }

    /// As much of a name as leaves room for a number behind it; names have at most 255 bytes.
    private static func start(of name: String) -> Substring {
        var start = name.prefix(80)
        while start.utf8.count > 200 { start.removeLast() }
        return start
    }

    /// The temporary files that are being written; a file is made and renamed under the lock.
    private static let unfinished = Mutex<Set<String>>([])

    /// Removes all temporary files, then ends the process; from now on nothing is written any more.
    package static func abandon(then end: () -> Never) -> Never {
        unfinished.withLock { unfinished -> Never in
            for file in unfinished { unlink(file) }
            end()
        }
    }

    /// Waits until the disk has a folder's names; some file systems cannot, which is no error.
    private static func waitForNames(in folder: URL) {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    /// Writes all bytes of `piece`; returns 0 or the number of the error.
    private static func append(_ piece: [UInt8], _ descriptor: Int32) -> Int32 {
        piece.withUnsafeBytes { source in
            var position = 0
            while position < source.count, let base = source.baseAddress {
                let step = Foundation.write(
                    descriptor, base + position, min(source.count - position, 1 << 30))
                if step < 0, errno == EINTR { continue }
                if step <= 0 { return step == 0 ? ENOSPC : errno }
                position += step
            }
            return 0
        }
    }

    private static func refusal(_ url: URL, _ found: String) -> FormatError {
        FormatError(
            .unwritable, file: url.path, expected: "a place that can be written", found: found)
    }
}
