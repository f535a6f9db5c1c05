import Foundation
import Martlet
import MartletFormats
import MartletGraph

extension ONNXExport {
    /// The property under which a file keeps what Martlet knows about its model, as JSON.
    public static let descriptionKey = "martlet_description"

    /// The ONNX form of a model file, with its classes and the preparation of pictures as properties.
    ///
    /// The input is float32, N, C, H, W, with the values 0 … 255 of pixels as they are in pictures, or
    /// 0 … the model's own brightest value; their scaling is part of the graph. A model that takes one
    /// picture at a time has a batch of 1.
    ///
    /// - Throws: `ModelError` for an operation that ONNX does not have.
    public func model(_ file: ModelFile) throws -> ONNXModel {
        var export = self
        let description = file.description
        if export.classNames.isEmpty { export.classNames = description.classNames }
        for (key, value) in try Self.properties(of: description)
        where export.properties[key] == nil {
            export.properties[key] = value
        }
        let values = Dictionary(
            file.weights.map { (GraphLayers.path($0.key), $0.value) },
            uniquingKeysWith: { first, _ in first })
        return try export.model(parameters: { values }) { batchSize in
            Self.takingNumbers(
                try file.graph(examples: file.takesAnyCount ? batchSize : 1))
        }
    }

    /// Writes a model file as ONNX.
    public func write(_ file: ModelFile, to url: URL) throws {
        try model(file).write(to: url)
    }

    /// What other programs can know about the input and the results.
    private static func properties(of model: ModelDescription) throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var described = model
        // The properties of a file are for its model; the tree of layers is of no use there.
        described.structure = ""
        let preparation = model.preparation
        var properties = [
            descriptionKey: String(decoding: try encoder.encode(described), as: UTF8.self),
            "model_name": model.name, "output_meaning": model.output.rawValue,
            "preprocessing": "\(preparation.fit.rawValue) to \(preparation.width) x "
                + "\(preparation.height) pixels with the \(preparation.filter.rawValue) filter; "
                + "values 0 to \(model.brightest), which the graph scales itself",
            "Image.BitmapPixelFormat": preparation.channels == 1 ? "Gray8" : "Rgb8",
            "Image.ColorSpaceGamma": "SRGB",
        ]
        if model.brightest == 255 {
            properties["Image.NominalPixelRange"] = "NominalRange_0_255"
        }
        return properties
    }

    /// A graph of bytes as one of numbers, which more runtimes take.
    private static func takingNumbers(_ graph: Graph) -> Graph {
        var graph = graph
        guard let input = graph.inputs.first, input.type.dtype == .uint8 else { return graph }
        let casts = graph.nodes.indices.filter { graph.nodes[$0].inputs.contains(input.value) }
        guard casts.allSatisfy({ graph.nodes[$0].op == .cast(.float32) }) else { return graph }
        let type = input.type.with(dtype: .float32)
        graph.nodes[input.value.index].op = .input(input.name, type)
        graph.nodes[input.value.index].type = type
        let replaced = Set(casts.map { Value($0) })
        func moved(_ value: Value) -> Value { replaced.contains(value) ? input.value : value }
        for index in graph.nodes.indices where !replaced.contains(Value(index)) {
            graph.nodes[index].inputs = graph.nodes[index].inputs.map(moved)
        }
        for index in graph.outputs.indices {
            graph.outputs[index].value = moved(graph.outputs[index].value)
        }
        return graph
    }
}
