import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import Testing

/// Files of PyTorch, Paddle and Keras in models of one's own, against those programs' results.
@Suite struct WeightFileMappingTests {
    private let folder = Fixtures.neighbour("MartletFormatsTests/Fixtures/weights")

    private func archive(_ name: String) throws -> NumpyArchive {
        try NumpyArchive(contentsOf: folder.appendingPathComponent(name))
    }

    private func nets(_ name: String) throws -> NumpyArchive {
        try NumpyArchive(
            contentsOf: Fixtures.neighbour("ParityTests/Fixtures/nets/\(name).npz"))
    }

    /// Loads a file into a network, and the same file through a model file, which has no layers but
    /// those that its graph shows.
    private func check(
        _ net: some Layer, _ file: URL, _ input: HostTensor, _ wanted: HostTensor
    ) throws {
        let shape = Array(input.type.shape.dropFirst())
        let weights = try WeightFile.open(file)
        let mapping = try net.mapping(of: weights, inputShape: shape)
        #expect(mapping.isComplete, "\(mapping)")
        let template = try ModelFile(
            ModelDescription(
                name: "net", classNames: ["a"], output: .values,
                preparation: PicturePreparation(
                    width: shape[2], height: shape[1], channels: shape[0])),
            network: net, scaling: .unit())
        let arrays = try weights.tensors().map { NamedTensor($0.name, $0.tensor) }
        let other = try template.mapping(of: arrays, convention: WeightConvention(usualIn: weights))
        #expect(other.isComplete, "\(other)")
        #expect(
            Dictionary(uniqueKeysWithValues: other.matched.map { ($0.path, $0.value) })
                == Dictionary(uniqueKeysWithValues: mapping.matched.map { ($0.path, $0.value) }))
        try mapping.apply(to: net)
        let predict = try EvaluationStep(net) { net, x in net(x) }
        Fixtures.expectClose(
            try predict(input)[0], wanted, relative: 1e-5, absolute: 1e-5, file.lastPathComponent)
    }

    @Test(arguments: [
        ("net.pth", "net"), ("net_legacy.pth", "net"), ("net_proto4.pth", "net"),
        ("net_module.pkl", "net"), ("net_dataparallel.pth", "net"), ("net_f16.pth", "net_f16"),
        ("net_bf16.pth", "net_bf16"), ("net_f64.pth", "net_f64"),
        ("net_rezipped_deflate.pth", "net"), ("net.safetensors", "net"),
        ("net_f16.safetensors", "net_f16"), ("net_bf16.safetensors", "net_bf16"),
        ("checkpoint_numpy.pth", "net"), ("checkpoint_sgd.pth", "checkpoint_sgd"),
        ("checkpoint_adam.pth", "checkpoint_adam"),
    ]) func givesTheResultsOfPyTorch(file: String, expected: String) throws {
        let archive = try archive("torch_expected.npz")
        try check(
            FixtureNets.Small(), folder.appendingPathComponent(file), archive.array("input"),
            archive.array("\(expected).logits"))
    }

    /// A whole module of before PyTorch 1.6; the file holds source text and does not come with the
    /// tests.
    @Test func givesTheResultsOfAnOldModule() throws {
        let file = Fixtures.shared("weights/net_module_legacy.pkl")
        guard let file else { return }
        let archive = try archive("torch_expected.npz")
        try check(
            FixtureNets.Small(), file, archive.array("input"), archive.array("net.logits"))
    }

    @Test func givesTheResultsOfFullNetworks() throws {
        let small = try nets("cnn_small")
        try check(
            FixtureNets.Small(channels: [10, 20], hidden: 50),
            folder.appendingPathComponent("full_cnn_small.pth"), small.array("input"),
            small.array("logits"))
        let residual = try nets("resblock")
        try check(
            FixtureNets.Residual(), folder.appendingPathComponent("full_resblock.pth"),
            residual.array("input"), residual.array("evalLogits"))
        try check(
            FixtureNets.Residual(), folder.appendingPathComponent("full_resblock_f16.pth"),
            residual.array("input"),
            archive("torch_expected.npz").array("full_resblock_f16.logits"))
    }

    @Test(arguments: [
        "paddle_cnn.pdparams", "paddle_cnn_proto2.pdparams", "paddle_cnn_numpy1_proto2.pdparams",
        "paddle_cnn_numpy1_proto4.pdparams", "paddle_linear.pdparams",
    ]) func givesTheResultsOfPaddle(file: String) throws {
        let archive = try archive("paddle_expected.npz")
        let (url, input) = (folder.appendingPathComponent(file), try archive.array("input"))
        if file.contains("linear") {
            try check(FixtureNets.Linear(), url, input, archive.array("linear.output"))
        } else {
            try check(FixtureNets.Paddle(), url, input, archive.array("cnn.output"))
        }
    }

    /// A plain pickle does not tell whose orders it has; the arrays of the model stand under `model`.
    @Test func takesArraysOfPlainPickles() throws {
        let archive = try archive("paddle_expected.npz")
        let file = try WeightFile.open(folder.appendingPathComponent("numpy_dict.pkl"))
        let net = FixtureNets.Paddle()
        let wrong = try net.mapping(of: file, inputShape: [1, 28, 28])
        #expect(wrong.mismatched.map(\.path) == ["fc.weight"])
        let mapping = try net.mapping(of: file, convention: .paddle, inputShape: [1, 28, 28])
        try mapping.apply(to: net, allowsUnexpected: true)
        let predict = try EvaluationStep(net) { net, x in net(x) }
        Fixtures.expectClose(
            try predict(archive.array("input"))[0], try archive.array("cnn.output"),
            relative: 1e-5, absolute: 1e-5, "numpy_dict.pkl")
    }

    /// The order of a flattened picture is found where there is no layer `Flatten`, too.
    @Test(arguments: [
        "cnn.weights.h5", "cnn_keras2_weights.h5", "cnn.keras", "cnn_keras2.keras",
        "cnn_legacy.h5", "cnn_keras2.h5",
    ]) func givesTheResultsOfKeras(file: String) throws {
        let archive = try archive("keras_expected.npz")
        let input = try archive.array("input")
        let shape = input.type.shape
        try check(
            FixtureNets.Keras(), folder.appendingPathComponent(file),
            input.reshaped([shape[0], 1, shape[1], shape[2]]), archive.array("output"))
    }
}
