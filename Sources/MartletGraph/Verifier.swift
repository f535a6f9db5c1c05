/// Which rule of well-formed graphs is broken, and where.
public struct VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The part of the graph at fault.
    public enum Place: Hashable, Sendable {
        /// A node.
        case node(Value)
        /// The position in `Graph.outputs`.
        case output(Int)
        /// The position in `Graph.assignments`.
        case assignment(Int)
    }

    public var place: Place
    /// The node or line as graph text shows it: `%17 net.fc1/matmul: matmul(%3, %4)`.
    public var subject: String
    /// What would be right.
    public var expected: String
    /// What the graph holds instead.
    public var received: String

    /// The message in lines.
    public var description: String {
        """
        graph      \(subject)
        expected   \(expected)
        received   \(received)
        """
    }
}

extension Graph {
    /// Checks everything that passes and engines rely on.
    ///
    /// Operands exist and precede their users; each type is what the operation infers; forward
    /// nodes, outputs and assigned values exist; input names and output names occur once. A
    /// variable may be read by several nodes, all of one type. A variable is assigned at most once,
    /// with its type; one that the graph never reads may be assigned any type (initialisers do so).
    ///
    /// - Throws: the first broken rule.
    public func verify() throws(VerificationError) {
        var inputNames: Set<String> = []
        var variableTypes: [String: TensorType] = [:]
        for index in nodes.indices {
            try verifyNode(index)
            let node = nodes[index]
            if case .input(let name, _) = node.op, !inputNames.insert(name).inserted {
                throw error(index, "input names that occur once", "\(quoted(name)) again")
            }
            if case .variable(let name, let type) = node.op {
                let earlier = variableTypes.updateValue(type, forKey: name) ?? type
                guard earlier == type else {
                    throw error(
                        index, "\(quoted(name)) of type \(earlier) as in an earlier node",
                        "\(type)")
                }
            }
        }
        try verifyOutputs()
        try verifyAssignments(variableTypes)
    }

    private func verifyNode(_ index: Int) throws(VerificationError) {
        let node = nodes[index]
        for value in node.inputs where !(0..<index).contains(value.index) {
            throw error(index, "operands that earlier nodes compute", "\(value)")
        }
        if let forward = node.origin.forward, !nodes.indices.contains(forward.index) {
            throw error(index, "a forward node below %\(nodes.count)", "\(forward)")
        }
        let inferred: TensorType
        do {
            inferred = try node.op.resultType(node.inputs.map { self[$0].type })
        } catch let problem {
            throw error(
                index, "\(problem.expected) in \(problem.operation)", problem.received)
        }
        guard inferred == node.type else {
            throw error(index, "type \(inferred), which \(node.op.name) gives", "\(node.type)")
        }
    }

    private func verifyOutputs() throws(VerificationError) {
        var names: Set<String> = []
        for (index, output) in outputs.enumerated() {
            let subject = "output \(quoted(output.name)) = \(output.value)"
            func error(_ expected: String, _ received: String) -> VerificationError {
                VerificationError(
                    place: .output(index), subject: subject, expected: expected,
                    received: received)
            }
            guard nodes.indices.contains(output.value.index) else {
                throw error("a value below %\(nodes.count)", "\(output.value)")
            }
            guard names.insert(output.name).inserted else {
                throw error("output names that occur once", "\(quoted(output.name)) again")
            }
        }
    }

    private func verifyAssignments(
        _ variableTypes: [String: TensorType]
    ) throws(VerificationError) {
        var names: Set<String> = []
        for (index, assignment) in assignments.enumerated() {
            let name = quoted(assignment.variable)
            func error(_ expected: String, _ received: String) -> VerificationError {
                VerificationError(
                    place: .assignment(index), subject: "assign \(name) = \(assignment.value)",
                    expected: expected, received: received)
            }
            guard nodes.indices.contains(assignment.value.index) else {
                throw error("a value below %\(nodes.count)", "\(assignment.value)")
            }
            guard names.insert(assignment.variable).inserted else {
                throw error("one assignment for each variable", "\(name) again")
            }
            let type = self[assignment.value].type
            guard variableTypes[assignment.variable, default: type] == type else {
                throw error(
                    "a value of the variable's type \(variableTypes[assignment.variable] ?? type)",
                    "\(assignment.value) of type \(type)")
            }
        }
    }

    private func error(
        _ index: Int, _ expected: String, _ received: String
    ) -> VerificationError {
        let node = nodes[index]
        let path = node.origin.path.isEmpty ? "" : " \(quoted(node.origin.path))"
        let operands = node.inputs.map(\.description).joined(separator: ", ")
        return VerificationError(
            place: .node(Value(index)), subject: "%\(index)\(path): \(node.op.name)(\(operands))",
            expected: expected, received: received)
    }

    private func quoted(_ name: String) -> String { TextName.text(name) }
}
