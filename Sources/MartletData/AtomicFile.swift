import Foundation

/// Writes whole files so that a reader sees the old contents or the new, never a part.
public enum AtomicFile {
    /// Writes `bytes` to a temporary file in the same folder, then renames it to `url`.
    ///
    /// - Creates: the folder, with those above it, when it is not there.
    /// - Errors: `DataError` of kind `unwritable`; an older file then stays as it was.
    public static func write(_ bytes: [UInt8], to url: URL) throws(DataError) {
        let folder = url.deletingLastPathComponent()
        let name = ".\(url.lastPathComponent).\(UUID().uuidString)"
        let temporary = folder.appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: temporary)
            if rename(temporary.path, url.path) != 0 {
                throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
            }
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw DataError(
                .unwritable, file: url.path, expected: "a place that can be written",
                found: error.localizedDescription)
        }
    }
}
