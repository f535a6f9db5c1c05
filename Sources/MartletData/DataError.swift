/// What is wrong with a file of data, where in it, and what to do.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sort of trouble; the command turns it into an exit code.
    public struct Kind: Hashable, Sendable {
        let name: String

        /// A file or folder is not there or cannot be read.
        public static let missing = Kind(name: "missing")
        /// The contents are not what the format asks for.
        public static let malformed = Kind(name: "malformed")
        /// The contents are whole, but not such as are wanted at this place.
        public static let unsuitable = Kind(name: "unsuitable")
        /// A file could not be written.
        public static let unwritable = Kind(name: "unwritable")
    }

    /// The sort of trouble.
    public var kind: Kind
    /// The path of the file.
    public var file: String
    /// Where in the file: a row, a field, a byte offset; empty for the file as a whole.
    public var place: String
    /// What would be right.
    public var expected: String
    /// What is there instead.
    public var found: String
    /// What the reader can do; may be empty.
    public var fix: String

    /// Collects the parts of the message.
    public init(
        _ kind: Kind, file: String, place: String = "", expected: String, found: String,
        fix: String = ""
    ) {
        (self.kind, self.file, self.place) = (kind, file, place)
        (self.expected, self.found, self.fix) = (expected, found, fix)
    }

    /// The message in lines; empty parts are left out.
    public var description: String {
        let headline =
            switch kind {
            case .missing: "cannot read \(file)"
            case .unsuitable: "\(file) cannot be used here"
            case .unwritable: "cannot write \(file)"
            default: "\(file) is damaged or has another format"
            }
        var lines = [headline]
        if !place.isEmpty { lines.append("  place      \(place)") }
        lines.append("  expected   \(expected)")
        lines.append("  found      \(found)")
        if !fix.isEmpty { lines.append("  fix        \(fix)") }
        return lines.joined(separator: "\n")
    }
}
