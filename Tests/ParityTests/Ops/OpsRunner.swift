import Martlet
import MartletTestSupport

/// What a case gives on one engine.
struct OpsResults {
    /// The outputs by name.
    var outputs: [String: HostTensor]
    /// The gradients by input; only of the differentiable inputs.
    var gradients: [String: HostTensor]
}

/// Compiles a case with its gradients as one plan and runs it.
///
/// The loss is the sum over outputs of `sum(output · weight)`.
func runOps(
    _ fixture: OpsCase, _ builder: @escaping OpsBuilder, on engine: any Engine
) throws -> OpsResults {
    let inputNames = fixture.inputs.keys.sorted()
    let weightNames = fixture.weights.keys.sorted()
    let outputNames = fixture.outputs.keys.sorted()
    let sources = fixture.differentiableInputs
    let numbers =
        inputNames.compactMap { fixture.inputs[$0] }
        + weightNames.compactMap { fixture.weights[$0] }

    let function = try compile(
        inputs: numbers.map(\.type), name: fixture.name, mode: .training, engine: engine
    ) { values in
        let inputs = Dictionary(uniqueKeysWithValues: zip(inputNames, values))
        let weights = Dictionary(
            uniqueKeysWithValues: zip(weightNames, values[inputNames.count...]))
        var outputs: [String: Tensor] = [:]
        let loss: ([Tensor]) throws -> Tensor = { variables in
            let changed = Dictionary(uniqueKeysWithValues: zip(sources, variables))
            let all = inputs.merging(changed) { $1 }
            outputs = try builder(OpsArguments(attributes: fixture.attributes, tensors: all))
            return try weightNames.reduce(Tensor(0)) { sum, name in
                guard let output = outputs[name], let weight = weights[name] else {
                    throw FixtureError(fixture.name, "gives no output \(name)")
                }
                return sum + (output * weight).sum()
            }
        }
        let variables = sources.compactMap { inputs[$0] }
        let gradients =
            try variables.isEmpty
            ? [] : valueAndGradient(at: variables, of: loss).gradients
        if variables.isEmpty { _ = try loss([]) }
        return try outputNames.map { name in
            guard let output = outputs[name] else {
                throw FixtureError(fixture.name, "gives no output \(name)")
            }
            return output
        } + gradients
    }

    let results = try function(numbers)
    return OpsResults(
        outputs: Dictionary(uniqueKeysWithValues: zip(outputNames, results)),
        gradients: Dictionary(uniqueKeysWithValues: zip(sources, results[outputNames.count...])))
}
