import Foundation
import MartletCompiler
import MartletData
import MartletGraph

extension Trainer {
    /// The model as it is now, ready to be written to a file.
    ///
    /// Averages of weights have the names of the weights in it.
    ///
    /// - Throws: `ModelError` for a model that cannot be traced.
    public func modelFile(_ description: ModelDescription) throws -> ModelFile {
        try modelFile(description, of: try predictionStep())
    }

    /// Writes the model so that `Classifier` predicts with it.
    ///
    /// Where the training pixels are numbers that are no bytes, the byte 255 of a picture is taken as
    /// their full brightness.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - name: What the model is called; the name of its type unless given.
    ///   - data: The training data, whose class names, size and brightness the file takes over.
    ///   - ink: Light and dark in the training pictures.
    ///   - preparation: How pictures become input; squashed to the size unless given.
    ///   - facts: What else is worth knowing, by name.
    /// - Throws: `ModelError` when the training pixels are numbers outside of 0 … full brightness, so
    ///   that nothing tells what the bytes of a picture are in them, and for inputs that are no pictures
    ///   of 1 or 3 channels unless a preparation is given.
    public func saveModel(
        to url: URL, name: String? = nil, trainedOn data: Dataset,
        ink: ModelDescription.Ink = .any, preparation: PicturePreparation? = nil,
        facts: [String: String] = [:]
    ) throws {
        let shape = inputShape
        guard preparation != nil || PicturePreparation.isPossible(imageShape: shape) else {
            throw ModelError(
                function: "saveModel", operation: "saveModel(\(shape))",
                expected: "pictures of 1 or 3 channels", received: "the shape \(shape)",
                fix: "save a checkpoint, which holds all values")
        }
        var description = ModelDescription(
            name: name ?? "\(Net.self)", classNames: data.classNames, output: loss.output,
            preparation: preparation
                ?? PicturePreparation(width: shape[2], height: shape[1], channels: shape[0]),
            brightest: data.brightest, ink: ink, facts: facts)
        guard data.pixelType == .float32 else {
            try modelFile(description).write(to: url)
            return
        }
        try requireBrightness(data)
        description.brightest = 255
        try modelFile(description, of: try byteStep(brightest: data.brightest)).write(to: url)
    }

    private func modelFile(
        _ given: ModelDescription, of step: EvaluationStep<Net>
    ) throws -> ModelFile {
        var description = given
        description.output = loss.output
        if description.structure.isEmpty { description.structure = model.structure }
        let values = try step.modelValues
        return try ModelFile(description) { variable in
            // A second model of the same state has a mark behind its names.
            var path = variable.dropFirst("model/".count)
            while values[String(path)] == nil, path.last == "'" { path.removeLast() }
            guard let value = values[String(path)] else {
                throw ModelError(
                    function: "modelFile", path: variable, expected: "a parameter with a value",
                    received: "none")
            }
            return value
        } graph: { examples in
            try step.modelGraph(for: [TensorType(.uint8, [examples] + self.inputShape)])
        }
    }

    /// The results of a model that was trained on numbers, for bytes.
    private func byteStep(brightest: UInt8) throws -> EvaluationStep<Net> {
        try EvaluationStep(
            model, weights: evaluationWeights, seed: seed, engine: state.engine
        ) { [unowned self] (_: Net, inputs: [Tensor]) in
            inputs.prefix(1).map { x in
                let numbers = x.cast(to: .float32) / (255 / Double(brightest))
                return model(scaled(numbers)).cast(to: .float32)
            }
        }
    }

    private func requireBrightness(_ data: Dataset) throws {
        // `pixels` gives 1 for full brightness.
        for index in data.indices {
            guard let wrong = try data.pixels([index]).first(where: { !(0...1).contains($0) })
            else { continue }
            throw ModelError(
                function: "saveModel", operation: data.name,
                expected: "bytes, or numbers from 0 to \(data.brightest)",
                received: "\(wrong * Float(data.brightest)) in \(data.origin(of: index))",
                fix: "train on pixels from 0 to \(data.brightest), and let scaling: do the rest")
        }
    }
}
