import MartletFormats
import MartletGraph
import MartletReference

/// Builds a graph from the nodes of an ONNX model, one after the other.
struct ONNXImporter {
    /// A value of the model while it is read.
    struct Operand {
        /// The name in the model.
        var name: String
        var type: TensorType
        /// Where it is in the graph, as soon as it was needed there.
        var value: Value?
        /// Its numbers where they are known.
        var constant: HostTensor?
    }

    let model: ONNXModel
    let version: Int
    let memoryLimit: Int
    var builder: GraphBuilder
    private(set) var parameters: [String: HostTensor] = [:]
    private var operands: [String: Operand] = [:]
    /// True while a node is computed at once, not appended.
    private var isFolding = false
    /// The numbers of the nodes that stand for known operands.
    private var known: [Value: HostTensor] = [:]
    /// How many bytes may still be computed while reading.
    private var foldingBudget: Int

    init(_ model: ONNXModel, memoryLimit: Int) throws(FormatError) {
        (self.model, self.memoryLimit) = (model, memoryLimit)
        version = model.operatorSets[""] ?? 0
        let weightBytes = model.graph.initializers.reduce(0) { $0 + $1.value.bytes.count }
        foldingBudget = max(1 << 26, 16 * weightBytes)
        builder = GraphBuilder(name: model.graph.name.isEmpty ? "onnx" : model.graph.name)
        guard (7...25).contains(version) else {
            throw FormatError(
                .unsupported, file: model.name, expected: "operator set 7 to 25 of ONNX",
                found: model.operatorSets.isEmpty ? "none" : "operator set \(version)",
                fix: "convert the model: onnx.version_converter.convert_version")
        }
    }

    mutating func run(batchSize: Int, sizes: [String: Int]) throws(FormatError) {
        for tensor in model.graph.initializers {
            try define(
                Operand(name: tensor.name, type: tensor.value.type, constant: tensor.value))
        }
        let weights = Set(model.graph.initializers.map(\.name))
        for input in model.graph.inputs where !weights.contains(input.name) {
            let type = try type(of: input, batchSize, sizes)
            let value = builder.input(input.name, type)
            try define(Operand(name: input.name, type: type, value: value))
        }
        for (index, node) in model.graph.nodes.enumerated() { try read(node, index) }
        for output in model.graph.outputs {
            guard let operand = operands[output.name] else {
                throw FormatError(
                    .malformed, file: model.name, place: "output \(output.name)",
                    expected: "a value of that name", found: "none")
            }
            builder.graph.outputs.append(.init(output.name, materialized(operand)))
        }
        guard !model.graph.outputs.isEmpty else {
            throw FormatError(
                .malformed, file: model.name, expected: "at least one output", found: "none")
        }
    }

    /// The type of an input, the open axes filled in.
    private func type(
        of input: ONNXValueInfo, _ batchSize: Int, _ sizes: [String: Int]
    ) throws(FormatError) -> TensorType {
        func refused(_ expected: String, _ found: String, fix: String = "") -> FormatError {
            FormatError(
                .unsupported, file: model.name, place: "input \(input.name)", expected: expected,
                found: found, fix: fix)
        }
        guard let dtype = input.element.dtype else {
            throw refused("numbers", "\(input.element)")
        }
        guard let axes = input.shape else { throw refused("a shape", "a type without one") }
        var shape: [Int] = []
        for (axis, size) in axes.enumerated() {
            switch size {
            case .fixed(let size): shape.append(size)
            case .named(let name):
                if let size = sizes[name] {
                    shape.append(size)
                } else if axis == 0 {
                    shape.append(batchSize)
                } else {
                    throw refused(
                        "a size for axis \(axis)", "the name \"\(name)\"",
                        fix: "give it: sizes: [\"\(name)\": 28]")
                }
            }
        }
        let type = TensorType(dtype, shape)
        guard type.isRepresentable, type.byteCount <= memoryLimit else {
            throw refused("a size that fits \(memoryLimit) bytes", "\(shape)")
        }
        return type
    }

    private mutating func define(_ operand: Operand) throws(FormatError) {
        if operand.name.isEmpty { return }
        guard operands.updateValue(operand, forKey: operand.name) == nil else {
            throw FormatError(
                .malformed, file: model.name, place: "value \(operand.name)",
                expected: "every value once", found: "two of that name")
        }
    }

    // MARK: Nodes

