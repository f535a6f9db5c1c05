import MartletGraph

extension EventWriter {
    /// Notes a graph for TensorBoard's graph page.
    public func graph(_ graph: Graph) throws(FormatError) {
        try write(Event(time: 0, step: 0, .graph(EventGraph.bytes(graph))))
    }
}

/// A graph as TensorFlow's `GraphDef`, which is what TensorBoard draws.
///
/// - Source: `graph.proto`, `node_def.proto` and `attr_value.proto` of TensorFlow.
enum EventGraph {
    static func bytes(_ graph: Graph) -> [UInt8] {
        var writer = ProtobufWriter()
        let names = names(graph)
        for (index, node) in graph.nodes.enumerated() {
            writer.message(1) {
                $0.text(1, names[index])
                $0.text(2, node.op.name)
                for input in node.inputs { $0.text(3, names[input.index]) }
                $0.message(5) { entry in
                    entry.text(1, "_output_shapes")
                    entry.message(2) { shapes(&$0, node.type) }
                }
            }
        }
        for output in graph.outputs {
            writer.message(1) {
                $0.text(1, "result/\(output.name)")
                $0.text(2, "output")
                $0.text(3, names[output.value.index])
            }
        }
        writer.message(4) { $0.integer(1, 22) }
        return writer.bytes
    }

    /// An attribute value that is a list of one shape.
    private static func shapes(_ writer: inout ProtobufWriter, _ type: TensorType) {
        writer.message(1) { list in
            list.message(7) { shape in
                for size in type.shape { shape.message(2) { $0.integer(1, Int64(size)) } }
            }
        }
    }

    /// A name for each node: its place in the model, with slashes, which TensorBoard folds.
    private static func names(_ graph: Graph) -> [String] {
        var used: Set<String> = []
        return graph.nodes.map { node in
            var name: String
            switch node.op {
            case .input(let input, _): name = input
            case .variable(let variable, _): name = variable
            default: name = node.origin.path.isEmpty ? node.op.name : node.origin.path
            }
            name = String(name.map { allowed($0) ? $0 : $0 == "." ? "/" : "_" })
            if name.isEmpty || name.hasPrefix("/") || name.hasPrefix("_") { name = "node" + name }
            var unique = name
            var number = 1
            while !used.insert(unique).inserted {
                unique = "\(name)_\(number)"
                number += 1
            }
            return unique
        }
    }

    private static func allowed(_ letter: Character) -> Bool {
        letter.isASCII && (letter.isLetter || letter.isNumber) || "_-/\\>".contains(letter)
    }
}
