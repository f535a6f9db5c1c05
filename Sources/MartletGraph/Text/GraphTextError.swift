/// Where and why text is no graph.
public struct GraphTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line at fault, counted from 1.
    public var line: Int
    /// What would be right there.
    public var expected: String
    /// What stands there, shortened when it is long.
    public var found: String

    /// Collects the parts of the message.
    public init(line: Int, expected: String, found: String) {
        (self.line, self.expected, self.found) = (line, expected, found)
    }

    /// The message in one line, `line 3: expected …, found …`.
    public var description: String { "line \(line): expected \(expected), found \(found)" }
}
