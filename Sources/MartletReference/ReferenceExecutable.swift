import MartletCompiler
import MartletGraph

/// A graph that is interpreted node by node at each run.
final class ReferenceExecutable: Executable {
    let inputTypes: [TensorType]
    let outputTypes: [TensorType]
    private let schedule: Schedule
    private let store: any VariableStore
    private let settings: Settings
    private var inputs: [HostTensor]
    private var outputs: [HostTensor]

    /// Checks `graph` and holds the types of its variables against `store`.
    init(_ graph: Graph, store: any VariableStore, settings: Settings = .current) throws {
        self.settings = settings
        schedule = try Schedule(graph)
        self.store = store
        inputTypes = graph.inputs.map(\.type)
        outputTypes = graph.outputs.map { graph[$0.value].type }
        inputs = inputTypes.map { HostTensor(zeros: $0) }
        outputs = outputTypes.map { HostTensor(zeros: $0) }
        try checkVariables()
    }

    func withInput(
        _ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        try inputs[index].withUnsafeMutableBytes(body)
    }

    func run() throws {
        try checkVariables()
        var variables: [String: HostTensor] = [:]
        for variable in schedule.graph.variables where variables[variable.name] == nil {
            variables[variable.name] = try store.read(variable.name)
        }
        let results = try schedule.run(inputs: inputs, variables: variables)
        if settings.verifies,
            !(results.outputs + results.assignments.values).allSatisfy(\.isFinite),
            let culprit = try Interpreter.firstNonFinite(
                in: schedule.graph, inputs: inputs, variables: variables)
        {
            throw culprit.error
        }
        for assignment in schedule.graph.assignments {
            if let value = results.assignments[assignment.variable] {
                try store.write(assignment.variable, value)
            }
        }
        outputs = results.outputs
    }

    func withOutput<Result>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try outputs[index].bytes.withUnsafeBytes(body)
    }

    /// Throws when the graph reads or assigns a variable with another type than the store's.
    private func checkVariables() throws {
        let graph = schedule.graph
        let uses =
            graph.variables.map { ($0.name, $0.type) }
            + graph.assignments.map { ($0.variable, graph[$0.value].type) }
        for (name, type) in uses {
            if let stored = store.type(of: name) { try requireType(of: name, stored, is: type) }
        }
    }

    var planText: String {
        let graph = schedule.graph
        var lines = ["reference plan \(graph.name): \(graph.nodes.count) nodes"]
        for (index, node) in graph.nodes.enumerated() {
            lines.append(line(index, node))
        }
        lines += graph.outputs.map { "  output \($0.name) = %\($0.value.index)" }
        lines += graph.assignments.map { "  assign \($0.variable) = %\($0.value.index)" }
        return lines.joined(separator: "\n")
    }

    /// One step of the plan: the value, its type, the operation and what is given back after it.
    private func line(_ index: Int, _ node: Node) -> String {
        var parts = ["  %\(index)", node.type.description]
        switch node.op {
        case .input(let name, _), .variable(let name, _): parts.append("\(node.op.name) \(name)")
        default:
            parts.append("\(node.op.name)(\(list(node.inputs)))")
            if !node.op.attributeText.isEmpty { parts.append(node.op.attributeText) }
        }
        if !schedule.isNeeded[index] { parts.append("unused") }
        if !schedule.frees[index].isEmpty { parts.append("frees \(list(schedule.frees[index]))") }
        return parts.joined(separator: " ")
    }

    private func list(_ values: [Value]) -> String {
        values.map { "%\($0.index)" }.joined(separator: ", ")
    }
}
