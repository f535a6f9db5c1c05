import Foundation

/// A folder of checkpoints by step, and the best one.
///
///     step-00001875.martlet  step-00003750.martlet  best.martlet
///
/// Checkpoints of later steps than those at which a run begins get the ending `.old`.
public struct CheckpointFolder: Hashable, Sendable {
    /// A checkpoint that can be used.
    public struct Found: Sendable {
        /// The file.
        public var url: URL
        /// Its contents.
        public var checkpoint: Checkpoint
        /// Newer files that are damaged.
        public var damaged: [CheckpointError]
    }

    /// The folder; it is made with the first checkpoint.
    public let url: URL

    /// Names a folder.
    public init(_ url: URL) { self.url = url }

    /// The file of the checkpoint after so many steps.
    public func file(totalSteps: Int) -> URL {
        let digits = String(totalSteps)
        let zeros = String(repeating: "0", count: max(0, 8 - digits.count))
        return url.appendingPathComponent("step-\(zeros)\(digits).martlet")
    }

    /// The file of the best checkpoint.
    public var best: URL { url.appendingPathComponent("best.martlet") }

    /// The checkpoints by step, the newest first; without the best one.
    public var files: [(totalSteps: Int, url: URL)] {
        names.compactMap { name in
            guard name.hasPrefix("step-"), name.hasSuffix(".martlet"),
                let steps = Int(name.dropFirst(5).dropLast(8))
            else { return nil }
            return (steps, url.appendingPathComponent(name))
        }
        .sorted { $0.totalSteps > $1.totalSteps }
    }

    /// Reads the newest checkpoint that is whole; the best one where no other is.
    ///
    /// - Returns: `nil` when there is no checkpoint at all.
    /// - Throws: `CheckpointError` when all are damaged, or when one is from a newer version.
    public func newestGood() throws(CheckpointError) -> Found? {
        var damaged: [CheckpointError] = []
        var places = files.map(\.url)
        if names.contains(best.lastPathComponent) { places.append(best) }
        for place in places {
            do {
                return Found(
                    url: place, checkpoint: try Checkpoint(contentsOf: place), damaged: damaged)
            } catch {
                guard error.kind == .damaged else { throw error }
                damaged.append(error)
            }
        }
        guard !damaged.isEmpty else { return nil }
        throw CheckpointError(
            .damaged, file: url.path, "holds no checkpoint that is whole",
            damaged.map { $0.description.split(separator: "\n").joined(separator: " ") },
            fix: "remove the folder to begin anew")
    }

    /// Removes all but the newest `count` checkpoints up to the step that was just written.
    ///
    /// Those of later steps belong to another run, and the best one stays.
    func prune(keeping count: Int, upTo totalSteps: Int) {
        for (_, file) in files.filter({ $0.totalSteps <= totalSteps }).dropFirst(count) {
            try? FileManager.default.removeItem(at: file)
        }
    }

    /// Renames the checkpoints of later steps, `step-00003750.martlet.old`, and before the first step
    /// also the best one.
    ///
    /// They are damaged, or of a run that this one does not go on from.
    func setAside(after totalSteps: Int) throws(CheckpointError) {
        let isNew = totalSteps == 0 && names.contains(best.lastPathComponent)
        for file in files.filter({ $0.totalSteps > totalSteps }).map(\.url) + (isNew ? [best] : [])
        {
            guard rename(file.path, file.path + ".old") != 0 else { continue }
            throw CheckpointError(
                .unwritable, file: file.path, "cannot be renamed",
                [String(cString: strerror(errno))], fix: "remove it, or choose another folder")
        }
    }

    /// Removes parts of files that a process left behind which was killed while it wrote them.
    func removeLeftovers() {
        for name in names where name.hasPrefix(".") && name.contains(".martlet.") {
            try? FileManager.default.removeItem(at: url.appendingPathComponent(name))
        }
    }

    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    }
}
