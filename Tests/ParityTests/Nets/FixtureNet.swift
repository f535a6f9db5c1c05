import Martlet
import MartletTestSupport

/// A network of the fixtures with its parameters, built from the list of layers in its description.
final class FixtureNet: Module {
    /// The parameters by the names of the other framework.
    let values: [String: Parameter]
    private let fixture: NetFixture

    /// Makes the network with the weights of the fixture.
    init(_ fixture: NetFixture) throws {
        self.fixture = fixture
        var values: [String: Parameter] = [:]
        for parameter in fixture.parameters {
            values[parameter.name] = Parameter(trainable: parameter.isTrainable)
            try values[parameter.name]?.set(parameter.value)
        }
        self.values = values
    }

    /// The output of the network.
    func callAsFunction(_ x: Tensor, mode: TraceMode) throws -> Tensor {
        let forward = FixtureForward(
            fixture: fixture, mode: mode,
            read: { [values] name in
                values[name].flatMap { parameter in
                    parameter.type.map { parameter($0.shape, .zeros, dtype: $0.dtype) }
                }
            },
            assign: { [values] name, value in values[name]?.assign(value) })
        return try forward(x)
    }
}

/// Builds the layers of a fixture's network from wherever its parameters are.
struct FixtureForward {
    let fixture: NetFixture
    /// Whether batch normalisation uses the statistics of the batch.
    let mode: TraceMode
    /// The parameter of that name, `nil` when there is none.
    let read: (String) -> Tensor?
    /// Notes the new value of a running statistic.
    let assign: (String, Tensor) -> Void

    /// The output of the network.
    func callAsFunction(_ x: Tensor) throws -> Tensor {
        guard let layers = fixture.description["layers"]?.array else {
            throw FixtureError(fixture.name, "has no layers")
        }
        return try apply(layers, x)
    }

    private func apply(_ layers: [FixtureValue], _ x: Tensor) throws -> Tensor {
        try layers.reduce(x) { try apply($1, $0) }
    }

    private func apply(_ layer: FixtureValue, _ x: Tensor) throws -> Tensor {
        let type = layer["type"]?.text ?? "?"
        switch type {
        case "residual":
            return try apply(layer["main"]?.array ?? [], x)
                + apply(layer["shortcut"]?.array ?? [], x)
        case "flatten": return x.flattened()
        case "softmax": return softmax(x, axis: 1)
        case "logSoftmax": return logSoftmax(x, axis: 1)
        case "batchNorm2d": return try batchNormalized(x, layer)
        default: return try activated(expression(type, layer, x), layer["activation"]?.text)
        }
    }

    /// Any other layer is an operation of the table, with the layer's settings and parameters.
    private func expression(_ type: String, _ layer: FixtureValue, _ x: Tensor) throws -> Tensor {
        let isKeras = fixture.framework.hasPrefix("Keras")
        var op = isKeras && OpsTable.kerasLayers["\(type)NHWC"] != nil ? "\(type)NHWC" : type
        var tensors = ["x": x]
        for suffix in ["weight", "bias", "kernel", "gamma", "beta"] {
            tensors[suffix] = try parameter(layer, suffix)
        }
        if fixture.framework.hasPrefix("Paddle"), type == "linear" {
            // Paddle keeps the weight of a linear layer as [in, out], as Keras does.
            op = "dense"
            tensors["kernel"] = tensors["weight"]
        }
        guard let builder = OpsTable.builders[op],
            let y = try builder(OpsArguments(attributes: layer, tensors: tensors))["out"]
        else { throw FixtureError(fixture.name, "has an unknown layer \(type)") }
        return y
    }

    private func activated(_ x: Tensor, _ name: String?) throws -> Tensor {
        guard let name, name != "linear" else { return x }
        if name == "softmax" { return softmax(x) }
        let table = OpsTable.builders
        guard let builder = table[name] ?? table["act_\(name)"],
            let y = try builder(OpsArguments(attributes: .object([:]), tensors: ["x": x]))["out"]
        else { throw FixtureError(fixture.name, "has an unknown activation \(name)") }
        return y
    }

    private func batchNormalized(_ x: Tensor, _ layer: FixtureValue) throws -> Tensor {
        let epsilon = layer["eps"]?.number ?? 1e-5
        let momentum = layer["momentum"]?.number ?? 0.1
        let (weight, bias) = (try parameter(layer, "weight"), try parameter(layer, "bias"))
        guard let mean = try parameter(layer, "running_mean"),
            let variance = try parameter(layer, "running_var")
        else { throw FixtureError(fixture.name, "has no running statistics for \(layer)") }
        guard mode == .training else {
            return batchNorm(
                x, mean: mean, variance: variance, weight: weight, bias: bias, epsilon: epsilon)
        }
        let batch = batchStatistics(x, unbiased: true)
        let name = try name(layer)
        assign("\(name).running_mean", (1 - momentum) * mean + momentum * batch.mean)
        assign("\(name).running_var", (1 - momentum) * variance + momentum * batch.variance)
        if let count = try parameter(layer, "num_batches_tracked") {
            assign("\(name).num_batches_tracked", count + 1)
        }
        return batchNorm(x, weight: weight, bias: bias, epsilon: epsilon)
    }

    private func parameter(_ layer: FixtureValue, _ suffix: String) throws -> Tensor? {
        guard layer["name"] != nil else { return nil }
        let name = try name(layer)
        return read("\(name).\(suffix)") ?? read("\(name)/\(suffix)")
    }

    private func name(_ layer: FixtureValue) throws -> String {
        guard let name = layer["name"]?.text else {
            throw FixtureError(fixture.name, "has a layer without a name", found: "\(layer)")
        }
        return name
    }
}
