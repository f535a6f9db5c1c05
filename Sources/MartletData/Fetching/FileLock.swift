import Foundation

/// Holds a folder for one process at a time, by a lock on a file in it.
///
/// The system takes the lock away when the process ends, so no lock outlives its owner.
final class FileLock {
    private let descriptor: Int32

    /// Why a lock was not had.
    enum Failure: Error {
        case unwritable(String)
        case cancelled
    }

    /// Waits until the lock of `folder` is free; `onWait` is called once before waiting.
    init(
        _ folder: URL, poll: Double, isCancelled: () -> Bool, onWait: () -> Void
    ) throws(Failure) {
        let path = folder.appendingPathComponent(".lock").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(String(cString: strerror(errno))) }
        var hasWaited = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            guard code == EWOULDBLOCK || code == EINTR else {
                close(descriptor)
                throw .unwritable(String(cString: strerror(code)))
            }
            if !hasWaited { onWait() }
            hasWaited = true
            if isCancelled() {
                close(descriptor)
                throw .cancelled
            }
            Thread.sleep(forTimeInterval: poll)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
