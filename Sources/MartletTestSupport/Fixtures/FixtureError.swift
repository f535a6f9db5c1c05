/// What is wrong with a fixture file, or with a test that asks for something it does not hold.
public struct FixtureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, or the array inside an archive (`conv2d.npz/k1.out.npy`).
    public var file: String
    public var problem: String
    public var expected: String
    public var found: String
    /// The byte in `file` where the mistake was seen, `nil` when there is no such place.
    public var offset: Int?

    /// Collects the parts of the message; empty ones are left out when it is printed.
    public init(
        _ file: String, _ problem: String, expected: String = "", found: String = "",
        offset: Int? = nil
    ) {
        (self.file, self.problem, self.expected) = (file, problem, expected)
        (self.found, self.offset) = (found, offset)
    }

    /// The message in lines.
    public var description: String {
        var lines = ["\(file): \(problem)"]
        if !expected.isEmpty { lines.append("  expected   \(expected)") }
        if !found.isEmpty { lines.append("  found      \(found)") }
        if let offset { lines.append("  offset     \(offset)") }
        return lines.joined(separator: "\n")
    }
}
