import Foundation
import Synchronization

/// The files that this process has verified, so that the second part of a set is read at once.
enum VerifiedFiles {
    /// What changes when somebody writes to a file or puts another in its place.
    private struct Mark: Hashable {
        var file: PublishedFile
        var path: String
        var device, number, size, seconds, nanoseconds: Int

        init?(_ file: PublishedFile, _ url: URL) {
            var status = stat()
            guard stat(url.path, &status) == 0 else { return nil }
            #if canImport(Darwin)
                let change = status.st_ctimespec
            #else
                let change = status.st_ctim
            #endif
            (self.file, path) = (file, url.path)
            (device, number) = (
                Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino)
            )
            size = Int(status.st_size)
            (seconds, nanoseconds) = (change.tv_sec, change.tv_nsec)
        }
    }

    private static let known = Mutex<[Mark: FileReport]>([:])

    /// The verdict on a file, which is read only if it was not, or has changed since.
    static func report(_ check: FileCheck) -> FileReport {
        guard let mark = Mark(check.file, check.url) else { return check.full() }
        if let report = known.withLock({ $0[mark] }), report.dataset == check.dataset {
            return report
        }
        let report = check.full()
        if report.isUsable { known.withLock { $0[mark] = report } }
        return report
    }
}
