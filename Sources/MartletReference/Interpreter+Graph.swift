import MartletCompiler
import MartletGraph

extension Interpreter {
    /// Computes a whole graph: its outputs in order, and the new values of assigned variables.
    ///
    /// - Errors: `EngineError` when an input or variable is missing or has another type;
    ///   `ShapeError` when a node cannot take its operands.
    public static func run(
        _ graph: Graph, inputs: [HostTensor], variables: [String: HostTensor]
    ) throws -> (outputs: [HostTensor], assignments: [String: HostTensor]) {
        try Schedule(graph).run(inputs: inputs, variables: variables)
    }
}

/// A checked graph with the moments at which its values are no longer needed.
struct Schedule {
    let graph: Graph
    /// For each node, the values whose last user it is.
    let frees: [[Value]]
    /// For each node, whether an output or an assignment depends on it.
    let isNeeded: [Bool]

    /// Checks `graph` and finds out how long each value is needed.
    init(_ graph: Graph) throws {
        try Interpreter.check(graph)
        self.graph = graph
        let results = Set(graph.outputs.map(\.value) + graph.assignments.map(\.value))
        var isNeeded = graph.nodes.indices.map { results.contains(Value($0)) }
        var frees = graph.nodes.map { _ in [Value]() }
        for index in graph.nodes.indices.reversed() where isNeeded[index] {
            for operand in Set(graph.nodes[index].inputs).sorted() where !isNeeded[operand.index] {
                isNeeded[operand.index] = true
                frees[index].append(operand)
            }
        }
        (self.frees, self.isNeeded) = (frees, isNeeded)
    }

    /// Computes node by node; nothing is stored before everything is computed.
    func run(
        inputs: [HostTensor], variables: [String: HostTensor]
    ) throws -> (outputs: [HostTensor], assignments: [String: HostTensor]) {
        try checkInputs(inputs)
        var values = [HostTensor?](repeating: nil, count: graph.nodes.count)
        var nextInput = 0
        for (index, node) in graph.nodes.enumerated() {
            switch node.op {
            case .input:
                values[index] = inputs[nextInput]
                nextInput += 1
            case .variable(let name, let type):
                values[index] = try variable(name, type, variables)
            default:
                guard isNeeded[index] else { continue }
                let operands = try node.inputs.map { try value($0, values) }
                values[index] = try Interpreter.evaluate(node.op, operands, type: node.type)
            }
            for freed in frees[index] { values[freed.index] = nil }
        }
        var assignments: [String: HostTensor] = [:]
        for assignment in graph.assignments {
            assignments[assignment.variable] = try value(assignment.value, values)
        }
        return (try graph.outputs.map { try value($0.value, values) }, assignments)
    }

    private func checkInputs(_ inputs: [HostTensor]) throws {
        let expected = graph.inputs.map(\.type)
        guard inputs.map(\.type) == expected else {
            throw EngineError(
                "the graph \(graph.name) takes other inputs",
                expected: expected.map(\.description).joined(separator: ", "),
                received: inputs.map(\.type.description).joined(separator: ", "))
        }
    }

    private func variable(
        _ name: String, _ type: TensorType, _ variables: [String: HostTensor]
    ) throws -> HostTensor {
        guard let value = variables[name] else {
            throw EngineError("there is no variable named \(name)", expected: type.description)
        }
        guard value.type == type else {
            throw EngineError(
                "the variable \(name) has another type", expected: type.description,
                received: value.type.description)
        }
        return value
    }

    private func value(_ value: Value, _ values: [HostTensor?]) throws -> HostTensor {
        guard let tensor = values[value.index] else {
            throw EngineError("%\(value.index) of \(graph.name) was never computed")
        }
        return tensor
    }
}
