import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import Testing

@Suite struct MappingTests {
    private func net() -> Sequential {
        Sequential {
            Conv2D(2, kernelSize: 3)
            BatchNorm()
            Flatten()
            Dropout(0.1)
            Dense(3)
        }
    }

    private func array(_ name: String, _ shape: [Int]) -> NamedTensor {
        let count = shape.reduce(1, *)
        return NamedTensor(name, HostTensor((0..<count).map { Float($0) }, shape: shape))
    }

    private var torch: [NamedTensor] {
        [
            array("0.weight", [2, 1, 3, 3]), array("0.bias", [2]), array("1.weight", [2]),
            array("1.bias", [2]), array("1.running_mean", [2]), array("1.running_var", [2]),
            NamedTensor("1.num_batches_tracked", HostTensor(Int64(7))),
            array("4.weight", [3, 8]), array("4.bias", [3]),
        ]
    }

    @Test(arguments: ["", "module.", "_orig_mod.", "layers.", "module.layers."])
    func findsNamesOfPyTorch(prefix: String) throws {
        let net = net()
        let arrays = torch.map { NamedTensor(prefix + $0.name, $0.value) }
        let mapping = try net.mapping(of: arrays, convention: .pyTorch, inputShape: [1, 4, 4])
        #expect(mapping.isComplete, "\(mapping)")
        #expect(mapping.ignored == [prefix + "1.num_batches_tracked"])
        try mapping.apply(to: net)
        #expect(net.parameterValues["layers.4.weight"] == torch[7].value)
        #expect(net.parameterValues["layers.1.running_var"] == torch[5].value)
    }

    @Test func listsEveryDifferenceAndChangesNothing() throws {
        let net = net()
        var arrays = torch
        arrays[7] = array("4.weight", [3, 9])
        arrays[8] = array("4.biass", [3])
        let mapping = try net.mapping(of: arrays, convention: .pyTorch, inputShape: [1, 4, 4])
        #expect(mapping.missing.map(\.name) == ["layers.4.bias"])
        #expect(
            mapping.missing.first?.nearest == nil || mapping.missing.first?.nearest == "4.biass")
        #expect(mapping.unexpected.map(\.name) == ["4.biass"])
        #expect(mapping.mismatched.map(\.path) == ["layers.4.weight"])
        let before = net.parameterValues
        #expect(throws: MappingError.self) { try mapping.apply(to: net) }
        #expect(net.parameterValues == before)
        let text = "\(MappingError(mapping))"
        #expect(text.contains("layers.4.weight from 4.weight: the model has f32[3,8]"))
    }

    @Test func namesTheNearest() throws {
        let net = net()
        var arrays = torch
        arrays[8] = array("layers.4.biass", [3])
        let mapping = try net.mapping(of: arrays, convention: .pyTorch)
        #expect(mapping.missing.first?.nearest == "layers.4.biass")
        #expect(mapping.unexpected.first?.nearest == "layers.4.bias")
    }

    @Test func turnsKernelsOfKerasRound() throws {
        let net = net()
        let arrays = [
            array("conv2d/kernel", [3, 3, 1, 2]), array("conv2d/bias", [2]),
            array("batch_normalization/gamma", [2]), array("batch_normalization/beta", [2]),
            array("batch_normalization/moving_mean", [2]),
            array("batch_normalization/moving_variance", [2]),
            array("dense/kernel", [8, 3]), array("dense/bias", [3]),
        ]
        let mapping = try net.mapping(of: arrays, convention: .keras, inputShape: [1, 4, 4])
        #expect(mapping.isComplete, "\(mapping)")
        try mapping.apply(to: net)
        let values = net.parameterValues
        // Kernel [u, v, 0, f] is number 6u + 2v + f.
        #expect(
            values["layers.0.weight"]?.doubles
                == [0, 2, 4, 6, 8, 10, 12, 14, 16, 1, 3, 5, 7, 9, 11, 13, 15, 17])
        // Feature [h, w, c] of a 2 x 2 picture with 2 channels is row 4h + 2w + c.
        let rows = [0, 2, 4, 6, 1, 3, 5, 7]
        #expect(
            values["layers.4.weight"]?.doubles
                == (0..<3).flatMap { unit in rows.map { Double(3 * $0 + unit) } })
        let bytes = try KerasExport.file(of: net, inputShape: [1, 4, 4]).bytes()
        let again = try KerasFile(FileContents(bytes, name: "made.weights.h5"))
        let stored = Dictionary(uniqueKeysWithValues: again.variables.map { ($0.path, $0.value) })
        for array in arrays { #expect(stored[array.name] == array.value, "\(array.name)") }
    }

    @Test func readsFilesOfPaddle() throws {
        let net = Sequential { Dense(3) }
        let mapping = try net.mapping(
            of: [array("0.weight", [2, 3]), array("0.bias", [3])], convention: .paddle,
            inputShape: [2])
        try mapping.apply(to: net)
        #expect(net.parameterValues["layers.0.weight"]?.doubles == [0, 3, 1, 4, 2, 5])
        let norm = Sequential { BatchNorm() }
        let statistics = [
            array("0.weight", [2]), array("0.bias", [2]), array("0._mean", [2]),
            array("0._variance", [2]),
        ]
        #expect(
            try norm.mapping(of: statistics, convention: .paddle, inputShape: [2]).isComplete)
    }

    @Test func widensAndNarrowsNumbers() throws {
        let net = Sequential { Dense(1) }
        let weight = NamedTensor("0.weight", HostTensor([0.5, 1.5], shape: [1, 2]))
        let mapping = try net.mapping(
            of: [weight, array("0.bias", [1])], convention: .pyTorch, inputShape: [2])
        try mapping.apply(to: net)
        #expect(
            net.parameterValues["layers.0.weight"] == HostTensor([Float(0.5), 1.5], shape: [1, 2]))
    }
}

