import MartletGraph

extension Module {
    /// The parameters by path, in the order of the stored properties.
    public var parameters: [(path: String, parameter: Parameter)] { Discovery(self).parameters }

    /// The values of all parameters by path; those without values before the first trace are absent.
    public var parameterValues: [String: HostTensor] {
        var values: [String: HostTensor] = [:]
        for (path, parameter) in parameters { values[path] = parameter.value }
        return values
    }

    /// Replaces the values of all parameters.
    ///
    /// - Throws: `ParameterError`, which lists every missing and unexpected name and every other
    ///   shape; nothing is replaced then.
    public func setParameters(_ values: [String: HostTensor]) throws {
        let parameters = parameters
        let names = Set(parameters.map(\.path))
        var error = ParameterError()
        error.unexpected = values.keys.filter { !names.contains($0) }.sorted()
        for (path, parameter) in parameters {
            guard let value = values[path] else {
                error.missing.append(path)
                continue
            }
            if let type = parameter.type, type != value.type {
                error.mismatched.append(.init(path: path, expected: type, received: value.type))
            }
        }
        if !error.isEmpty { throw error }
        for (path, parameter) in parameters {
            if let value = values[path] { try parameter.set(value) }
        }
    }
}

/// All differences between the parameters of a model and values for them.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A parameter whose value has another type.
    public struct Mismatch: Hashable, Sendable {
        /// The parameter's path.
        public var path: String
        /// The model's type and the value's.
        public var expected: TensorType, received: TensorType
    }

    /// Parameters without a value.
    public var missing: [String] = []
    /// Values without a parameter.
    public var unexpected: [String] = []
    /// Values of another type.
    public var mismatched: [Mismatch] = []

    /// An error without differences.
    public init() {}

    /// True when there is no difference.
    public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && mismatched.isEmpty }

    /// One line per difference.
    public var description: String {
        let count = missing.count + unexpected.count + mismatched.count
        var lines = ["the values do not fit the model: \(count) difference\(count == 1 ? "" : "s")"]
        lines += missing.map { "  missing     \($0)" }
        lines += unexpected.map { "  unexpected  \($0)" }
        lines += mismatched.map {
            "  type        \($0.path): the model has \($0.expected), the value \($0.received)"
        }
        return lines.joined(separator: "\n")
    }
}
