import Martlet
import MartletFormats
import MartletGraph

/// Turns a graph into ONNX nodes, without what depends on the size of the batch.
struct ONNXLowering {
    /// A size that is always the same, or grows with the batch.
    enum Size: Hashable {
        case fixed(Int)
        case batch(times: Int)
    }

    let graph: Graph
    /// The same graph for another size of the batch.
    let other: Graph
    private let sizes: [Int]
    private let parameters: [String: HostTensor]
    private(set) var result: ONNXGraph
    /// The ONNX names of values that were written.
    private var names: [Value: String] = [:]
    private var used: Set<String> = []
    private var constants: [HostTensor: String] = [:]
    /// How many nodes and outputs read each value.
    private(set) var uses: [Int]

    init(
        _ graph: Graph, _ other: Graph, sizes: [Int], _ parameters: [String: HostTensor]
    ) throws {
        (self.graph, self.other, self.sizes, self.parameters) = (graph, other, sizes, parameters)
        result = ONNXGraph(name: graph.name)
        uses = graph.nodes.map { _ in 0 }
        let isSame =
            graph.nodes.count == other.nodes.count
            && zip(graph.nodes, other.nodes).allSatisfy {
                $0.op.name == $1.op.name && $0.inputs == $1.inputs
            }
        guard isSame, graph.assignments.isEmpty else {
            throw ModelError(
                function: "exportONNX",
                expected: "a model for use that does the same for every size of the batch",
                received: isSame ? "one that changes its state" : "one that does not")
        }
        for index in reachable() {
            for input in graph.nodes[index].inputs { uses[input.index] += 1 }
        }
        for output in graph.outputs { uses[output.value.index] += 1 }
    }

    mutating func run(inputName: String, outputName: String) throws {
        let inputs = graph.inputs
        for (name, type, value) in inputs {
            let name = unique(inputs.count == 1 ? inputName : name)
            names[value] = name
            result.inputs.append(try info(name, type, value))
        }
        // Results have their names before anything else can take them.
        var outputNames: [String] = []
        for output in graph.outputs {
            outputNames.append(unique(graph.outputs.count == 1 ? outputName : output.name))
        }
        for (output, name) in zip(graph.outputs, outputNames) {
            let inner = try self.name(output.value)
            emit("Identity", [inner], named: name)
            result.outputs.append(try info(name, graph[output.value].type, output.value))
        }
        removeIdentities()
    }

    private func reachable() -> [Int] {
        var isLive = graph.nodes.map { _ in false }
        for output in graph.outputs { isLive[output.value.index] = true }
        for index in graph.nodes.indices.reversed() where isLive[index] {
            for input in graph.nodes[index].inputs { isLive[input.index] = true }
        }
        return graph.nodes.indices.filter { isLive[$0] }
    }

    private func info(
        _ name: String, _ type: TensorType, _ value: Value
    ) throws -> ONNXValueInfo {
        let shape = try sizes(of: value).map { size -> ONNXValueInfo.Size in
            switch size {
            case .fixed(let size): return .fixed(size)
            case .batch(let times): return .named(times == 1 ? "batch" : "batch_times_\(times)")
            }
        }
        return ONNXValueInfo(name, element: ONNXElement(type.dtype), shape: shape)
    }

    /// Gives the last node of an output the output's name, where nothing else reads it.
    private mutating func removeIdentities() {
        for index in result.nodes.indices.reversed() where result.nodes[index].kind == "Identity" {
            let (inner, outer) = (result.nodes[index].inputs[0], result.nodes[index].outputs[0])
            let readers = result.nodes.count { $0.inputs.contains(inner) }
            guard readers == 1,
                let maker = result.nodes[..<index].lastIndex(where: { $0.outputs == [inner] })
            else { continue }
            result.nodes[maker].outputs = [outer]
            result.nodes.remove(at: index)
        }
    }

    // MARK: Sizes

