import Foundation
import MartletData

/// Keeps a second process out of the folder of a run, as long as it lives.
final class RunLock {
    private let descriptor: Int32

    /// Takes the folder.
    ///
    /// File systems that know no locks let everybody in.
    /// - Throws: `DataError` when another process has it.
    init(_ folder: RunFolder) throws(DataError) {
        descriptor = open(folder.url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK
        else { return }
        throw DataError(
            .unwritable, file: folder.url.path, expected: "a run that is not going on",
            found: "one that another process trains now", fix: "let that one end, or stop it")
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
