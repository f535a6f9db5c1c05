import MartletCompiler
import MartletGraph
import MartletReference
import Testing

/// Special and ordinary numbers, two rows of six.
let difficultNumbers: [Float] = [
    .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 3, 0.1, 3e38, -3e38, -2.5,
]

/// A graph with one output named "y".
func graph(_ build: (inout GraphBuilder) -> Value) -> Graph {
    var builder = GraphBuilder(name: "test")
    let result = build(&builder)
    builder.graph.outputs.append(.init("y", result))
    return builder.graph
}

extension GraphBuilder {
    /// An f32 input.
    mutating func x(_ name: String = "x", _ shape: [Int] = [2, 6]) -> Value {
        input(name, TensorType(.float32, shape))
    }

    mutating func unary(_ op: UnaryOp, _ x: Value) -> Value { emit(.unary(op), x) }

    mutating func binary(_ op: BinaryOp, _ a: Value, _ b: Value) -> Value {
        emit(.binary(op), a, b)
    }

    /// `op` with a number on the right.
    mutating func binary(_ op: BinaryOp, _ a: Value, _ number: Double) -> Value {
        emit(.binary(op), a, constant(number, like: a))
    }

    mutating func transpose(_ x: Value, _ permutation: [Int]) -> Value {
        emit(.transpose(permutation), x)
    }
}

extension Graph {
    /// The first output as one expression: `multiply(x, broadcast(2.0) to [2,6])`.
    var expression: String { expression(outputs[0].value) }

    func expression(_ value: Value) -> String {
        let node = self[value]
        switch node.op {
        case .input(let name, _), .variable(let name, _): return name
        case .constant(let tensor):
            let numbers = tensor.doubles.map { "\($0)" }.joined(separator: ",")
            return tensor.type.rank == 0 ? numbers : "\(tensor.type.shape){\(numbers)}"
        default:
            let call =
                "\(node.op.name)(" + node.inputs.map(expression).joined(separator: ", ") + ")"
            let attributes = node.op.attributeText
            return attributes.isEmpty ? call : "\(call) \(attributes)"
        }
    }

    /// The names of the operations in order.
    var opNames: [String] { nodes.map(\.op.name) }
}

/// Computes one operation on the reference interpreter.
func evaluate(_ op: Op, _ inputs: [HostTensor], _ type: TensorType) throws -> HostTensor {
    try Interpreter.evaluate(op, inputs, type: type)
}

/// Numbers for every input of a graph: the difficult ones again and again, shifted by input.
func difficultInputs(_ graph: Graph) -> [HostTensor] {
    graph.inputs.enumerated().map { position, input in
        let count = input.type.elementCount
        let numbers = (0..<count).map { difficultNumbers[($0 + position * 5) % 12] }
        switch input.type.dtype {
        case .float32: return HostTensor(numbers, shape: input.type.shape)
        case .float64: return HostTensor(numbers.map { Double($0) }, shape: input.type.shape)
        case .bool: return HostTensor(numbers.map { $0 > 0 }, shape: input.type.shape)
        case .int32:
            return HostTensor((0..<count).map { Int32($0 - 3) }, shape: input.type.shape)
        case .int64:
            return HostTensor((0..<count).map { Int64($0 - 3) }, shape: input.type.shape)
        case .uint8:
            return HostTensor((0..<count).map { UInt8($0 * 37 % 256) }, shape: input.type.shape)
        }
    }
}

/// Requires the same bits, any NaN counting as the same; `zeroSign` false lets −0 be +0.
func expectSame(
    _ a: HostTensor, _ b: HostTensor, zeroSign: Bool = true, tolerance: Double = 0,
    _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation
) {
    #expect(a.type == b.type, comment, sourceLocation: location)
    for (index, (p, q)) in zip(a.doubles, b.doubles).enumerated() {
        let close =
            p.isFinite && q.isFinite && abs(p - q) <= tolerance * max(1, abs(p), abs(q))
        let same =
            p.isNaN && q.isNaN || p == q && (p.sign == q.sign || !zeroSign)
            || tolerance > 0 && close
        if !same {
            Issue.record(
                "element \(index): \(p) became \(q) \(comment ?? "")", sourceLocation: location)
            return
        }
    }
}

/// Requires that `after` is a good graph that computes what `before` computes.
func expectEqualResults(
    _ before: Graph, _ after: Graph, inputs: [HostTensor]? = nil,
    variables: [String: HostTensor] = [:], zeroSign: Bool = true, tolerance: Double = 0,
    _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation
) throws {
    try after.verify()
    #expect(
        before.inputs.map(\.name) == after.inputs.map(\.name), comment, sourceLocation: location)
    #expect(
        before.outputs.map(\.name) == after.outputs.map(\.name), comment, sourceLocation: location)
    let inputs = inputs ?? difficultInputs(before)
    let expected = try Interpreter.run(before, inputs: inputs, variables: variables)
    let received = try Interpreter.run(after, inputs: inputs, variables: variables)
    for (a, b) in zip(expected.outputs, received.outputs) {
        expectSame(
            a, b, zeroSign: zeroSign, tolerance: tolerance, comment, location: location)
    }
    #expect(
        Set(expected.assignments.keys) == Set(received.assignments.keys), comment,
        sourceLocation: location)
    for (name, value) in expected.assignments {
        guard let other = received.assignments[name] else { continue }
        expectSame(
            value, other, zeroSign: zeroSign, tolerance: tolerance, comment, location: location)
    }
}

/// Simplifies, drops what is dead, compares the results and gives the output as an expression.
func simplifiedExpression(
    zeroSign: Bool = true, tolerance: Double = 0, location: SourceLocation = #_sourceLocation,
    _ build: (inout GraphBuilder) -> Value
) throws -> String {
    let before = graph(build)
    let after = removeDeadNodes(simplify(before))
    try expectEqualResults(
        before, after, zeroSign: zeroSign, tolerance: tolerance, location: location)
    return after.expression
}