@Suite struct KerasNetworkTests {
    private let folder = Fixtures.neighbour("MartletFormatsTests/Fixtures/weights")

    /// Pictures as Keras has them, N, H, W, C, in this order of axes.
    private func input() throws -> (HostTensor, HostTensor) {
        let expected = try NumpyArchive(
            contentsOf: folder.appendingPathComponent("keras_expected.npz"))
        let input = try expected.array("input")
        let shape = input.type.shape
        return (input.reshaped([shape[0], 1, shape[1], shape[2]]), try expected.array("output"))
    }

    @Test(arguments: ["cnn.keras", "cnn_legacy.h5", "cnn_keras2.h5", "cnn_keras2.keras"])
    func rebuildsModels(name: String) throws {
        let network = try KerasNetwork(contentsOf: folder.appendingPathComponent(name))
        #expect(network.inputShape == [1, 28, 28])
        let (input, wanted) = try input()
        for engine in Fixtures.engines {
            let predict = try EvaluationStep(network.model, engine: engine) { net, x in net(x) }
            Fixtures.expectClose(
                try predict(input)[0], wanted, relative: 1e-5, absolute: 1e-5,
                "\(name) on \(engine.name)")
        }
    }

    @Test(arguments: ["cnn.weights.h5", "cnn_keras2_weights.h5", "cnn.keras"])
    func givesWeightsToModelsOfOnesOwn(name: String) throws {
        let net = Sequential {
            Conv2D(4, kernelSize: 3, activation: .relu)
            MaxPool2D(2)
            Conv2D(6, kernelSize: 3, activation: .relu)
            MaxPool2D(2)
            Flatten()
            Dense(12, activation: .relu)
            Dense(10)
        }
        let file = try WeightFile.open(folder.appendingPathComponent(name))
        try net.mapping(of: file, inputShape: [1, 28, 28]).apply(to: net)
        let (input, wanted) = try input()
        let predict = try EvaluationStep(net) { net, x in net(x) }
        Fixtures.expectClose(try predict(input)[0], wanted, relative: 1e-5, absolute: 1e-5, name)
        guard let folder = InterchangeNet.exportFolder, name == "cnn.keras" else { return }
        try KerasExport.write(
            net, inputShape: [1, 28, 28], to: folder.appendingPathComponent("cnn.weights.h5"))
    }

