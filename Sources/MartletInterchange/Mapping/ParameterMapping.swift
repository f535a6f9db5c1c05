import Martlet
import MartletGraph
import MartletReference

/// Which array of a file goes into which parameter of a model, and what does not fit.
///
///     let mapping = try net.mapping(of: arrays, convention: .keras, inputShape: [1, 28, 28])
///     print(mapping)
///     try mapping.apply(to: net)
///
/// Nothing changes before `apply`, and that refuses unless everything fits.
public struct ParameterMapping: Sendable, CustomStringConvertible {
    /// An array that has its place.
    public struct Match: Hashable, Sendable {
        /// The parameter's path.
        public var path: String
        /// The array's name in the file.
        public var name: String
        /// What happens to the array, in order.
        public var changes: [WeightChange]
        /// The numbers as the parameter takes them.
        public var value: HostTensor
    }

    /// A name without a partner.
    public struct Orphan: Hashable, Sendable {
        /// The parameter's path or the array's name.
        public var name: String
        /// The most similar name among those without a partner on the other side.
        public var nearest: String?
    }

    /// An array whose shape differs from its parameter's.
    public struct Difference: Hashable, Sendable {
        /// The parameter's path.
        public var path: String
        /// The array's name in the file.
        public var name: String
        /// The types in the model and, after all changes, in the file.
        public var expected: TensorType, received: TensorType
    }

    /// Arrays that have their place.
    public var matched: [Match] = []
    /// Parameters without an array.
    public var missing: [Orphan] = []
    /// Arrays without a parameter.
    public var unexpected: [Orphan] = []
    /// Arrays of another shape than their parameter.
    public var mismatched: [Difference] = []
    /// Arrays that are of no use to any model, such as counters.
    public var ignored: [String] = []

    /// Nothing at all.
    public init() {}

    /// True when every parameter has its array and every array its parameter.
    public var isComplete: Bool {
        missing.isEmpty && unexpected.isEmpty && mismatched.isEmpty
    }

    /// Gives the parameters of a model their numbers.
    ///
    /// - Parameters:
    ///   - allowsMissing: Whether parameters may keep the values they have.
    ///   - allowsUnexpected: Whether arrays may be left over.
    /// - Throws: `MappingError` with all differences; nothing changes then.
    public func apply(
        to module: any Module, allowsMissing: Bool = false, allowsUnexpected: Bool = false
    ) throws {
        try check(allowsMissing: allowsMissing, allowsUnexpected: allowsUnexpected)
        let parameters = Dictionary(
            module.parameters.map { ($0.path, $0.parameter) },
            uniquingKeysWith: { first, _ in first })
        for match in matched {
            if let type = parameters[match.path]?.type, type != match.value.type {
                throw MappingError(self)
            }
        }
        for match in matched { try parameters[match.path]?.set(match.value) }
    }

    /// Throws unless everything fits that has to.
    ///
    /// - Throws: `MappingError` with all differences.
    public func check(
        allowsMissing: Bool = false, allowsUnexpected: Bool = false
    ) throws(MappingError) {
        guard mismatched.isEmpty, allowsMissing || missing.isEmpty,
            allowsUnexpected || unexpected.isEmpty
        else { throw MappingError(self) }
    }

    /// One line for each array and each difference.
    public var description: String {
        var lines = matched.map { match in
            let changes = match.changes.map(\.description).joined(separator: ", ")
            return "  matched     \(match.path) from \(match.name) \(match.value.type)"
                + (changes.isEmpty ? "" : ": \(changes)")
        }
        lines += missing.map { "  missing     \(Self.text($0))" }
        lines += unexpected.map { "  unexpected  \(Self.text($0))" }
        lines += mismatched.map {
            "  shape       \($0.path) from \($0.name): the model has \($0.expected), the file "
                + "\($0.received)"
        }
        lines += ignored.map { "  ignored     \($0)" }
        let differences = missing.count + unexpected.count + mismatched.count
        let head =
            "\(matched.count) matched, \(differences) difference\(differences == 1 ? "" : "s")"
        return ([head] + lines).joined(separator: "\n")
    }

    private static func text(_ orphan: Orphan) -> String {
        orphan.name + (orphan.nearest.map { "; similar: \($0)" } ?? "")
    }

    /// Fills in, for every name without a partner, the most similar one of the other side.
    mutating func findNearest() {
        let (paths, names) = (missing.map(\.name), unexpected.map(\.name))
        for index in missing.indices {
            missing[index].nearest = NearestName.of(missing[index].name, in: names)
        }
        for index in unexpected.indices {
            unexpected[index].nearest = NearestName.of(unexpected[index].name, in: paths)
        }
    }
}

/// Arrays that do not fit a model.
public struct MappingError: Error, Sendable, CustomStringConvertible {
    /// All that fits and all that does not.
    public var mapping: ParameterMapping

    /// Refuses a mapping.
    public init(_ mapping: ParameterMapping) { self.mapping = mapping }

    /// The differences, without what fits.
    public var description: String {
        var differences = mapping
        differences.matched = []
        let lines = differences.description.split(separator: "\n").dropFirst()
        return
            (["the arrays do not fit the model; \(mapping.matched.count) do"]
            + lines.map(String.init))
            .joined(separator: "\n")
    }
}

/// Similar names.
enum NearestName {
    /// The name with the fewest changed letters, if fewer than half of them change.
    static func of(_ name: String, in others: [String]) -> String? {
        let letters = Array(name.utf8.prefix(200))
        var best: (name: String, count: Int)?
        for other in others.prefix(2000) {
            let count = distance(letters, Array(other.utf8.prefix(200)))
            if count <= letters.count / 2, count < best?.count ?? .max { best = (other, count) }
        }
        return best?.name
    }

    /// How many letters must be inserted, removed or replaced.
    ///
    /// - Source: Wagner and Fischer, JACM 21 (1974).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
