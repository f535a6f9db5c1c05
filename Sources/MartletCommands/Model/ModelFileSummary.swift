import Martlet
import MartletData

/// A model file as a table or tree of layers, with what is known about it.
struct ModelFileSummary {
    private let file: ModelFile
    private let layers: [Layer]

    /// One layer as the graph shows it.
    struct Layer: Encodable {
        var path: String
        /// The operations that it runs, `conv2D relu`.
        var operations: [String]
        /// The shape of its result for one picture.
        var outputShape: [Int]
        var parameterCount: Int
    }

    /// Reads the layers off the graph for one picture.
    init(_ file: ModelFile) throws {
        self.file = file
        let graph = try file.graph(examples: 1)
        var layers: [Layer] = []
        for node in graph.nodes where !node.origin.path.isEmpty {
            let parts = node.origin.path.split(separator: "/")
            let path = parts.dropLast().joined(separator: "/")
            let operation = String(parts.last ?? "")
            if layers.last?.path != path || path.isEmpty {
                layers.append(
                    Layer(path: path, operations: [], outputShape: [], parameterCount: 0))
            }
            layers[layers.count - 1].outputShape = node.type.shape
            if layers[layers.count - 1].operations.last != operation {
                layers[layers.count - 1].operations.append(operation)
            }
        }
        // Each parameter belongs to the layer with the longest path that begins its name.
        for (name, value) in file.weights {
            let plain = name.hasPrefix("model/") ? name.dropFirst(6) : name[...]
            let owner = layers.indices.filter { plain.hasPrefix(layers[$0].path + ".") }
                .max { layers[$0].path.count < layers[$1].path.count }
            if let owner { layers[owner].parameterCount += value.type.elementCount }
        }
        self.layers = layers
    }

    private var parameterCount: Int {
        file.weights.values.reduce(0) { $0 + $1.type.elementCount }
    }

    /// The summary for a terminal.
    func text(_ style: SummaryStyle) -> String {
        let model = file.description
        let preparation = model.preparation
        var rows = [
            ("model", model.name),
            ("classes", "\(model.classNames.count): " + Self.few(model.classNames)),
            (
                "input",
                "u8[n,\(preparation.imageShape.map { String($0) }.joined(separator: ","))], "
                    + "0 … \(model.brightest); pictures by \(preparation.fit), "
                    + "\(preparation.filter)"
            ),
            ("ink", "\(model.ink)"), ("results", "\(model.output)"),
        ]
        rows += model.facts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        let head = rows.map {
            $0 + String(repeating: " ", count: width - $0.count) + $1
        }.joined(separator: "\n")
        let body = style == .torch && !model.structure.isEmpty ? model.structure : table
        return head + "\n\n" + body + "\n\n" + tensors
            + "\n\ntotal parameters: \(parameterCount)"
    }

    private static func few(_ names: [String]) -> String {
        names.prefix(12).joined(separator: " ") + (names.count > 12 ? " …" : "")
    }

    private var table: String {
        var table = TextTable(["layer", "operations", "output shape", "parameters"])
        for layer in layers {
            let shape = ["n"] + layer.outputShape.dropFirst().map { String($0) }
            table.add([
                layer.path.isEmpty ? "-" : layer.path, layer.operations.joined(separator: " "),
                "[" + shape.joined(separator: ", ") + "]", String(layer.parameterCount),
            ])
        }
        return table.text
    }

    private var tensors: String {
        var table = TextTable(["tensor", "type", "numbers"])
        for (name, value) in file.weights.sorted(by: { $0.key < $1.key }) {
            table.add([name, value.type.description, String(value.type.elementCount)])
        }
        return table.text
    }

    /// What `--json` prints.
    struct Record: Encodable {
        var path: String
        var description: ModelDescription
        var layers: [Layer]
        var tensors: [String: [Int]]
        var parameterCount: Int
    }

    /// The summary as a record.
    func record(_ path: String) -> Record {
        Record(
            path: path, description: file.description, layers: layers,
            tensors: file.weights.mapValues(\.type.shape), parameterCount: parameterCount)
    }
}
