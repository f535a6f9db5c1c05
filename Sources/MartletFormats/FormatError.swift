/// What is wrong with a file, where in it, and what to do.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sort of trouble.
    public struct Kind: Hashable, Sendable {
        let name: String

        /// The file is not there or cannot be read.
        public static let missing = Kind(name: "missing")
        /// The contents break the rules of the format.
        public static let malformed = Kind(name: "malformed")
        /// The file is of no format that is read at this place.
        public static let unrecognized = Kind(name: "unrecognized")
        /// The contents are legal, but of a kind that is not read here.
        public static let unsupported = Kind(name: "unsupported")
        /// The contents claim or need more memory than allowed.
        public static let tooLarge = Kind(name: "too large")
        /// The contents would run code in a careless reader.
        public static let forbidden = Kind(name: "forbidden")
        /// The file could not be written.
        public static let unwritable = Kind(name: "unwritable")
    }

    /// The sort of trouble.
    public var kind: Kind
    /// The path of the file, or the name it was given.
    public var file: String
    /// The distance of the trouble from the start of the file in bytes, if it has one.
    ///
    /// Inside compressed contents it counts unpacked bytes; `place` says so then.
    public var offset: Int?
    /// Where in the file, in words: an array, a record, a row; may be empty.
    public var place: String
    /// What would be right.
    public var expected: String
    /// What is there instead.
    public var found: String
    /// What the reader can do; may be empty.
    public var fix: String

    /// Collects the parts of the message.
    public init(
        _ kind: Kind, file: String, offset: Int? = nil, place: String = "", expected: String,
        found: String, fix: String = ""
    ) {
        (self.kind, self.file, self.offset, self.place) = (kind, file, offset, place)
        (self.expected, self.found, self.fix) = (expected, found, fix)
    }

    /// The message in lines; empty parts are left out.
    public var description: String {
        var lines = [headline]
        let byte = offset.map { "byte \($0)" }
        let position = [place, byte ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
        if !position.isEmpty { lines.append("  place      \(position)") }
        lines.append("  expected   \(expected)")
        lines.append("  found      \(found)")
        if !fix.isEmpty { lines.append("  fix        \(fix)") }
        return lines.joined(separator: "\n")
    }

    private var headline: String {
        switch kind {
        case .missing: "cannot read \(file)"
        case .unwritable: "cannot write \(file)"
        case .unrecognized: "\(file) has none of the formats that are read here"
        case .unsupported: "\(file) holds something that is not read here"
        case .tooLarge: "\(file) is too large"
        case .forbidden: "\(file) asks to run code; nothing was run"
        default: "\(file) is damaged or has another format"
        }
    }
}
