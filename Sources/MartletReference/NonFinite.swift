import MartletCompiler
import MartletGraph

extension HostTensor {
    /// Whether no element is NaN or infinite; true for whole numbers.
    public var isFinite: Bool {
        switch type.dtype {
        case .float32: withUnsafeScalars(as: Float.self) { $0.allSatisfy { $0.isFinite } }
        case .float64: withUnsafeScalars(as: Double.self) { $0.allSatisfy { $0.isFinite } }
        default: true
        }
    }
}

extension Interpreter {
    /// Interprets a graph node by node and describes the first number that is not finite.
    ///
    /// Constants are passed over: a mask may hold infinities on purpose.
    ///
    /// - Returns: The description and the path of the operation, which is empty when it has none;
    ///   `nil` when every number is finite.
    public static func firstNonFinite(
        in graph: Graph, inputs: [HostTensor], variables: [String: HostTensor]
    ) throws -> (error: EngineError, path: String)? {
        var values: [HostTensor] = []
        var inputCount = 0
        for (index, node) in graph.nodes.enumerated() {
            let result: HostTensor
            switch node.op {
            case .input:
                result = inputs[inputCount]
                inputCount += 1
            case .variable(let name, let type):
                result = variables[name] ?? HostTensor(zeros: type)
            default:
                let operands = node.inputs.map { values[$0.index] }
                result = try evaluate(node.op, operands, type: node.type)
            }
            values.append(result)
            if case .constant = node.op { continue }
            if !result.isFinite { return (report(result, node, index, values), node.origin.path) }
        }
        return nil
    }

    private static func report(
        _ result: HostTensor, _ node: Node, _ index: Int, _ values: [HostTensor]
    ) -> EngineError {
        let numbers = result.doubles
        let place = numbers.firstIndex { !$0.isFinite } ?? 0
        let found = "\(numbers[place]) at element \(place) of \(node.type)"
        switch node.op {
        case .input(let name, _):
            return EngineError(
                "the input \(name) holds a number that is not finite", received: found,
                fix: "look at the data: a missing value, or a division by zero while scaling")
        case .variable(let name, _):
            return EngineError(
                "the variable \(name) holds a number that is not finite", received: found,
                fix: "an earlier step made it: verify from the first step on")
        default:
            let path = node.origin.path.isEmpty ? "" : " at \(node.origin.path)"
            let operands = node.inputs.map { operand in
                let numbers = values[operand.index].doubles
                let range = "\(numbers.min() ?? 0) ... \(numbers.max() ?? 0)"
                return "%\(operand.index) in \(range)"
            }
            return EngineError(
                "\(node.op.name)\(path) makes the first number that is not finite",
                expected: "finite numbers from \(operands.joined(separator: ", "))",
                received: found + ", node %\(index)")
        }
    }
}
