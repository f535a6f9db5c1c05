/// Writes a layer's settings as the call that makes it spells them, without those left at defaults.
struct SettingsText {
    private var parts: [String] = []

    /// Starts with settings without names; `nil` ones are left out.
    init(_ unnamed: Any?...) {
        parts = unnamed.compactMap { $0.map { "\($0)" } }
    }

    /// Adds `name: value` unless the value is the default.
    func with<Value: Equatable>(_ name: String, _ value: Value, default normal: Value) -> Self {
        value == normal ? self : adding(name, "\(value)")
    }

    /// Adds `name: value`, a height and a width as one number where they are equal.
    func with(_ name: String, pair: [Int], default normal: [Int]? = nil) -> Self {
        pair == normal ? self : adding(name, SettingsText.pair(pair))
    }

    /// Adds the activation unless it is the identity.
    func with(_ activation: Activation) -> Self {
        activation == .identity ? self : adding("activation", ".\(activation.name)")
    }

    /// Adds the border unless there is none.
    func with(_ padding: Padding) -> Self {
        switch padding {
        case .valid: return self
        case .same: return adding("padding", ".same")
        case .explicit(let low, let high):
            if low == high { return with("padding", pair: low, default: [0, 0]) }
            return adding("padding", ".explicit(low: \(low), high: \(high))")
        }
    }

    /// The settings in one line.
    var text: String { parts.joined(separator: ", ") }

    /// `5` for a square, `[3, 5]` for others.
    static func pair(_ pair: [Int]) -> String {
        pair.count == 2 && pair[0] == pair[1] ? "\(pair[0])" : "\(pair)"
    }

    private func adding(_ name: String, _ value: String) -> Self {
        var copy = self
        copy.parts.append("\(name): \(value)")
        return copy
    }
}
