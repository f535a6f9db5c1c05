import Foundation
import Martlet
import MartletFormats
import MartletInterchange
import MartletReference
import Testing

@Suite struct ONNXExportTests {
    /// Writes a model as ONNX, reads it back, and compares the results of both on every engine.
    private func check(_ sample: InterchangeNet) throws {
        let net = sample.make()
        let batch = TensorType(.float32, [3] + sample.inputShape)
        let input = HostTensor(
            (0..<batch.elementCount).map { Float(sin(Double($0) * 0.37)) }, shape: batch.shape)
        let predict = try EvaluationStep(net, seed: 5, engine: ReferenceEngine()) { net, x in net(x)
        }
        let wanted = try predict(input)[0]
        var export = ONNXExport()
        export.classNames = ["a", "b \"c\""]
        export.properties = ["mean": "0.5"]
        let model = try export.model(predict, inputShape: sample.inputShape)
        let file = FileContents(model.bytes(), name: "\(sample.name).onnx")
        let again = try ONNXModel(file)
        #expect(again.graph == model.graph)
        #expect(again.graph.inputs.first?.shape?.first == .named("batch"))
        #expect(again.graph.outputs.first?.shape?.first == .named("batch"))
        let network = try ONNXNetwork(again, batchSize: 3)
        #expect(
            network.metadata == ["class_names": #"["a","b \"c\""]"#, "mean": "0.5"])
        for engine in Fixtures.engines {
            let plan = try network.executable(on: engine)
            let output = try plan([input])[0]
            Fixtures.expectClose(output, wanted, "\(sample.name) on \(engine.name)")
        }
        let weights = Set(again.graph.initializers.map(\.name))
        #expect(weights.isSuperset(of: net.parameters.map(\.path)), "\(sample.name)")
        try write(sample.name, file.bytes, input, wanted)
    }

    /// Leaves the files for Tests/Interchange/check.py where a folder is named.
    private func write(
        _ name: String, _ model: [UInt8], _ input: HostTensor, _ output: HostTensor
    ) throws {
        guard let folder = InterchangeNet.exportFolder else { return }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(model).write(to: folder.appendingPathComponent("\(name).onnx"))
        for (part, value) in [("input", input), ("output", output)] {
            try Data(NumpyArray.write(value)).write(
                to: folder.appendingPathComponent("\(name).\(part).npy"))
        }
    }

    @Test(arguments: InterchangeNet.all) func comesBackTheSame(sample: InterchangeNet) throws {
        try check(sample)
    }

    @Test func writesOneNodeForEachLayer() throws {
        let net = Sequential {
            Conv2D(4, kernelSize: 3)
            BatchNorm()
            Activation.relu
            Flatten()
            Dense(2)
        }
        let predict = try EvaluationStep(net) { net, x in softmax(net(x)) }
        let model = try ONNXExport().model(predict, inputShape: [1, 5, 5])
        #expect(
            model.graph.nodes.map(\.kind) == [
                "Conv", "BatchNormalization", "Relu", "Reshape", "Gemm", "Softmax",
            ])
        #expect(model.graph.nodes.last?.outputs == ["output"])
        #expect(model.operatorSets == ["": 13])
    }

    @Test func refusesNumbersThatDependOnTheBatch() throws {
        let net = Sequential { Dense(2) }
        let predict = try EvaluationStep(net) { net, x in
            let count = 2 * x.shape[0]
            return net(x).reshaped([-1])
                + Tensor(HostTensor((0..<count).map { Float($0) }, shape: [count]))
        }
        do {
            _ = try ONNXExport().model(predict, inputShape: [3])
            Issue.record("it was written")
        } catch let error as ModelError {
            #expect(error.function == "exportONNX")
            #expect(error.expected == "numbers that do not depend on the batch")
        }
    }
}

/// A net that is written in other programs' formats.
struct InterchangeNet: Sendable, CustomStringConvertible {
    var name: String
    var inputShape: [Int]
    var make: @Sendable () -> Sequential

    var description: String { name }

    /// Where files are left for other programs, if anywhere.
    static let exportFolder = ProcessInfo.processInfo.environment["MARTLET_INTERCHANGE"]
        .flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0, isDirectory: true) }

    static let all = [
        InterchangeNet(name: "mnist-cnn", inputShape: [1, 28, 28]) {
            Sequential {
                Conv2D(10, kernelSize: 5)
                MaxPool2D(2)
                Activation.relu
                Conv2D(20, kernelSize: 5)
                ChannelDropout(0.5)
                MaxPool2D(2)
                Activation.relu
                Flatten()
                Dense(50, activation: .relu)
                Dropout(0.5)
                Dense(10, activation: .logSoftmax)
            }
        },
        InterchangeNet(name: "mnist-keras", inputShape: [1, 28, 28]) {
            Sequential {
                Conv2D(32, kernelSize: 3, activation: .relu)
                MaxPool2D(2)
                Conv2D(64, kernelSize: 3, activation: .relu)
                MaxPool2D(2)
                Flatten()
                Dense(64, activation: .relu)
                Dense(10)
            }
        },
        InterchangeNet(name: "mnist-mlp", inputShape: [784]) {
            Sequential {
                for _ in 0..<3 { Dense(64, activation: .relu) }
                Dense(10, activation: .logSoftmax)
            }
        },
        InterchangeNet(name: "cifar10-lenet5", inputShape: [3, 32, 32]) {
            Sequential {
                Conv2D(6, kernelSize: 5, activation: .sigmoid)
                MaxPool2D(2)
                Conv2D(16, kernelSize: 5, activation: .sigmoid)
                MaxPool2D(2)
                Conv2D(120, kernelSize: 5)
                Flatten()
                Dense(84, activation: .sigmoid)
                Dense(10)
            }
        },
        InterchangeNet(name: "mnist-linear", inputShape: [1, 28, 28]) {
            Sequential {
                Flatten()
                Dense(1)
            }
        },
        InterchangeNet(name: "residual", inputShape: [3, 16, 16]) {
            Sequential {
                Conv2D(8, kernelSize: 3, padding: .same, usesBias: false)
                BatchNorm()
                Activation.relu
                Residual(activation: .relu) {
                    Conv2D(16, kernelSize: 3, stride: 2, padding: 1)
                    BatchNorm()
                } shortcut: {
                    Conv2D(16, kernelSize: 1, stride: 2)
                }
                GlobalAveragePool2D()
                Dense(10, activation: .softmax)
            }
        },
        InterchangeNet(name: "every-layer", inputShape: [4, 13, 11]) {
            Sequential {
                ZeroPadding2D(top: 1, bottom: 0, left: 2, right: 1)
                Conv2D(
                    8, kernelSize: [3, 2], stride: [2, 1], padding: [1, 2], dilation: [1, 2],
                    groups: 2, activation: .leakyRelu(slope: 0.1))
                DepthwiseConv2D(kernelSize: 3, padding: .same, multiplier: 2)
                GroupNorm(4)
                Activation.silu
                AveragePool2D(2, stride: 1, padding: 1)
                MaxPool2D(3, stride: 2, padding: 1, ceilMode: true)
                AveragePool2D(2, stride: 2, padding: 1, ceilMode: true)
                Activation.elu(alpha: 0.7)
                Activation.gelu(.none)
                Conv2D(6, kernelSize: 1, activation: .hardSwish)
                Reshape([6, -1])
                LayerNorm()
                Dense(5, activation: .tanh)
                Flatten()
                BatchNorm()
                Activation.softplus
                Dense(3, usesBias: false)
            }
        },
    ]
}
