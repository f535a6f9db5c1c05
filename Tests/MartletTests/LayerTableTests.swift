import Foundation
import Martlet
import MartletTestSupport
import Testing

/// One layer with what is expected of it; every layer stands in `layerCases`.
struct LayerCase: Sendable, CustomTestStringConvertible {
    var name: String
    var make: @Sendable () -> any Layer
    var input: [Int]
    var output: [Int]
    var parameters: [String: [Int]] = [:]
    var indices: Int?

    var testDescription: String { name }
}

private let convolutions = [
    LayerCase(
        name: "Conv2D", make: { Conv2D(4, kernelSize: 3, activation: .tanh) }, input: [2, 3, 5, 6],
        output: [2, 4, 3, 4], parameters: ["weight": [4, 3, 3, 3], "bias": [4]]),
    LayerCase(
        name: "Conv2D of two groups",
        make: {
            Conv2D(
                4, kernelSize: [3, 2], stride: 2, padding: 1, dilation: [1, 2], groups: 2,
                usesBias: false)
        }, input: [2, 2, 5, 6], output: [2, 4, 3, 3], parameters: ["weight": [4, 1, 3, 2]]),
    LayerCase(
        name: "DepthwiseConv2D",
        make: { DepthwiseConv2D(kernelSize: 3, padding: .same, multiplier: 2) },
        input: [2, 3, 4, 5], output: [2, 6, 4, 5],
        parameters: ["weight": [6, 1, 3, 3], "bias": [6]]),
    LayerCase(
        name: "MaxPool2D", make: { MaxPool2D(2) }, input: [2, 3, 4, 5], output: [2, 3, 2, 2]),
    LayerCase(
        name: "AveragePool2D", make: { AveragePool2D(3, stride: 2, padding: 1) },
        input: [2, 3, 4, 5], output: [2, 3, 2, 3]),
    LayerCase(
        name: "GlobalAveragePool2D", make: { GlobalAveragePool2D() }, input: [2, 3, 4, 5],
        output: [2, 3]),
    LayerCase(
        name: "AdaptiveAveragePool2D", make: { AdaptiveAveragePool2D([2, 3]) },
        input: [2, 3, 5, 7], output: [2, 3, 2, 3]),
    LayerCase(
        name: "ZeroPadding2D", make: { ZeroPadding2D(top: 1, left: 2, right: 1) },
        input: [2, 1, 2, 3], output: [2, 1, 3, 6]),
    LayerCase(
        name: "Upsampling2D", make: { Upsampling2D([2, 3]) }, input: [2, 2, 2, 3],
        output: [2, 2, 4, 9]),
    LayerCase(
        name: "Upsampling2D, bilinear", make: { Upsampling2D(2, mode: .bilinear) },
        input: [2, 2, 2, 3], output: [2, 2, 4, 6]),
]

private let normalisations = [
    LayerCase(
        name: "BatchNorm of pictures", make: { BatchNorm() }, input: [3, 2, 2, 3],
        output: [3, 2, 2, 3],
        parameters: ["weight": [2], "bias": [2], "running_mean": [2], "running_var": [2]]),
    LayerCase(
        name: "BatchNorm of rows", make: { BatchNorm.keras() }, input: [5, 3], output: [5, 3],
        parameters: ["weight": [3], "bias": [3], "running_mean": [3], "running_var": [3]]),
    LayerCase(
        name: "LayerNorm", make: { LayerNorm(axisCount: 2) }, input: [2, 3, 4],
        output: [2, 3, 4], parameters: ["weight": [3, 4], "bias": [3, 4]]),
    LayerCase(
        name: "GroupNorm", make: { GroupNorm(2) }, input: [2, 4, 2, 3], output: [2, 4, 2, 3],
        parameters: ["weight": [4], "bias": [4]]),
]

private let plain = [
    LayerCase(
        name: "Dense", make: { Dense(4) }, input: [2, 3], output: [2, 4],
        parameters: ["weight": [4, 3], "bias": [4]]),
    LayerCase(
        name: "Dense along the last axis", make: { Dense(4, activation: .relu, usesBias: false) },
        input: [2, 3, 5], output: [2, 3, 4], parameters: ["weight": [4, 5]]),
    LayerCase(
        name: "Embedding", make: { Embedding(5, 3) }, input: [2, 4], output: [2, 4, 3],
        parameters: ["weight": [5, 3]], indices: 5),
    LayerCase(name: "Flatten", make: { Flatten() }, input: [2, 3, 2], output: [2, 6]),
    LayerCase(name: "Reshape", make: { Reshape([3, -1]) }, input: [2, 6], output: [2, 3, 2]),
    LayerCase(name: "Dropout", make: { Dropout(0.3) }, input: [4, 6], output: [4, 6]),
    LayerCase(
        name: "ChannelDropout", make: { ChannelDropout(0.3) }, input: [3, 4, 2, 2],
        output: [3, 4, 2, 2]),
    LayerCase(
        name: "ActivationLayer", make: { ActivationLayer(.gelu(.none)) }, input: [2, 5],
        output: [2, 5]),
    LayerCase(
        name: "FunctionLayer", make: { FunctionLayer { tanh($0) * 2 } }, input: [2, 5],
        output: [2, 5]),
    LayerCase(name: "Softmax", make: { Softmax() }, input: [3, 4], output: [3, 4]),
    LayerCase(
        name: "LogSoftmax", make: { LogSoftmax(axis: 1) }, input: [2, 3, 2], output: [2, 3, 2]),
    LayerCase(
        name: "Sequential",
        make: {
            Sequential {
                Dense(4, activation: .tanh)
                Dense(2)
            }
        }, input: [2, 3], output: [2, 2],
        parameters: [
            "layers.0.weight": [4, 3], "layers.0.bias": [4], "layers.1.weight": [2, 4],
            "layers.1.bias": [2],
        ]),
    LayerCase(
        name: "Residual",
        make: {
            Residual(activation: .tanh) {
                Conv2D(3, kernelSize: 3, stride: 2, padding: 1, usesBias: false)
            } shortcut: {
                Conv2D(3, kernelSize: 1, stride: 2, usesBias: false)
            }
        }, input: [2, 2, 4, 4], output: [2, 3, 2, 2],
        parameters: [
            "main.layers.0.weight": [3, 2, 3, 3], "shortcut.layers.0.weight": [3, 2, 1, 1],
        ]),
    LayerCase(
        name: "Residual without a shortcut", make: { Residual { Dense(3) } }, input: [2, 3],
        output: [2, 3], parameters: ["main.layers.0.weight": [3, 3], "main.layers.0.bias": [3]]),
]

