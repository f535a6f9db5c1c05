extension Graph {
    /// The graph as text that `init(parsing:)` turns back into an equal graph.
    ///
    ///     martlet-graph 1
    ///     graph train(x: f32[2,3]) -> (loss: f32[])
    ///       %0  -          f32[2,3]  input(x)
    ///       %1  net/relu   f32[2,3]  relu(%0)
    ///       %2  loss       f32[]     reduceSum(%1) axes [0,1]  of %1
    ///       output loss = %2
    ///     end
    ///
    /// The columns are number, path (`-` for none), type, operation with operands and settings,
    /// and the forward node of a gradient. `assign` lines come before `output` lines. Names that
    /// are not plain stand in quotes. Meant for graphs that pass `verify()`.
    public var text: String {
        var lines = ["martlet-graph 1", header]
        let paths = nodes.map { TextName.path($0.origin.path) }
        let types = nodes.map(\.type.description)
        let widths = [
            "%\(max(0, nodes.count - 1))".count, Self.width(of: paths), Self.width(of: types),
        ]
        for index in nodes.indices {
            let columns = ["%\(index)", paths[index], types[index]]
            var line = " "
            for (column, width) in zip(columns, widths) {
                line +=
                    " " + column + String(repeating: " ", count: max(0, width - column.count) + 1)
            }
            lines.append(line + " " + nodes[index].text)
        }
        lines += assignments.map { "  assign \(TextName.text($0.variable)) = \($0.value)" }
        lines += outputs.map { "  output \(TextName.text($0.name)) = \($0.value)" }
        return lines.joined(separator: "\n") + "\nend\n"
    }

    /// The second line of the text.
    var header: String {
        let inputs = Self.list(inputs.map { ($0.name, $0.type.description) })
        let outputs = Self.list(
            outputs.map {
                let exists = nodes.indices.contains($0.value.index)
                return ($0.name, exists ? self[$0.value].type.description : "?")
            })
        return "graph \(TextName.text(name))\(inputs) -> \(outputs)"
    }

    static func list(_ entries: [(name: String, type: String)]) -> String {
        let entries = entries.map { "\(TextName.text($0.name)): \($0.type)" }
        return "(" + entries.joined(separator: ", ") + ")"
    }

    /// The width of a column, which a few very long entries may exceed.
    private static func width(of column: [String]) -> Int {
        min(40, column.lazy.map(\.count).max() ?? 0)
    }
}

extension Node {
    /// The operation with operands, settings and forward node: `relu(%1)`.
    var text: String {
        let operands =
            switch op {
            case .input(let name, _), .variable(let name, _): TextName.text(name)
            case .constant(let tensor): ConstantText.text(tensor)
            default: inputs.map(\.description).joined(separator: ", ")
            }
        let attributes = op.attributeText
        return "\(op.name)(\(operands))" + (attributes.isEmpty ? "" : " \(attributes)")
            + (origin.forward.map { "  of \($0)" } ?? "")
    }
}

extension Value: CustomStringConvertible {
    /// The number in the form of graph text, `%17`.
    public var description: String { "%\(index)" }
}
