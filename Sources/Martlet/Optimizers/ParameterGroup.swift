/// Settings of its own for the parameters whose path fits a pattern.
///
///     AdamW().grouped([ParameterGroup("*.bias", weightDecay: 0), ParameterGroup("head.*", rate: 10)])
///
/// The first group that fits a parameter counts; a group that fits none is a mistake.
public struct ParameterGroup: Hashable, Sendable {
    /// A path in which `*` stands for any characters, also none: `*.bias`, `blocks.*.weight`.
    public let pattern: String
    /// What the learning rate is multiplied by.
    public let rate: Float
    /// The weight decay in place of the rule's.
    public let weightDecay: Float?

    /// Makes a group.
    ///
    /// - Precondition: the factor of the rate is not negative.
    public init(_ pattern: String, rate: Float = 1, weightDecay: Float? = nil) {
        precondition(rate >= 0, "ParameterGroup: the rate must not be negative, got \(rate)")
        (self.pattern, self.rate, self.weightDecay) = (pattern, rate, weightDecay)
    }

    /// Whether a parameter's path fits the pattern.
    public func contains(_ path: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, path.hasPrefix(first) else {
            return false
        }
        if parts.count == 1 { return path == pattern }
        var rest = path.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
