import Martlet
import MartletTestSupport

/// The settings and inputs of one fixture case, handed to the function that builds it.
struct OpsArguments {
    /// The settings as the fixture spells them.
    var attributes: FixtureValue
    /// The inputs by name.
    var tensors: [String: Tensor]

    /// The input `x`.
    var x: Tensor { get throws { try self["x"] } }

    /// An input that must be there.
    subscript(name: String) -> Tensor {
        get throws {
            guard let tensor = tensors[name] else {
                throw FixtureError(
                    "case", "has no input \(name)", found: "\(tensors.keys.sorted())")
            }
            return tensor
        }
    }

    /// The inputs whose names start with `prefix`, in the order of their numbers.
    func list(_ prefix: String) -> [Tensor] {
        let numbers = tensors.keys.compactMap { name in
            name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
        }
        return numbers.sorted().compactMap { tensors["\(prefix)\($0)"] }
    }

    /// A number that must be there unless `fallback` is given.
    func number(_ name: String, _ fallback: Double? = nil) throws -> Double {
        try value(attributes[name]?.number ?? fallback, name)
    }

    /// A whole number that must be there unless `fallback` is given.
    func integer(_ name: String, _ fallback: Int? = nil) throws -> Int {
        try value(attributes[name]?.integer ?? fallback, name)
    }

    /// Whole numbers that must be there unless `fallback` is given.
    func integers(_ name: String, _ fallback: [Int]? = nil) throws -> [Int] {
        try value(attributes[name]?.integers ?? fallback, name)
    }

    /// A list of lists of whole numbers.
    func integerLists(_ name: String) throws -> [[Int]] {
        let lists = try value(attributes[name]?.array, name)
        return try lists.map { try value($0.integers, name) }
    }

    /// A text that must be there unless `fallback` is given.
    func text(_ name: String, _ fallback: String? = nil) throws -> String {
        try value(attributes[name]?.text ?? fallback, name)
    }

    /// A truth value, false when it is not given.
    func flag(_ name: String, _ fallback: Bool = false) -> Bool {
        attributes[name]?.flag ?? fallback
    }

    private func value<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else {
            throw FixtureError("case", "has no usable setting \(name)", found: "\(attributes)")
        }
        return value
    }
}
