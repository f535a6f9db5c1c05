import MartletGraph

extension Module {
    /// The modules as a tree with their settings.
    ///
    ///     Net(
    ///       (conv1): Conv2D(1, 10, kernelSize: 5)
    ///       (fc1): Dense(320, 50, activation: .relu)
    ///     )
    ///
    /// Sizes that a layer infers show once they are fixed by the first trace.
    public var structure: String { StructureText(ModelView(self)).text }
}

extension Layer {
    /// The same with every size that examples of a shape lead to, and the shape of each result.
    ///
    /// - Parameters:
    ///   - inputShape: The shape of one example, without the batch.
    ///   - dtype: The element type of the examples.
    /// - Throws: `ModelError` for a mistake in the model or an input that does not fit it.
    public func structure(inputShape: [Int], dtype: DataType = .float32) throws -> String {
        StructureText(try ModelView(self, inputShape, dtype) { self($0) }).text
    }
}

/// Sets a model's tree as text.
private struct StructureText {
    private let view: ModelView
    private let children: [Int: [Int]]
    private let outputs: [ObjectIdentifier: String]

    init(_ view: ModelView) {
        self.view = view
        var children: [Int: [Int]] = [:]
        for (index, node) in view.discovery.modules.enumerated() {
            if let parent = node.parent { children[parent, default: []].append(index) }
        }
        self.children = children
        outputs = Dictionary(
            view.shapes.map { ($0.module, "  → \($0.shape.outputText)") }
        ) { first, _ in first }
    }

    var text: String { lines(0).joined(separator: "\n") }

    private func lines(_ index: Int) -> [String] {
        let node = view.discovery.modules[index]
        let kind = String(describing: type(of: node.module))
        let settings = view.settings[index]
        let output = outputs[ObjectIdentifier(node.module)] ?? ""
        guard let below = children[index] else { return ["\(kind)(\(settings))\(output)"] }
        var result = ["\(kind)("]
        if !settings.isEmpty { result.append("  \(settings)") }
        for child in below {
            var part = lines(child)
            let name = view.discovery.modules[child].path
                .dropFirst(node.path.isEmpty ? 0 : node.path.count + 1)
            part[0] = "(\(name)): \(part[0])"
            result += part.map { "  \($0)" }
        }
        return result + [")\(output)"]
    }
}
