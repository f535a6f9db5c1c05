import MartletTestSupport

/// The settings of a description, of which every one must be asked for.
final class FixtureSettings {
    private var rest: [String: FixtureValue]
    private let owner: String

    /// Takes the members that are not null; `owner` is for messages.
    init(_ members: [String: FixtureValue], of owner: String) {
        (rest, self.owner) = (members.filter { $0.value != .null }, owner)
    }

    /// The number of that name, or the default where the description may leave it out.
    func number(_ name: String, or standard: Double? = nil) throws -> Double {
        try take(name, standard, \.number)
    }

    /// The number of that name, rounded.
    func float(_ name: String, or standard: Float? = nil) throws -> Float {
        Float(try take(name, standard.map { Double($0) }, \.number))
    }

    /// The whole number of that name.
    func integer(_ name: String, or standard: Int? = nil) throws -> Int {
        try take(name, standard, \.integer)
    }

    /// The truth value of that name, false where the description leaves it out.
    func flag(_ name: String) throws -> Bool { try take(name, false, \.flag) }

    /// The text of that name.
    func text(_ name: String, or standard: String? = nil) throws -> String {
        try take(name, standard, \.text)
    }

    /// The numbers of that name.
    func numbers(_ name: String) throws -> [Double] { try take(name, nil, \.numbers) }

    /// The settings inside the settings.
    func settings(_ name: String) throws -> FixtureSettings {
        FixtureSettings(try take(name, nil, \.members), of: "\(owner).\(name)")
    }

    /// The two betas of PyTorch.
    func betas() throws -> (Float, Float) {
        let pair = try numbers("betas")
        guard pair.count == 2 else { throw FixtureError(owner, "has no two betas") }
        return (Float(pair[0]), Float(pair[1]))
    }

    /// Whether a setting is left that nobody asked for.
    func contains(_ name: String) -> Bool { rest[name] != nil }

    /// Throws for a setting that nobody asked for.
    func finish() throws {
        guard rest.isEmpty else {
            throw FixtureError(
                owner, "has settings that the test does not know",
                found: rest.keys.sorted().joined(separator: ", "))
        }
    }

    private func take<Value>(
        _ name: String, _ standard: Value?, _ read: (FixtureValue) -> Value?
    ) throws -> Value {
        guard let value = rest.removeValue(forKey: name) else {
            if let standard { return standard }
            throw FixtureError(owner, "has no setting \(name)")
        }
        guard let result = read(value) else {
            throw FixtureError(owner, "has a setting \(name) of another kind", found: "\(value)")
        }
        return result
    }
}