    private mutating func read(_ node: ONNXNode, _ index: Int) throws(FormatError) {
        let inputs = try node.inputs.map { name throws(FormatError) -> Operand? in
            if name.isEmpty { return nil }
            if let operand = operands[name] { return operand }
            throw FormatError(
                .malformed, file: model.name, place: place(node, index),
                expected: "a value named \(name) before the node", found: "none")
        }
        let use = ONNXUse(
            node: node, inputs: inputs, version: version, file: model.name,
            place: place(node, index))
        builder.origin = Origin(path: node.name.isEmpty ? "" : "\(node.name)/\(node.kind)")
        let mark = builder.graph.nodes.count
        // Work that grows faster than its operands is left for the engine.
        let isHeavy = ["Conv", "Gemm", "MatMul", "MaxPool", "AveragePool"].contains(node.kind)
        isFolding = !isHeavy && inputs.allSatisfy { $0 == nil || $0?.constant != nil }
        defer { isFolding = false }
        let results: [Operand]
        do {
            results = try lower(use)
            try checkSizes(from: mark, use)
        } catch let error as FormatError {
            throw error
        } catch let error as ShapeError {
            throw use.refused(error.expected, error.received, .malformed)
        } catch {
            throw use.refused("operands that fit", "\(error)", .malformed)
        }
        let folded = isFolding ? try fold(results, from: mark, use) : results
        for (name, result) in zip(node.outputs, folded) where !name.isEmpty {
            var result = result
            result.name = name
            try define(result)
        }
    }

    private func place(_ node: ONNXNode, _ index: Int) -> String {
        "node \(index), \(node.kind)" + (node.name.isEmpty ? "" : " \"\(node.name)\"")
    }

    private func checkSizes(from mark: Int, _ use: ONNXUse) throws {
        for node in builder.graph.nodes[mark...] where node.type.byteCount > memoryLimit {
            throw use.refused(
                "values of at most \(memoryLimit) bytes", "\(node.type)", .tooLarge)
        }
    }

    /// Computes what was appended since `mark`, and takes it out of the graph again.
    private mutating func fold(
        _ results: [Operand], from mark: Int, _ use: ONNXUse
    ) throws(FormatError) -> [Operand] {
        let appended = builder.graph.nodes[mark...]
        var numbers: [Value: HostTensor] = [:]
        do {
            for (index, node) in zip(appended.indices, appended) {
                if let constant = known[Value(index)] {
                    numbers[Value(index)] = constant
                    continue
                }
                // Shapes and weights are small; a file that asks for more is up to something.
                foldingBudget -= node.type.byteCount
                guard foldingBudget >= 0 else {
                    throw use.refused(
                        "shapes and weights of the file's own size", "\(node.type)", .tooLarge)
                }
                let operands = node.inputs.compactMap { numbers[$0] }
                numbers[Value(index)] = try Interpreter.evaluate(node.op, operands, type: node.type)
            }
        } catch let error as FormatError {
            throw error
        } catch {
            throw use.refused("operands that fit", "\(error)", .malformed)
        }
        builder.graph.nodes.removeSubrange(mark...)
        known = known.filter { $0.key.index < mark }
        return results.map { result in
            guard let value = result.value, value.index >= mark, let number = numbers[value] else {
                return result
            }
            return Operand(name: result.name, type: number.type, constant: number)
        }
    }

    // MARK: Values

    /// The operand as a value of the graph; numbers become a variable or a constant.
    mutating func value(_ operand: Operand) -> Value {
        if isFolding, let constant = operand.constant {
            let value = builder.constant(constant)
            known[value] = constant
            return value
        }
        return materialized(operand)
    }

    private mutating func materialized(_ operand: Operand) -> Value {
        if let value = operands[operand.name]?.value ?? operand.value { return value }
        guard let constant = operand.constant else {
            preconditionFailure("internal: \(operand.name) has neither a value nor numbers")
        }
        let isWeight = constant.type.dtype.isFloatingPoint && constant.type.elementCount > 1
        let value: Value
        if isWeight, !operand.name.isEmpty {
            value = builder.variable(operand.name, constant.type)
            parameters[operand.name] = constant
        } else {
            value = builder.constant(constant)
        }
        operands[operand.name]?.value = value
        return value
    }

    /// A result that is in the graph.
    ///
    /// Changes nothing, but must see the node that its argument has just appended: `mutating` makes
    /// Swift look at the builder after the argument and not before.
    mutating func operand(_ value: Value) -> Operand {
        Operand(name: "", type: builder.type(value), value: value)
    }

    /// A result whose numbers are known.
    func operand(_ constant: HostTensor) -> Operand {
        Operand(name: "", type: constant.type, constant: constant)
    }
}
