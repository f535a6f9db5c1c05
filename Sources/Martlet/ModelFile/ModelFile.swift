import Foundation
import MartletCompiler
import MartletData
import MartletGraph

/// A trained model in one file: graph, weights, class names, and how pictures become its input.
///
/// Predicting needs nothing else, least of all the source of the model: see `Classifier`. The file is
/// in the safetensors layout, so other tools can read the weights, which have PyTorch's names.
public struct ModelFile: Sendable {
    /// What is known about the model.
    public var description: ModelDescription
    /// The values that the graph reads, by the names of its variables, `model/conv1.weight`.
    public private(set) var weights: [String: HostTensor]
    /// The graph for any number of examples, or for one.
    private let graphs: Graphs

    private enum Graphs: Sendable {
        case template(GraphTemplate)
        case single(Graph)
    }

    /// Takes a model as it is traced for inference.
    ///
    /// - Parameters:
    ///   - description: What is known about the model, its class names among it.
    ///   - values: Gives the value of a variable of the graph.
    ///   - graph: The graph from pictures, `u8[n,C,H,W]`, to results for `n` examples.
    /// - Throws: `ModelError` for a graph that takes anything but bytes, or is too large.
    public init(
        _ description: ModelDescription, values: (_ variable: String) throws -> HostTensor,
        graph: (_ examples: Int) throws -> Graph
    ) throws {
        let one = try graph(1)
        self.description = description
        weights = Dictionary(
            try one.variables.map { ($0.name, try values($0.name)) }
        ) { first, _ in first }
        if let template = GraphTemplate(graph), try Self.hasResults(template.graph(2), for: 2) {
            graphs = .template(template)
        } else {
            graphs = .single(one)
        }
        if let problem = Self.problem(of: one, description.preparation) {
            throw ModelError(
                function: "modelFile", operation: description.name, expected: problem.expected,
                received: problem.found)
        }
    }

    /// The same model with other values of all its weights.
    ///
    /// - Throws: `ModelError` unless names and types are those of `weights`.
    public func replacingWeights(_ values: [String: HostTensor]) throws -> ModelFile {
        let names = Set(values.keys).union(weights.keys).sorted()
        if let name = names.first(where: { values[$0]?.type != weights[$0]?.type }) {
            throw ModelError(
                function: "replacingWeights", path: name,
                expected: weights[name].map { "\($0.type)" } ?? "no such weight",
                received: values[name].map { "\($0.type)" } ?? "none")
        }
        var model = self
        model.weights = values
        return model
    }

    /// Whether the graph is for any number of examples; otherwise it takes one at a time.
    public var takesAnyCount: Bool {
        if case .template = graphs { true } else { false }
    }

    /// The graph for a number of examples, 1 unless `takesAnyCount`.
    public func graph(examples: Int) throws -> Graph {
        switch graphs {
        case .template(let template): try template.graph(examples)
        case .single(let graph): graph
        }
    }

    /// The numbers that the model gives for one picture.
    package var resultCount: Int {
        get throws {
            let graph = try graph(examples: 1)
            return graph.outputs.first.map { graph[$0.value].type.elementCount } ?? 0
        }
    }

    // MARK: Files

    /// Reads a file and checks all of it; nothing in it is ever run as code.
    ///
    /// - Throws: `CheckpointError` for a file that is not there, damaged, of a newer version, or not a
    ///   model.
    public init(contentsOf url: URL) throws(CheckpointError) {
        let file = try CheckpointFile(contentsOf: url, .model)
        try file.checkVersion()
        do {
            description = try file.decoded("description")
            weights = file.tensors
            if let text = file.texts["template"] {
                guard let template = GraphTemplate(parsing: text) else {
                    throw ModelFile.unreadable("the graph's template")
                }
                graphs = .template(template)
            } else {
                graphs = .single(try Graph(parsing: file.texts["graph"] ?? ""))
            }
            try check(try graph(examples: 1))
            if takesAnyCount, !Self.hasResults(try graph(examples: 2), for: 2) {
                throw ModelFile.unreadable("a graph without a result for each of two pictures")
            }
        } catch {
            throw CheckpointError(
                .damaged, file: url.path, "its model cannot be read", ["\(error)"])
        }
    }

    /// Writes the file; it is complete or not there.
    ///
    /// - Throws: `CheckpointError` of kind `unwritable`, also for a description that does not fit the
    ///   model; an older file then stays as it was.
    public func write(to url: URL) throws {
        do {
            try check(try graph(examples: 1))
        } catch {
            throw CheckpointError(
                .unwritable, file: url.path, "its parts do not belong together", ["\(error)"])
        }
        var file = CheckpointFile(tensors: weights, .model)
        try file.encode(description, "description")
        file.change { texts, _ in
            switch graphs {
            case .template(let template): texts["template"] = template.text
            case .single(let graph): texts["graph"] = graph.text
            }
        }
        try file.write(to: url)
    }

    /// Throws unless graph, weights and description belong together.
    private func check(_ graph: Graph) throws {
        if let problem = Self.problem(of: graph, description.preparation) {
            throw Self.unreadable("\(problem.found) where there should be \(problem.expected)")
        }
        guard let output = graph.outputs.first, graph.outputs.count == 1,
            graph[output.value].type.dtype == .float32, Self.hasResults(graph, for: 1)
        else { throw Self.unreadable("a graph without one result for each picture") }
        let width = graph[output.value].type.elementCount
        if description.output != .values, width < description.classNames.count {
            throw Self.unreadable(
                "\(width) results for \(description.classNames.count) class names")
        }
        guard !description.classNames.isEmpty, description.brightest > 0 else {
            throw Self.unreadable("a description without class names or brightness")
        }
        guard graph.assignments.isEmpty else { throw Self.unreadable("a graph that trains") }
        for (name, type, _) in graph.variables where weights[name]?.type != type {
            throw Self.unreadable("weights without \(name) \(type)")
        }
    }

    private static func unreadable(_ found: String) -> EngineError {
        EngineError("the file holds \(found)")
    }
}
