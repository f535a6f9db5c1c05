import Foundation
import Martlet
import MartletFormats
import MartletGraph

/// Makes model files of models of other programs, for `Classifier` and the commands.
///
///     var importer = ModelImport()
///     importer.scaling = .symmetric()
///     let model = try importer.model(ONNXModel(contentsOf: url)).file
///
/// A file of another program tells little about its pictures. What is not given here is taken from the
/// file's own properties where Martlet wrote them, and assumed otherwise; every assumption is named in
/// the result.
public struct ModelImport: Sendable {
    /// A model with what had to be assumed about it.
    public struct Result: Sendable {
        /// The model.
        public var file: ModelFile
        /// What neither the file nor the caller told, as sentences.
        public var assumptions: [String]
        /// Whether the classes have names of their own, not numbers.
        public var hasClassNames: Bool
    }

    /// The name of the model; the file's unless given.
    public var name: String?
    /// Channels, height and width of a picture; read off the model's input unless given.
    public var imageShape: [Int]?
    /// What becomes of the bytes of a picture; 0 … 1 unless given or known.
    public var scaling: Scaling?
    /// The names of the classes in the order of the results; numbers unless given or known.
    public var classNames: [String]?
    /// What the results mean; found by the last operation unless given.
    public var output: Loss.Output?
    /// More facts for the description, by name.
    public var facts: [String: String] = [:]

    /// Nothing is given.
    public init() {}

    /// A model of ONNX of one input, a picture, and as its first result one row of numbers.
    ///
    /// - Throws: `FormatError` for a model that cannot be read, or is none for pictures.
    public func model(_ onnx: ONNXModel) throws -> Result {
        let form = try ONNXPictureForm(onnx, imageShape: imageShape)
        let known = ONNXPictureForm.description(of: onnx)
        var assumptions: [String] = []
        // A file of ours scales in its graph.
        let scaling = self.scaling ?? (known == nil ? nil : .bytes)
        if self.scaling != nil, form.takesBytes {
            throw FormatError(
                .unsupported, file: onnx.name,
                expected: "no scaling, as the model takes bytes and scales them itself",
                found: "one", fix: "leave it out")
        }
        if scaling == nil, !form.takesBytes {
            assumptions.append("pixels are taken as numbers from 0 to 1")
        }
        let pictures = ONNXPictures(
            model: onnx, form: form, scaling: form.takesBytes ? .bytes : scaling ?? .unit())
        let (meaning, count) = try results(try pictures.graph(examples: 1), onnx.name)
        var names = classNames ?? known?.classNames ?? Self.classNames(in: onnx)
        if classNames == nil, known == nil, let found = names?.count, found != count {
            assumptions.append("its \(found) class names are left out, as it has \(count) results")
            names = nil
        }
        let description = try described(
            known, onnx.name, form.imageShape, names, count, meaning, &assumptions)
        let values = try pictures.weights()
        let file = try ModelFile(description) { variable in
            guard let value = values[variable] else {
                throw FormatError(
                    .malformed, file: onnx.name, place: variable, expected: "numbers",
                    found: "none")
            }
            return value
        } graph: {
            try pictures.graph(examples: $0)
        }
        return Result(file: file, assumptions: assumptions, hasClassNames: names != nil)
    }

    /// A model of Keras that was rebuilt.
    ///
    /// - Parameter name: What to call the file in messages.
    /// - Throws: `FormatError` for a model that takes anything but pictures.
    public func model(_ keras: KerasNetwork, file name: String) throws -> Result {
        let shape = keras.inputShape
        guard PicturePreparation.isPossible(imageShape: shape) else {
            throw FormatError(
                .unsupported, file: name, expected: "a model of pictures in grey or colour",
                found: "one of \(shape)")
        }
        var assumptions: [String] = []
        let scaling = self.scaling ?? (keras.takesBytes ? .bytes : nil)
        if scaling == nil { assumptions.append("pixels are taken as numbers from 0 to 1") }
        let probe = try EvaluationStep(keras.model) { net, x in net(x) }
            .graph(for: [TensorType(.float32, [1] + shape)])
        let (meaning, count) = try results(probe, name)
        let description = try described(
            nil, name, shape, classNames, count, meaning, &assumptions)
        let file = try ModelFile(
            description, network: keras.model, scaling: scaling ?? .unit())
        return Result(
            file: file, assumptions: assumptions, hasClassNames: classNames != nil)
    }

    private func described(
        _ known: ModelDescription?, _ file: String, _ shape: [Int], _ names: [String]?,
        _ count: Int, _ meaning: Loss.Output, _ assumptions: inout [String]
    ) throws -> ModelDescription {
        if names == nil { assumptions.append("the classes have numbers for names") }
        let meaning = output ?? known?.output ?? meaning
        let classes = names ?? (0..<max(1, count)).map { String($0) }
        guard meaning == .values || classes.count == count else {
            throw FormatError(
                .unsupported, file: file, expected: "a result for each of \(classes.count) classes",
                found: "\(count)")
        }
        if var description = known {
            if let name { description.name = name }
            description.classNames = classes
            description.output = meaning
            description.facts.merge(facts) { $1 }
            return description
        }
        let plain = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        return ModelDescription(
            name: name ?? plain, classNames: classes, output: meaning,
            preparation: PicturePreparation(width: shape[2], height: shape[1], channels: shape[0]),
            facts: facts)
    }

    /// The property that most programs use for class names, a list in JSON.
    private static func classNames(in onnx: ONNXModel) -> [String]? {
        let text = onnx.metadata.first { $0.key == "class_names" }?.value
        return text.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
    }

    /// What the first result of a graph for one picture means, and how many numbers it has.
    private func results(
        _ graph: Graph, _ file: String
    ) throws(FormatError) -> (meaning: Loss.Output, count: Int) {
        guard var value = graph.outputs.first?.value else { return (.values, 0) }
        let count = graph[value].type.elementCount
        while true {
            switch graph[value].op {
            case .reshape, .cast, .transpose, .broadcast: value = graph[value].inputs[0]
            case .softmax: return (.probabilities, count)
            case .logSoftmax: return (.logProbabilities, count)
            case .unary(.sigmoid) where count > 1: return (.probabilities, count)
            case .unary(.sigmoid) where output == nil:
                throw FormatError(
                    .unsupported, file: file,
                    expected: "a result for each class, of which there are two or more",
                    found: "one probability, of one class against the other",
                    fix:
                        "end the model with two results and a softmax; in Swift, give output: .values"
                )
            default: return (count == 1 ? .values : .logits, count)
            }
        }
    }
}