    /// The sizes of a value's axes.
    func sizes(of value: Value) throws -> [Size] {
        try compare(graph[value].type.shape, other[value].type.shape, value)
    }

    /// What two traces say about one list of sizes.
    func compare(_ a: [Int], _ b: [Int], _ value: Value) throws -> [Size] {
        guard a.count == b.count else {
            throw refused(value, "the same number of axes for every batch", "\(a) and \(b)")
        }
        return try zip(a, b).map { a, b in
            if a == b { return .fixed(a) }
            guard a % sizes[0] == 0, b % sizes[1] == 0, a / sizes[0] == b / sizes[1] else {
                throw refused(
                    value, "sizes that are fixed or multiples of the batch",
                    "\(a) for \(sizes[0]) examples, \(b) for \(sizes[1])")
            }
            return .batch(times: a / sizes[0])
        }
    }

    func refused(_ value: Value, _ expected: String, _ received: String) -> ModelError {
        let node = graph[value]
        let operands = node.inputs.map { graph[$0].type.description }.joined(separator: ", ")
        return ModelError(
            function: "exportONNX", operation: "\(node.op.name)(\(operands))",
            path: node.origin.path, expected: expected, received: received)
    }

    // MARK: Names

    /// The ONNX name of a value, which is written now unless it was before.
    mutating func name(_ value: Value) throws -> String {
        if let known = names[value] { return known }
        let node = graph[value]
        let name: String
        switch node.op {
        case .variable(let variable, let type): name = try parameter(variable, type, value)
        case .constant(let tensor): name = try constant(tensor, value)
        default: name = try lower(node, value)
        }
        names[value] = name
        return name
    }

    private mutating func parameter(
        _ variable: String, _ type: TensorType, _ value: Value
    ) throws -> String {
        let prefix = "model/"
        var path = variable.hasPrefix(prefix) ? String(variable.dropFirst(prefix.count)) : variable
        while parameters[path] == nil, path.hasSuffix("'") { path.removeLast() }
        guard let number = parameters[path], number.type == type else {
            throw refused(
                value, "a parameter with a value of type \(type)",
                parameters[path].map { "\($0.type)" } ?? "\(variable), which has none")
        }
        let name = unique(path)
        result.initializers.append(ONNXTensor(name, number))
        return name
    }

    private mutating func constant(_ tensor: HostTensor, _ value: Value) throws -> String {
        guard case .constant(tensor) = other[value].op else {
            throw refused(value, "numbers that do not depend on the batch", "others")
        }
        return constant(tensor)
    }

    /// The name of numbers that the file holds once.
    mutating func constant(_ tensor: HostTensor) -> String {
        if let known = constants[tensor] { return known }
        let name = unique("constant")
        constants[tensor] = name
        result.initializers.append(ONNXTensor(name, tensor))
        return name
    }

    mutating func constant(_ numbers: [Int]) -> String {
        constant(HostTensor(numbers.map { Int64($0) }, shape: [numbers.count]))
    }

    /// One number in an element type.
    mutating func constant(_ number: Double, _ dtype: DataType) -> String {
        constant(HostTensor(repeating: number, TensorType(dtype, [])))
    }

    private mutating func unique(_ name: String) -> String {
        var result = name
        var number = 1
        while !used.insert(result).inserted {
            result = "\(name)_\(number)"
            number += 1
        }
        return result
    }

    /// Writes a node with one result, and returns the result's name.
    @discardableResult
    mutating func emit(
        _ kind: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:],
        at value: Value? = nil, named name: String? = nil
    ) -> String {
        let path = value.map { graph[$0].origin.path } ?? ""
        let output = name ?? unique(path.isEmpty ? kind : "\(path)/\(kind)")
        result.nodes.append(
            ONNXNode(
                kind, name: "\(output)_node", inputs: inputs, outputs: [output],
                attributes: attributes))
        return output
    }
}
