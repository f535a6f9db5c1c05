import MartletGraph

extension TrainStep {
    /// The values of all parameters by path.
    public var parameters: [String: HostTensor] { net.parameterValues }

    /// Replaces the values of all parameters.
    ///
    /// - Throws: `ParameterError`, which lists all differences; nothing is replaced then.
    public func setParameters(_ values: [String: HostTensor]) throws {
        try net.setParameters(values)
    }

    /// Everything that the steps have changed, by the names in the store: `model/…`, `optimizer/…`
    /// and `generator`.
    public func stateValues() throws -> [String: HostTensor] {
        var values: [String: HostTensor] = [:]
        for name in [generatorName, countName] + slots.map(\.name)
        where state.store.type(of: name) != nil {
            values[name] = try state.store.read(name)
        }
        for (path, value) in parameters { values["model/\(path)"] = value }
        return values
    }

    /// Replaces the whole state by one that `stateValues` gave, also before the first step.
    ///
    /// - Throws: `ParameterError`, which lists all differences; nothing is replaced then.
    public func setStateValues(_ values: [String: HostTensor]) throws {
        let error = stateDifferences(values)
        if !error.isEmpty { throw error }
        for (path, parameter) in discovery.parameters {
            if let value = values["model/\(path)"] { try parameter.set(value) }
        }
        for (name, value) in values where !name.hasPrefix("model/") {
            try state.store.write(name, value)
        }
    }

    private func stateDifferences(_ values: [String: HostTensor]) -> ParameterError {
        var error = ParameterError()
        var rest = Set(values.keys)

        func compare(_ name: String, _ expected: TensorType?) {
            guard rest.remove(name) != nil, let received = values[name]?.type else {
                error.missing.append(name)
                return
            }
            if let expected, expected != received {
                error.mismatched.append(.init(path: name, expected: expected, received: received))
            }
        }

        compare(generatorName, TensorType(.int64, [2]))
        compare(countName, TensorType(.int64, []))
        let slots = discovery.parameters.filter(\.parameter.isLearned).map { path, _ in
            optimizer.slotNames.map { "optimizer/\(path)/\($0)" }
        }
        let hasSlots = slots.contains { $0.contains { values[$0] != nil } }
        for (path, parameter) in discovery.parameters {
            compare("model/\(path)", parameter.type)
        }
        for names in slots {
            // A parameter that the loss does not depend on has no slots.
            if hasSlots, names.allSatisfy({ values[$0] == nil }) { continue }
            for name in names {
                let parts = name.split(separator: "/")
                let path = parts.dropFirst().dropLast().joined(separator: "/")
                let type = values["model/\(path)"]?.type
                compare(
                    name,
                    type.map {
                        optimizer.firstValue(ofSlot: String(parts.last ?? ""), for: $0).type
                    })
            }
        }
        error.unexpected = rest.sorted()
        return error
    }
}
