import Foundation

/// A JSON value; the strings "inf", "-inf" and "nan" also count as numbers.
public enum FixtureValue: Hashable, Sendable, Decodable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([FixtureValue])
    case object([String: FixtureValue])

    /// Reads a JSON file.
    ///
    /// - Throws: `FixtureError` when the file is absent or is not JSON.
    public init(contentsOf file: URL) throws {
        guard let data = try? Data(contentsOf: file) else {
            throw FixtureError(file.path, "cannot be read", expected: "a JSON file")
        }
        do {
            self = try JSONDecoder().decode(FixtureValue.self, from: data)
        } catch {
            throw FixtureError(file.path, "is not JSON", found: "\(error)")
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let items = try? container.decode([FixtureValue].self) {
            self = .array(items)
        } else {
            self = .object(try container.decode([String: FixtureValue].self))
        }
    }

    /// The number, also when it is spelled "inf", "-inf" or "nan"; otherwise `nil`.
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .string("inf"): .infinity
        case .string("-inf"): -.infinity
        case .string("nan"): .nan
        default: nil
        }
    }

    /// The whole number, `nil` for anything else.
    public var integer: Int? { number.flatMap { Int(exactly: $0) } }

    /// The whole numbers of an array, `nil` when an element is something else.
    public var integers: [Int]? {
        guard let items = array else { return nil }
        let numbers = items.compactMap(\.integer)
        return numbers.count == items.count ? numbers : nil
    }

    /// The numbers of an array, `nil` when an element is something else.
    public var numbers: [Double]? {
        guard let items = array else { return nil }
        let numbers = items.compactMap(\.number)
        return numbers.count == items.count ? numbers : nil
    }

    /// The text of a string, `nil` for anything else.
    public var text: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The truth value, `nil` for anything else.
    public var flag: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of an array, `nil` for anything else.
    public var array: [FixtureValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The members of an object, `nil` for anything else.
    public var members: [String: FixtureValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The member of an object by name; `nil` when it is absent, null, or this is no object.
    public subscript(name: String) -> FixtureValue? {
        guard let member = members?[name], member != .null else { return nil }
        return member
    }
}
