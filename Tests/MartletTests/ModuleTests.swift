import Martlet
import Testing

private final class Block: Layer {
    let conv = Conv2D(4, kernelSize: 3, padding: .same)
    let norm = BatchNorm2D()
    func callAsFunction(_ x: Tensor) -> Tensor { relu(norm(conv(x)) + x) }
}

private final class Net: Layer {
    let stem = Conv2D(4, kernelSize: 3, padding: 1)
    let blocks = [Block(), Block()]
    let heads: [String: Dense] = ["b": Dense(2), "a": Dense(3)]
    let extra: Dense? = Dense(5)
    let missing: Dense? = nil
    let scale = Parameter()

    func callAsFunction(_ x: Tensor) -> Tensor {
        var x = relu(stem(x))
        for block in blocks { x = block(x) }
        let pooled = globalAveragePool2D(x) * scale([1], .ones)
        let parts = ["a", "b"].compactMap { heads[$0]?(pooled) } + [extra?(pooled) ?? pooled]
        return concatenated(parts, axis: 1)
    }
}

private final class Hidden: Layer {
    let shown = Dense(2)
    let pair = (Dense(2), Dense(2))
    func callAsFunction(_ x: Tensor) -> Tensor { pair.0(shown(x)) }
}

private final class Shared: Layer {
    let first: Dense
    let second: Dense
    init() {
        let layer = Dense(3)
        (first, second) = (layer, layer)
    }
    func callAsFunction(_ x: Tensor) -> Tensor { second(first(x)) }
}

private final class Pair: Layer {
    static let line = #line + 4
    let conv1 = Conv2D(8, kernelSize: 5)
    @inline(never)
    func callAsFunction(_ x: Tensor) -> Tensor {
        relu(conv1(x))
    }
}

private let reference = Result { try Engines.make(.reference) }

@Suite struct ModuleTests {
    @Test func parametersAreNamedByTheirPlace() {
        #expect(
            Net().parameters.map(\.path) == [
                "stem.weight", "stem.bias", "blocks.0.conv.weight", "blocks.0.conv.bias",
                "blocks.0.norm.weight", "blocks.0.norm.bias", "blocks.0.norm.running_mean",
                "blocks.0.norm.running_var", "blocks.1.conv.weight", "blocks.1.conv.bias",
                "blocks.1.norm.weight", "blocks.1.norm.bias", "blocks.1.norm.running_mean",
                "blocks.1.norm.running_var", "heads.a.weight", "heads.a.bias", "heads.b.weight",
                "heads.b.bias", "extra.weight", "extra.bias", "scale",
            ])
        #expect(Shared().parameters.map(\.path) == ["first.weight", "first.bias"])
    }

    @Test func shapesAreInferred() throws {
        let net = Net()
        let x = Tensor.ones([2, 4, 6, 6])
        let (_, gradients) = try valueAndGradient(of: net, engine: reference.get()) {
            $0(x).sum()
        }
        #expect(gradients["stem.weight"]?.shape == [4, 4, 3, 3])
        #expect(gradients["heads.a.weight"]?.shape == [3, 4])
        #expect(gradients["scale"]?.shape == [1])
        #expect(gradients["blocks.0.norm.running_mean"] == nil)
    }

    @Test func whatIsNotFoundIsAnError() throws {
        let error = #expect(throws: ModelError.self) {
            try valueAndGradient(of: Hidden(), engine: reference.get()) {
                $0(.ones([1, 2])).sum()
            }
        }
        #expect(
            error?.description.hasPrefix("parameter at Dense cannot take these operands") == true)
        #expect(error?.received == "a parameter of Dense that does not")
    }

    @Test func aFailedTraceFixesNothing() throws {
        let layer = Dense(2)
        #expect(throws: ModelError.self) {
            try valueAndGradient(of: layer, engine: reference.get()) {
                ($0(.ones([1, 3])) + Tensor.ones([7, 7])).sum()
            }
        }
        #expect(layer.parameterValues.isEmpty)
        let (_, gradients) = try valueAndGradient(of: layer, engine: reference.get()) {
            $0(.ones([1, 4])).sum()
        }
        #expect(gradients["weight"]?.shape == [2, 4])
    }

    @Test func layersTellTheirPathAndTheUsersLine() throws {
        let net = Pair()
        _ = try valueAndGradient(of: net, engine: reference.get()) {
            $0(.ones([1, 8, 12, 12])).sum()
        }
        var error: ModelError?
        do {
            _ = try valueAndGradient(of: net, engine: reference.get()) {
                $0(.ones([1, 10, 12, 12])).sum()
            }
        } catch let caught as ModelError {
            error = caught
        }
        #expect(
            error?.description == """
                conv2D at conv1 cannot take these operands, at ModuleTests.swift:\(Pair.line)
                  operation  conv2D(f32[1,10,12,12], weight [8, 8, 5, 5])
                  expected   8 on axis 1 (channels), fixed by the first trace
                  received   10
                  fix        leave inputChannels out, or build the model with the new size
                """)
    }

    @Test func valuesAreReplacedAllOrNone() throws {
        let net = Dense(2)
        _ = try valueAndGradient(of: net, engine: reference.get()) { $0(.ones([1, 3])).sum() }
        let before = net.parameterValues
        let error = #expect(throws: ParameterError.self) {
            try net.setParameters([
                "weight": HostTensor(zeros: TensorType(.float32, [2, 4])),
                "gamma": HostTensor(zeros: TensorType(.float32, [2])),
            ])
        }
        #expect(
            error?.description == """
                the values do not fit the model: 3 differences
                  missing     bias
                  unexpected  gamma
                  type        weight: the model has f32[2,3], the value f32[2,4]
                """)
        #expect(net.parameterValues == before)
    }

    @Test func firstValuesDependOnSeedAndPathAlone() throws {
        func values(_ seed: Int) throws -> [String: HostTensor] {
            let net = Sequential {
                Dense(3)
                Dense(3)
            }
            _ = try valueAndGradient(of: net, seed: seed, engine: reference.get()) {
                $0(.ones([1, 3])).sum()
            }
            return net.parameterValues
        }
        let first = try values(1)
        #expect(try values(1) == first)
        #expect(try values(2) != first)
        #expect(first["layers.0.weight"] != first["layers.1.weight"])
        let bound = 1 / 3.0.squareRoot()
        let weights = try #require(first["layers.0.weight"]).doubles
        #expect(weights.allSatisfy { Swift.abs($0) <= bound } && Set(weights).count == 9)
    }
}
