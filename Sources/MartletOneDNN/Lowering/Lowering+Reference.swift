import MartletGraph
import MartletReference

/// One node computed by the reference interpreter, for what the fast kernels do not cover.
final class ReferenceStep: Step {
    private let node: Node
    private let operands: [(type: TensorType, address: UnsafeMutableRawPointer)]
    private let target: UnsafeMutableRawPointer

    init(
        _ node: Node, _ operands: [(type: TensorType, address: UnsafeMutableRawPointer)],
        _ target: UnsafeMutableRawPointer
    ) {
        (self.node, self.operands, self.target) = (node, operands, target)
    }

    func run() throws {
        let inputs = operands.map { operand in
            HostTensor(
                type: operand.type,
                bytes: Array(
                    UnsafeRawBufferPointer(
                        start: operand.address, count: operand.type.byteCount)))
        }
        let result = try Interpreter.evaluate(node.op, inputs, type: node.type)
        result.bytes.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress, !bytes.isEmpty {
                target.copyMemory(from: source, byteCount: bytes.count)
            }
        }
    }
}

extension Lowering {
    /// Appends a step that interprets the node.
    func lowerOnReference(_ value: Value, _ node: Node) throws {
        let operands = try node.inputs.map {
            (type: graph[$0].type, buffer: try plainPlacement(of: $0).buffer)
        }
        let target = place(value, in: .plain(node.type.rank)).buffer
        guard node.type.elementCount > 0 else { return }
        steps.append(
            PendingStep(
                label: "\(node.op.name) [reference]", value: value,
                reads: operands.map(\.buffer), writes: [target]
            ) { bindings in
                ReferenceStep(
                    node, operands.map { ($0.type, bindings[$0.buffer]) }, bindings[target])
            })
    }

    /// Interprets every node of a group.
    func lowerGroupOnReference(_ group: Group) throws {
        for member in group.members {
            let node = graph.nodes[member]
            try lowerOnReference(Value(member), node)
        }
    }

    /// The numbers that `iota` stands for.
    func iota(_ type: TensorType, axis: Int) -> HostTensor {
        let result = try? Interpreter.evaluate(.iota(type, axis: axis), [], type: type)
        return result ?? HostTensor(zeros: type)
    }
}