private func recurrent(_ gates: Int, level: Int = 0, inputs: Int = 2) -> [String: [Int]] {
    [
        "weight_ih_l\(level)": [3 * gates, inputs], "weight_hh_l\(level)": [3 * gates, 3],
        "bias_ih_l\(level)": [3 * gates], "bias_hh_l\(level)": [3 * gates],
    ]
}

private let recurrences = [
    LayerCase(
        name: "RNN", make: { RNN(3) }, input: [2, 4, 2], output: [2, 3], parameters: recurrent(1)),
    LayerCase(
        name: "RNN, relu, every step",
        make: { RNN(3, nonlinearity: .relu, returnsSequences: true, usesBias: false) },
        input: [2, 4, 2], output: [2, 4, 3],
        parameters: ["weight_ih_l0": [3, 2], "weight_hh_l0": [3, 3]]),
    LayerCase(
        name: "LSTM", make: { LSTM(3) }, input: [2, 4, 2], output: [2, 3],
        parameters: recurrent(4)),
    LayerCase(
        name: "LSTM of two levels", make: { LSTM(3, levels: 2, returnsSequences: true) },
        input: [2, 3, 2], output: [2, 3, 3],
        parameters: recurrent(4).merging(recurrent(4, level: 1, inputs: 3)) { $1 }),
    LayerCase(
        name: "GRU", make: { GRU(3) }, input: [2, 4, 2], output: [2, 3],
        parameters: recurrent(3)),
    LayerCase(
        name: "GRU, every step", make: { GRU(3, returnsSequences: true, usesBias: false) },
        input: [2, 3, 2], output: [2, 3, 3],
        parameters: ["weight_ih_l0": [9, 2], "weight_hh_l0": [9, 3]]),
]

/// Every layer, at least once.
let layerCases = convolutions + normalisations + plain + recurrences

/// A layer of one's own, as `docs/adding-a-layer.md` makes it.
private final class Scale: Layer {
    private let weight = Parameter()
    func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) { x * weight([x.shape.last ?? 1], .ones, dtype: x.dtype) }
    }
}

@Suite struct LayerTableTests {
    @Test(arguments: layerCases)
    func layersKeepTheirPromises(_ layer: LayerCase) throws {
        try checkLayer(
            layer.make(), input: layer.input, output: layer.output, parameters: layer.parameters,
            indices: layer.indices)
    }

    @Test func layersOfOnesOwnAreLikeTheOthers() throws {
        try checkLayer(Scale(), input: [2, 3], output: [2, 3], parameters: ["weight": [3]])
        let model = Sequential { Scale() }
        #expect(try model.summary(inputShape: [3]).rows.map(\.kind) == ["Scale"])
    }

    @Test func everyLayerIsInTheTable() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Martlet").standardizedFileURL
        let files = try #require(
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var declared: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /\n(?:public )?final class (\w+)[^\n{<]*: Layer\b/) {
                declared.insert(String(match.output.1))
            }
        }
        let covered = Set(layerCases.map { String(describing: type(of: $0.make())) })
        #expect(declared.count >= 20)
        #expect(declared.subtracting(covered).sorted() == [])
    }

    @Test func theHarnessFindsWhatIsWrong() throws {
        func problem(_ body: () throws -> Void) -> String {
            do {
                try body()
                return "none"
            } catch {
                return "\(error)"
            }
        }
        let shape = problem { try checkLayer(Dense(4), input: [2, 3], output: [2, 5]) }
        #expect(shape == "the result is [2, 4], expected [2, 5] (seed 1)")
        let names = problem {
            try checkLayer(
                Dense(4, usesBias: false), input: [2, 3], output: [2, 4], parameters: [:])
        }
        #expect(names.contains("the parameters are [\"weight\": [4, 3]], expected [:]"))
        let gradient = problem {
            try checkLayer(
                FunctionLayer { floor($0 * 1e6) / 1e6 + $0 }, input: [2, 3], output: [2, 3])
        }
        #expect(gradient.contains("differences give"))
    }
}
