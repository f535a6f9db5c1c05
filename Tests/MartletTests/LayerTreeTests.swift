import Martlet
import Testing

private final class Twins: Module {
    let table = Embedding(5, 3)
    let output = Dense(5, usesBias: false)
    func callAsFunction(_ x: Tensor) -> Tensor { output(table(x)) }
}

@Suite struct LayerTreeTests {
    private let x = HostTensor([Float(1), 2, 3, 4, 5, 6], shape: [2, 3])
    private let y = HostTensor([Float(1), -1], shape: [2, 1])

    private func step(_ net: Sequential) throws -> TrainStep<Sequential, SGD> {
        try TrainStep(net, optimizer: SGD(learningRate: 0.01), engine: Engines.make(.reference)) {
            meanSquaredError($0($1), $2)
        }
    }

    private func net() -> Sequential {
        Sequential {
            Dense(3)
            BatchNorm()
            Dense(1)
        }
    }

    @Test func frozenParametersStayAndStatisticsMove() throws {
        let net = net()
        let step = try step(net)
        try step(x, y)
        net.freeze { !$0.hasPrefix("layers.2.") }
        let before = net.parameterValues
        try step(x, y)
        let after = net.parameterValues
        let changed = before.keys.filter { before[$0] != after[$0] }.sorted()
        #expect(
            changed == [
                "layers.1.running_mean", "layers.1.running_var", "layers.2.bias",
                "layers.2.weight",
            ])
        net.unfreeze()
        #expect(net.parameter(at: "layers.1.running_var")?.isTrainable == false)
        try step(x, y)
        #expect(net.parameterValues["layers.0.weight"] != after["layers.0.weight"])
        #expect(step.compilations.count == 3)
    }

    @Test func frozenParametersHaveNoGradient() throws {
        let net = net()
        net.freeze { $0 == "layers.0.weight" }
        let x = Tensor(x)
        let (_, gradients) = try valueAndGradient(of: net, engine: Engines.make(.reference)) {
            $0(x).sum()
        }
        #expect(
            gradients.keys.sorted() == [
                "layers.0.bias", "layers.1.bias", "layers.1.weight", "layers.2.bias",
                "layers.2.weight",
            ])
    }

    @Test func modulesAreFoundByPath() throws {
        let net = Sequential {
            Residual { Dense(3) }
            LSTM(2)
        }
        #expect(
            net.modules.map(\.path) == [
                "", "layers.0", "layers.0.main", "layers.0.main.layers.0", "layers.1",
            ])
        #expect(net.module(at: "layers.0.main.layers.0") is Dense)
        #expect(net.module(at: "layers.7") == nil)
        #expect(net.parameters.map(\.path).suffix(4).first == "layers.1.weight_ih_l0")
        #expect(net.parameter(at: "layers.1.bias_hh_l0") != nil)
    }

    @Test func layersAreReplacedByPath() throws {
        let net = net()
        try step(net)(x, y)
        let kept = net.parameterValues["layers.0.weight"]
        try net.replaceLayer(at: "layers.2", with: Dense(2))
        let wide = HostTensor([Float(1), -1, 0, 2], shape: [2, 2])
        let next = try step(net)
        try next.prepare(x: x.type, y: wide.type)
        #expect(net.parameterValues["layers.0.weight"] == kept)
        #expect(net.parameterValues["layers.2.weight"]?.type.shape == [2, 3])
        try next(x, wide)
        #expect(net.parameterValues["layers.0.weight"] != kept)

        let error = #expect(throws: ModelError.self) {
            try net.replaceLayer(at: "layers.9", with: Dense(2))
        }
        #expect(error?.expected == "one of layers.0, layers.1, layers.2")
    }

    @Test func tiedParametersAreOne() throws {
        let net = Twins()
        try #require(net.parameter(at: "output.weight")).tie(to: net.table.weight)
        #expect(net.parameters.map(\.path) == ["table.weight"])
        let step = try TrainStep(
            net, optimizer: SGD(learningRate: 0.1), engine: Engines.make(.reference)
        ) { crossEntropy($0($1), $2) }
        let words = HostTensor([Int32(0), 1, 2, 3], shape: [4])
        let next = HostTensor([Int64(1), 2, 3, 4], shape: [4])
        let losses = try (0..<60).map { _ in try step(words, next) }
        #expect(losses[59] < losses[0])
        #expect(net.parameter(at: "table.weight")?.value == net.output.parameterValues["weight"])
        #expect(throws: ModelError.self) {
            try net.table.weight.tie(to: try #require(Dense.used().parameter(at: "weight")))
        }
    }

    @Test func sharedLayersCountOnce() throws {
        let layer = Dense(3)
        let net = Sequential([layer, layer])
        #expect(net.parameters.map(\.path) == ["layers.0.weight", "layers.0.bias"])
        let summary = try net.summary(inputShape: [3])
        #expect(summary.parameterCount == 12 && summary.rows.count == 1)
    }
}

extension Dense {
    /// A layer of another size that has run.
    fileprivate static func used() throws -> Dense {
        let layer = Dense(7)
        _ = try layer(.zeros([1, 2])).host()
        return layer
    }
}
