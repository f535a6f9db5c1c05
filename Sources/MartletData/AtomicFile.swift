import Foundation
import MartletFormats

/// Writes whole files so that a reader sees the old contents or the new, never a part.
public enum AtomicFile {
    /// Writes `bytes` to a temporary file in the same folder, waits until the disk has them, then
    /// renames the file to `url`.
    ///
    /// - Creates: the folder, with those above it, when it is not there.
    /// - Errors: `DataError` of kind `unwritable`; an older file then stays as it was.
    public static func write(_ bytes: [UInt8], to url: URL) throws(DataError) {
        do {
            try WholeFile.write([bytes], to: url)
        } catch {
            throw DataError(
                .unwritable, file: url.path, expected: error.expected, found: error.found)
        }
    }
}
