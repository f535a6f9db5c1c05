import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import Testing

/// Models of other programs as model files, and model files as models of other programs.
@Suite struct ModelImportTests {
    /// Pictures of random bytes with labels.
    private func pictures(_ shape: [Int], count: Int = 7) -> Dataset {
        let size = shape.reduce(1, *)
        let bytes = (0..<count * size).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3 ^ $0) }
        return Dataset(
            name: "noise", images: bytes, imageShape: shape,
            labels: (0..<count).map { Int32($0 % 10) }, classNames: Dataset.digitNames)
    }

    private func file(
        _ net: some Layer, _ shape: [Int], _ output: Loss.Output = .logits,
        scaling: Scaling = .unit()
    ) throws -> ModelFile {
        try ModelFile(
            ModelDescription(
                name: "net", classNames: Dataset.digitNames, output: output,
                preparation: PicturePreparation(
                    width: shape[2], height: shape[1], channels: shape[0], fit: .crop),
                ink: .lightOnDark, facts: ["data": "mnist"]), network: net, scaling: scaling,
            seed: 3)
    }

    /// What a model makes of raw pictures is the same after the way through ONNX, and so is all that
    /// its file says.
    @Test(arguments: [
        Scaling.unit(), .symmetric(),
        .standard(
            mean: [0.5, 0.4, 0.3], standardDeviation: [0.2, 0.3, 0.25]),
    ])
    func comesBackFromONNX(scaling: Scaling) throws {
        let shape = [3, 16, 16]
        let model = try file(FixtureNets.Residual(), shape, scaling: scaling)
        let onnx = try ONNXExport().model(model)
        #expect(onnx.graph.inputs.map(\.element) == [.float32])
        #expect(onnx.graph.inputs.first?.shape?.first == .named("batch"))
        let properties = Dictionary(onnx.metadata.map { ($0.key, $0.value) }) { first, _ in first }
        #expect(properties["Image.BitmapPixelFormat"] == "Rgb8")
        #expect(properties["Image.NominalPixelRange"] == "NominalRange_0_255")
        #expect(properties["class_names"]?.hasPrefix(#"["0","1""#) == true)
        let again = try ModelImport().model(
            try ONNXModel(FileContents(onnx.bytes(), name: "net.onnx")))
        #expect(again.assumptions.isEmpty && again.hasClassNames)
        #expect(again.file.takesAnyCount)
        var (found, wanted) = (again.file.description, model.description)
        (found.structure, wanted.structure) = ("", "")
        #expect(found == wanted)
        let data = pictures(shape)
        Fixtures.expectClose(
            try Classifier(again.file).predict(data).outputs,
            try Classifier(model).predict(data).outputs, "through ONNX")
    }

    @Test(arguments: [
        ("cnn_small", Loss.Output.logProbabilities, [1, 28, 28]),
        ("keras_cnn_narrowed", .logits, [1, 28, 28]), ("linear", .values, [1, 28, 28]),
        ("lenet_color_narrowed", .logits, [3, 32, 32]),
    ]) func understandsWhatPyTorchExports(
        name: String, output: Loss.Output, shape: [Int]
    ) throws {
        let onnx = try ONNXModel(contentsOf: Fixtures.url("onnx/\(name).onnx"))
        var importer = ModelImport()
        importer.scaling = .symmetric()
        let result = try importer.model(onnx)
        #expect(!result.hasClassNames)
        #expect(result.file.description.output == output)
        #expect(result.file.description.preparation.imageShape == shape)
        // The same numbers as by hand: bytes scaled first.
        let data = pictures(shape, count: 3)
        let network = try ONNXNetwork(onnx, batchSize: 3)
        var numbers: [Float] = []
        for index in data.indices {
            numbers += try data.image(index).map { Float(Double($0) * (2 / 255) - 1) }
        }
        let input = HostTensor(numbers, shape: network.graph.inputs[0].type.shape)
        let plan = try network.executable(on: Engines.current())
        let wanted = try plan([input])[0]
        Fixtures.expectClose(
            try Classifier(result.file).predict(data).outputs, wanted, name)
    }

    @Test func takesModelsOfKeras() throws {
        let url = Fixtures.neighbour("MartletFormatsTests/Fixtures/weights/cnn.keras")
        let keras = try KerasNetwork(contentsOf: url)
        let result = try ModelImport().model(keras, file: "cnn.keras")
        #expect(result.assumptions.count == 2)
        let data = pictures([1, 28, 28])
        let numbers = try data.indices.flatMap { try data.image($0).map { Float($0) / 255 } }
        let predict = try EvaluationStep(keras.model) { net, x in net(x) }
        Fixtures.expectClose(
            try Classifier(result.file).predict(data).outputs,
            try predict(HostTensor(numbers, shape: [7, 1, 28, 28]))[0], "cnn.keras")
    }

    @Test func refusesInputsThatAreNoPictures() throws {
        func refusal(_ shape: [ONNXValueInfo.Size]) -> FormatError? {
            var graph = ONNXGraph(name: "g")
            graph.inputs = [ONNXValueInfo("x", shape: shape)]
            graph.outputs = [ONNXValueInfo("y", shape: shape)]
            graph.nodes = [ONNXNode("Relu", name: "n", inputs: ["x"], outputs: ["y"])]
            let model = ONNXModel(irVersion: 7, operatorSet: 13, graph: graph)
            do {
                _ = try ModelImport().model(model)
            } catch { return error as? FormatError }
            return nil
        }
        #expect(refusal([.named("n"), .fixed(7)])?.found == "7")
        #expect(refusal([.fixed(2), .fixed(784)])?.expected == "a batch of any size, or of 1")
        #expect(
            refusal([.named("n"), .fixed(3), .named("h"), .named("w")])?.fix
                == "tell the channels, height and width of a picture")
        #expect(refusal([.named("n"), .fixed(784)]) == nil)
        #expect(refusal([.fixed(1), .fixed(8), .fixed(8), .fixed(3)]) == nil)
    }

    /// Weights go through the file of Keras and come back, without the layers of the model.
    @Test func weightsComeBackFromKeras() throws {
        let shape = [1, 28, 28]
        let model = try file(FixtureNets.Keras(), shape)
        let bytes = try KerasExport.file(of: model).bytes()
        let keras = try WeightFile.open(FileContents(bytes, name: "net.weights.h5"))
        let empty = try file(FixtureNets.Keras(), shape)
        let arrays = try keras.tensors().map { NamedTensor($0.name, $0.tensor) }
        let again = try empty.applying(empty.mapping(of: arrays, convention: .keras))
        #expect(again.weights == model.weights)
    }

    @Test func averagesAreWhatIsExported() throws {
        let net = Sequential {
            Flatten()
            Dense(10)
        }
        let data = pictures([1, 4, 4], count: 20)
        let trainer = try Trainer(
            net, inputShape: [1, 4, 4],
            optimizer: SGD(learningRate: 0.5).averagingWeights(decay: 0.9),
            loss: .crossEntropy)
        try trainer.fit(data, epochs: 2, batchSize: 5)
        trainer.evaluationWeights = .average
        let wanted = try trainer.predict(data).outputs
        let step = try EvaluationStep(net, weights: .average) { net, x in net(x) }
        let values = try step.modelValues
        let latest = net.parameterValues
        #expect(values["layers.1.weight"] != latest["layers.1.weight"])
        let onnx = try ONNXExport().model(step, inputShape: [1, 4, 4])
        #expect(Set(onnx.graph.initializers.map(\.name)).isSuperset(of: values.keys))
        let plan = try ONNXNetwork(onnx, batchSize: 20).executable(on: Engines.current())
        let numbers = try data.indices.flatMap { try data.image($0).map { Float($0) / 255 } }
        Fixtures.expectClose(
            try plan([HostTensor(numbers, shape: [20, 1, 4, 4])])[0], wanted, "averages")
        // A model file has them too, and so has what is made of it.
        let description = ModelDescription(
            name: "net", classNames: Dataset.digitNames, output: .logits,
            preparation: PicturePreparation(width: 4, height: 4, channels: 1))
        let model = try trainer.modelFile(description)
        #expect(
            try model.arrays.first { $0.name == "layers.1.weight" }?.value
                == values["layers.1.weight"])
        let through = try ModelImport().model(ONNXExport().model(model)).file
        Fixtures.expectClose(
            try Classifier(through).predict(data).outputs, wanted, "averages in a model file")
        #expect(
            try trainer.checkpoint().modelValues(averages: true)["layers.1.weight"]
                == values["layers.1.weight"])
    }
}
