import Foundation

/// What is wrong with a checkpoint, or between it and the trainer that it is for.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sort of trouble.
    public struct Kind: Hashable, Sendable {
        let name: String

        /// The file is not there, or cannot be read.
        public static let missing = Kind(name: "missing")
        /// The file was cut short, changed, or is something else.
        public static let damaged = Kind(name: "damaged")
        /// A newer Martlet wrote the file.
        public static let newer = Kind(name: "newer")
        /// The checkpoint is for another model, optimizer or data set.
        public static let mismatched = Kind(name: "mismatched")
        /// The checkpoint could not be written.
        public static let unwritable = Kind(name: "unwritable")
    }

    /// The sort of trouble.
    public var kind: Kind
    /// The path of the file, `nil` when there is none.
    public var file: String?
    /// What is wrong, as a clause.
    public var problem: String
    /// Every difference, or what else is known, one a line.
    public var details: [String]
    /// What the reader can do; may be empty.
    public var fix: String

    /// Collects the parts of the message.
    public init(
        _ kind: Kind, file: String?, _ problem: String, _ details: [String] = [], fix: String = ""
    ) {
        (self.kind, self.file, self.problem) = (kind, file, problem)
        (self.details, self.fix) = (details, fix)
    }

    /// The message in lines.
    public var description: String {
        var lines = [file.map { "\($0): \(problem)" } ?? problem]
        lines += details.map { "  \($0)" }
        if !fix.isEmpty { lines.append("  fix        \(fix)") }
        return lines.joined(separator: "\n")
    }
}
