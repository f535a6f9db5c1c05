/// Why an operation cannot take its operands.
public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operation with its operands' types and settings, `matmul(f32[4,5], f32[6,7])`.
    public var operation: String
    /// What would be right.
    public var expected: String
    /// What came instead.
    public var received: String
    /// What the reader can do; may be empty.
    public var fix: String

    /// Collects the four lines of the message.
    public init(operation: String, expected: String, received: String, fix: String = "") {
        (self.operation, self.expected) = (operation, expected)
        (self.received, self.fix) = (received, fix)
    }

    /// The message in lines, as every part of Martlet prints it.
    public var description: String {
        var lines = [
            "operation  \(operation)", "expected   \(expected)", "received   \(received)",
        ]
        if !fix.isEmpty { lines.append("fix        \(fix)") }
        return lines.joined(separator: "\n")
    }
}
