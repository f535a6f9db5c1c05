import MartletCompiler
import MartletGraph

/// A mistake in a model or an expression: what was asked, what would be right, and where.
///
/// Mistakes travel with the expression as poisoned tensors; the error is thrown where the numbers
/// are read (`host()`, `item()`) or where the trace ends (`compile`, `TrainStep`).
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The function that the user called, `matmul`.
    public var function: String
    /// The operation that failed, with its operands' types and settings.
    public var operation: String
    /// The path of the module that was running, `block.conv2`; empty outside modules.
    public var path: String
    /// What would be right.
    public var expected: String
    /// What came instead.
    public var received: String
    /// What the reader can do; may be empty.
    public var fix: String
    /// The file name of the user's source line; empty when unknown.
    public var file: String
    /// The user's source line; 0 when unknown.
    public var line: Int

    /// Collects the parts of the message.
    public init(
        function: String, operation: String = "", path: String = "", expected: String,
        received: String, fix: String = "", file: String = "", line: Int = 0
    ) {
        (self.function, self.operation, self.path) = (function, operation, path)
        (self.expected, self.received, self.fix) = (expected, received, fix)
        (self.file, self.line) = (file, line)
    }

    /// The message in at most five lines.
    public var description: String {
        var head = function
        if !path.isEmpty { head += " at \(path)" }
        head += " cannot take these operands"
        if !file.isEmpty { head += ", at \(file):\(line)" }
        var lines = [head]
        if !operation.isEmpty { lines.append("  operation  \(operation)") }
        lines.append("  expected   \(expected)")
        lines.append("  received   \(received)")
        if !fix.isEmpty { lines.append("  fix        \(fix)") }
        return lines.joined(separator: "\n")
    }
}
