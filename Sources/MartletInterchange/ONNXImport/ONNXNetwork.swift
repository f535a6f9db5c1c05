import Foundation
import MartletCompiler
import MartletFormats
import MartletGraph

/// A network read from an ONNX file: a graph that every engine runs, with the values of its weights.
///
///     let network = try ONNXNetwork(contentsOf: url, batchSize: 8)
///     let scores = try network.executable(on: Engines.current())([pictures])[0]
///
/// Weights of more than one number are variables under their ONNX names, everything else is part of
/// the graph. What depends on weights and shapes alone is computed while reading.
public struct ONNXNetwork: Sendable {
    /// The graph for one size of the batch.
    public let graph: Graph
    /// The values of the graph's variables by name.
    public let parameters: [String: HostTensor]
    /// The properties of the file by name, such as class names.
    public let metadata: [String: String]

    /// Reads the file at `url`.
    public init(
        contentsOf url: URL, batchSize: Int = 1, sizes: [String: Int] = [:]
    ) throws(FormatError) {
        try self.init(ONNXModel(contentsOf: url), batchSize: batchSize, sizes: sizes)
    }

    /// Turns a model that was read into a graph.
    ///
    /// - Parameters:
    ///   - batchSize: The size of the first axis of inputs where the file leaves it open.
    ///   - sizes: The sizes of other axes that the file only names.
    ///   - memoryLimit: The largest number of bytes for one value of the graph.
    /// - Throws: `FormatError` for an operator that is not read here, by name, and for a model that
    ///   does not fit together, with the node.
    public init(
        _ model: ONNXModel, batchSize: Int = 1, sizes: [String: Int] = [:],
        memoryLimit: Int = 4 << 30
    ) throws(FormatError) {
        precondition(batchSize > 0, "ONNXNetwork: batchSize must be positive, got \(batchSize)")
        var importer = try ONNXImporter(model, memoryLimit: memoryLimit)
        try importer.run(batchSize: batchSize, sizes: sizes)
        graph = importer.builder.graph
        let read = Set(graph.variables.map(\.name))
        parameters = importer.parameters.filter { read.contains($0.key) }
        metadata = Dictionary(model.metadata.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// The plan of the network on an engine, with its weights.
    public func executable(on engine: any Engine) throws -> any Executable {
        let store = engine.makeStore()
        for (name, value) in parameters { try store.write(name, value) }
        return try engine.compile(graph, store: store)
    }
}
