extension Graph {
    /// The graph in Graphviz' language, for `dot -Tsvg`.
    ///
    /// Values are boxes, inputs and state are ellipses, nodes of gradients are dashed.
    public var dot: String {
        var lines = [
            "digraph \(Self.quoted([name])) {",
            "    node [shape=box, fontname=\"monospace\", fontsize=10];",
        ]
        for (index, node) in nodes.enumerated() {
            var style = ""
            if node.inputs.isEmpty { style += ", shape=ellipse" }
            if node.origin.forward != nil { style += ", style=dashed" }
            lines.append("    n\(index) [label=\(Self.quoted(node.dotLabel(index)))\(style)];")
            lines += node.inputs.map { "    n\($0.index) -> n\(index);" }
        }
        for (index, output) in outputs.enumerated() {
            lines.append("    o\(index) [label=\(Self.quoted([output.name])), shape=plaintext];")
            lines.append("    n\(output.value.index) -> o\(index);")
        }
        for (index, assignment) in assignments.enumerated() {
            let label = Self.quoted(["assign", assignment.variable])
            lines.append("    a\(index) [label=\(label), shape=plaintext];")
            lines.append("    n\(assignment.value.index) -> a\(index);")
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// The lines of a label as one quoted string.
    private static func quoted(_ lines: [String]) -> String {
        var text = ""
        for scalar in lines.joined(separator: "\n").unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r", "\0": text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "\"" + text + "\""
    }
}

extension Node {
    fileprivate func dotLabel(_ index: Int) -> [String] {
        let title =
            switch op {
            case .input(let name, _), .variable(let name, _): "\(op.name) \(name)"
            case .constant(let tensor) where tensor.type.rank == 0:
                "constant \(ConstantText.text(tensor))"
            default: op.name
            }
        let extra = [op.attributeText, origin.path].filter { !$0.isEmpty }
        return ["%\(index) \(title)"] + extra + [type.description]
    }
}
