import Foundation

/// A download that is not complete yet, and the note that says where it came from.
///
/// Both are hidden files beside the target. Bytes are only ever added to those of the same address,
/// and only when the server confirms by its entity tag or date that the file is still the same.
struct PartFile {
    let target: URL

    /// The bytes so far.
    var url: URL { hidden("part") }

    private var noteURL: URL { hidden("part.json") }

    private struct Note: Codable {
        var address: String
        var validator: String
    }

    private func hidden(_ ending: String) -> URL {
        target.deletingLastPathComponent()
            .appendingPathComponent(".\(target.lastPathComponent).\(ending)")
    }

    /// The number of bytes so far.
    var byteCount: Int {
        var status = stat()
        return stat(url.path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// What the server said identifies the file, when the bytes so far came from `address`.
    func validator(for address: String) -> String? {
        guard byteCount > 0, let data = try? Data(contentsOf: noteURL),
            let note = try? JSONDecoder().decode(Note.self, from: data), note.address == address
        else { return nil }
        return note.validator
    }

    /// Notes where the bytes that follow come from; without a validator they cannot be continued.
    func note(address: String, validator: String?) throws {
        guard let validator else {
            try? FileManager.default.removeItem(at: noteURL)
            return
        }
        let data = try JSONEncoder().encode(Note(address: address, validator: validator))
        try data.write(to: noteURL, options: .atomic)
    }

    /// Removes everything.
    func discard() {
        try? FileManager.default.removeItem(at: url)
        try? FileManager.default.removeItem(at: noteURL)
    }

    /// Gives the finished file its name.
    func finish() throws(DataError) {
        let descriptor = open(url.path, O_RDWR | O_CLOEXEC)
        let isSafe = descriptor >= 0 && fsync(descriptor) == 0
        if descriptor >= 0 { close(descriptor) }
        guard isSafe, rename(url.path, target.path) == 0 else {
            throw DataError(
                .unwritable, file: target.path, expected: "a place that can be written",
                found: String(cString: strerror(errno)))
        }
        try? FileManager.default.removeItem(at: noteURL)
    }
}