    /// A file that claims a large layer is refused before memory for it is taken.
    @Test func refusesMoreThanTheFileHas() throws {
        let url = folder.appendingPathComponent("cnn_legacy.h5")
        var bytes = try FileContents(contentsOf: url).bytes
        let place = try #require(bytes.firstRange(of: Array("\"units\": 12,".utf8)))
        bytes.replaceSubrange(place, with: Array("\"units\": 99,".utf8))
        do {
            _ = try KerasNetwork(KerasFile(FileContents(bytes, name: "large.h5")))
            Issue.record("it was built")
        } catch let error as FormatError {
            #expect(error.expected.hasPrefix("weights of "), "\(error)")
        }
    }

    private func refusal(_ layers: String) throws -> FormatError? {
        let json = #"{"class_name": "Sequential", "config": {"layers": ["# + layers + "]}}"
        let configuration = try #require(KerasConfiguration(json))
        do {
            _ = try KerasNetwork(configuration, file: "made.json")
        } catch { return error as? FormatError }
        return nil
    }

    /// A model that scales bytes itself gets bytes; one number between 0 and 1 tells no classes.
    @Test func scalingAndMeaningAreTheModels() throws {
        func model(_ scale: String, _ units: Int) throws -> ModelImport.Result {
            let layers = """
                {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 2, 2, 1]}},
                {"class_name": "Rescaling", "config": {"name": "r", "scale": \(scale), "offset": 0}},
                {"class_name": "Flatten", "config": {"name": "f"}},
                {"class_name": "Dense", "config": {"name": "d", "units": \(units), "use_bias": true,
                    "activation": "sigmoid"}}
                """
            let json = #"{"class_name": "Sequential", "config": {"layers": ["# + layers + "]}}"
            let configuration = try #require(KerasConfiguration(json))
            return try ModelImport().model(
                KerasNetwork(configuration, file: "made.json"), file: "made.json")
        }
        let names = "the classes have numbers for names"
        let unit = "pixels are taken as numbers from 0 to 1"
        #expect(try model("0.00392156862745098", 3).assumptions == [names])
        #expect(try model("2.0", 3).assumptions == [unit, names])
        #expect(try model("2.0", 3).file.description.output == .probabilities)
        let error = #expect(throws: FormatError.self) { try model("2.0", 1) }
        #expect(error?.found.hasPrefix("one probability") == true)
    }

    @Test func refusesByName() throws {
        let input =
            #"{"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 8, 8, 3]}},"#
        func layer(_ kind: String, _ settings: String) -> String {
            #"\#(input){"class_name": "\#(kind)", "config": {"name": "l", \#(settings)}}"#
        }
        let lambda = folder.appendingPathComponent("bad/lambda_layer.keras")
        do {
            _ = try KerasNetwork(contentsOf: lambda)
            Issue.record("a layer with code was built")
        } catch let error as FormatError {
            #expect(error.found == "Lambda", "\(error)")
        }
        #expect(try refusal(layer("Lambda", #""function": "x""#))?.found == "Lambda")
        #expect(try refusal(layer("Dense", #""units": 3"#))?.found.contains("pictures") == true)
        #expect(try refusal(layer("Dense", #""units": -3"#))?.found == "-3")
        #expect(try refusal(layer("Dropout", #""rate": 2"#))?.found == "2.0")
        #expect(
            try refusal(layer("Flatten", #""data_format": "channels_first""#))?.found
                == "channels_first")
        #expect(try refusal(layer("Flatten", #""x": 1"#)) == nil)
        let shape = #""target_shape": [3, 8, 8]"#
        #expect(try refusal(layer("Reshape", shape))?.found.hasPrefix("one to 3 axes") == true)
        let grouped = #""filters": 4, "groups": 3, "kernel_size": [1, 1]"#
        #expect(try refusal(layer("Conv2D", grouped))?.found == "3")
        #expect(
            throws: FormatError.self,
            performing: {
                let other = #"{"class_name": "Functional", "config": {"layers": []}}"#
                _ = try KerasNetwork(try #require(KerasConfiguration(other)), file: "made.json")
            })
    }
}
