import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import Testing

/// Files of PyTorch and Paddle in models of one's own, against those programs' results.
@Suite struct WeightFileMappingTests {
    private final class Net: Layer {
        let conv1 = Conv2D(4, kernelSize: 5)
        let conv2 = Conv2D(8, kernelSize: 5)
        let fc1 = Dense(16, activation: .relu)
        let fc2 = Dense(10, activation: .logSoftmax)

        func callAsFunction(_ x: Tensor) -> Tensor {
            let first = relu(maxPool2D(conv1(x), 2))
            let second = relu(maxPool2D(conv2(first), 2))
            return fc2(fc1(second.flattened()))
        }
    }

    private final class PaddleNet: Layer {
        let conv1 = Conv2D(3, kernelSize: 5, padding: 2)
        let conv2 = Conv2D(5, kernelSize: 5)
        let bn = BatchNorm()
        let fc = Dense(10)

        func callAsFunction(_ x: Tensor) -> Tensor {
            let first = maxPool2D(relu(conv1(x)), 2)
            let second = maxPool2D(relu(bn(conv2(first))), 2)
            return fc(second.flattened())
        }
    }

    private let folder = Fixtures.neighbour("MartletFormatsTests/Fixtures/weights")

    @Test(arguments: [
        ("net.pth", "net"), ("net_legacy.pth", "net"), ("net_dataparallel.pth", "net"),
        ("net_f16.pth", "net_f16"), ("net_bf16.pth", "net_bf16"), ("net_f64.pth", "net_f64"),
        ("net.safetensors", "net"), ("checkpoint_sgd.pth", "checkpoint_sgd"),
        ("checkpoint_adam.pth", "checkpoint_adam"),
    ]) func givesTheResultsOfPyTorch(file: String, expected: String) throws {
        let archive = try NumpyArchive(
            contentsOf: folder.appendingPathComponent("torch_expected.npz"))
        let net = Net()
        let weights = try WeightFile.open(folder.appendingPathComponent(file))
        try net.mapping(of: weights, inputShape: [1, 28, 28]).apply(to: net)
        let predict = try EvaluationStep(net) { net, x in net(x) }
        Fixtures.expectClose(
            try predict(try archive.array("input"))[0], try archive.array("\(expected).logits"),
            relative: 1e-5, absolute: 1e-5, file)
    }

    @Test(arguments: ["paddle_cnn.pdparams", "paddle_cnn_proto2.pdparams"])
    func givesTheResultsOfPaddle(file: String) throws {
        let archive = try NumpyArchive(
            contentsOf: folder.appendingPathComponent("paddle_expected.npz"))
        let net = PaddleNet()
        let weights = try WeightFile.open(folder.appendingPathComponent(file))
        try net.mapping(of: weights, inputShape: [1, 28, 28]).apply(to: net)
        let predict = try EvaluationStep(net) { net, x in net(x) }
        Fixtures.expectClose(
            try predict(try archive.array("input"))[0], try archive.array("cnn.output"),
            relative: 1e-5, absolute: 1e-5, file)
    }
}
