/// A number of an epoch that callbacks look at, and which of its values are better.
///
///     EarlyStopping(.smallest("val_loss"), patience: 5)
public enum Watch: Hashable, Sendable, Codable {
    /// Smaller is better: `loss`, `val_loss`.
    case smallest(String)
    /// Larger is better: `accuracy`, `val_accuracy`.
    case largest(String)

    /// The name of the number.
    public var name: String {
        switch self {
        case .smallest(let name), .largest(let name): name
        }
    }

    /// The number in an epoch.
    ///
    /// - Throws: `CallbackError` when the epoch has no number of that name.
    func value(in epoch: History.Epoch) throws -> Double {
        if let value = epoch[name] { return value }
        let known =
            ["loss"] + epoch.metrics.entries.map(\.name)
            + (epoch.validationLoss == nil ? [] : ["val_loss"])
            + epoch.validationMetrics.entries.map { "val_\($0.name)" }
        throw CallbackError(
            "there is no number named \(name) to watch",
            expected: "one of \(known.joined(separator: ", "))",
            fix: name.hasPrefix("val_") ? "give fit validation data" : "")
    }

    /// Whether a number is better than the best one by more than `margin`; NaN never is.
    func isBetter(_ value: Double, than best: Double?, by margin: Double = 0) -> Bool {
        guard let best else { return !value.isNaN }
        switch self {
        case .smallest: return value < best - margin
        case .largest: return value > best + margin
        }
    }
}

/// What a callback cannot do.
public struct CallbackError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public var problem: String
    /// What would be right.
    public var expected: String
    /// What the reader can do; may be empty.
    public var fix: String

    /// Collects the parts of the message.
    public init(_ problem: String, expected: String, fix: String = "") {
        (self.problem, self.expected, self.fix) = (problem, expected, fix)
    }

    /// The message in lines.
    public var description: String {
        [problem, "  expected   \(expected)", fix.isEmpty ? "" : "  fix        \(fix)"]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
