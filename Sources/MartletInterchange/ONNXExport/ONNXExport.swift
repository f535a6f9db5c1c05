import Foundation
import Martlet
import MartletFormats
import MartletGraph

/// How a model is written as ONNX.
///
///     let predict = try EvaluationStep(net) { net, x in softmax(net(x)) }
///     var export = ONNXExport()
///     export.classNames = ["zero", "one"]
///     try export.write(predict, inputShape: [1, 28, 28], to: url)
///
/// The file has operator set 13, the first in which softmax works on one axis and axes of sums are
/// operands, and IR version 7: every runtime since the end of 2020 reads it. The size of the batch
/// stays open. Weights have the names of the model's parameters.
public struct ONNXExport: Sendable {
    /// The version of ONNX's operators in the files.
    public static let operatorSet = 13
    /// The names of the graph's input and result.
    public var inputName = "input", outputName = "output"
    /// The names of the classes, written as a JSON list under the property `class_names`.
    public var classNames: [String] = []
    /// More properties for the file, such as how pictures are to be prepared.
    public var properties: [String: String] = [:]

    /// Names as usual, no properties.
    public init() {}

    /// Writes a model of one input and one result to a file.
    ///
    /// - Parameter inputShape: The shape of one example, without the batch.
    /// - Throws: `ModelError` for an operation that ONNX does not have, `FormatError` for the file.
    public func write<Net: Module>(
        _ step: EvaluationStep<Net>, inputShape: [Int], dtype: DataType = .float32, to url: URL
    ) throws {
        try model(step, inputShape: inputShape, dtype: dtype).write(to: url)
    }

    /// The ONNX form of a model of one input and one result; averages of weights where it uses them.
    public func model<Net: Module>(
        _ step: EvaluationStep<Net>, inputShape: [Int], dtype: DataType = .float32
    ) throws -> ONNXModel {
        try model(parameters: { try step.modelValues }) { batchSize in
            try step.modelGraph(for: [TensorType(dtype, [batchSize] + inputShape)])
        }
    }

    /// The ONNX form of a graph that is made for any size of the batch.
    ///
    /// The graph is made for two sizes: what differs between them is the batch.
    ///
    /// - Parameters:
    ///   - parameters: The values of the variables by name, without the prefix `model/`.
    ///   - graph: Gives the graph for a size of the batch.
    public func model(
        parameters: () throws -> [String: HostTensor], graph: (_ batchSize: Int) throws -> Graph
    ) throws -> ONNXModel {
        let sizes = [5, 7]
        let graphs = try sizes.map(graph)
        var lowering = try ONNXLowering(graphs[0], graphs[1], sizes: sizes, try parameters())
        try lowering.run(inputName: inputName, outputName: outputName)
        var model = ONNXModel(
            irVersion: 7, operatorSet: Self.operatorSet, graph: lowering.result)
        model.producerName = "Martlet"
        var metadata = properties.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        if !classNames.isEmpty {
            let list = try JSONEncoder().encode(classNames)
            metadata.append(("class_names", String(decoding: list, as: UTF8.self)))
        }
        model.metadata = metadata.map { (key: $0.0, value: $0.1) }
        return model
    }
}
