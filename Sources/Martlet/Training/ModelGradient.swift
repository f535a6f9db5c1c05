import MartletCompiler
import MartletGraph

/// The loss of a model and the gradients of its parameters, by path.
///
///     let (loss, gradients) = try valueAndGradient(of: net) { crossEntropy($0(x), y) }
///
/// Nothing is changed: running statistics that the model assigns are dropped. Parameters that the loss
/// does not depend on have a gradient of zeros; those that are not trainable have none.
///
/// - Parameters:
///   - net: The model.
///   - mode: Whether dropout and batch normalisation take their training form.
///   - seed: Decides dropout, and the first values of a model that has none yet.
///   - engine: The engine of the model's values, or `Engines.current()`, unless given.
///   - body: The loss, one number.
/// - Throws: `ModelError` for a mistake in the model, or a loss that is not one number.
public func valueAndGradient<Net: Module>(
    of net: Net, mode: TraceMode = .training, seed: Int = 0, engine: (any Engine)? = nil,
    loss body: (Net) throws -> Tensor
) throws -> (loss: Tensor, gradients: [String: Tensor]) {
    let trace = Trace(
        name: "valueAndGradient", mode: mode,
        parameters: ParameterUse(Discovery(net), seed: seed))
    trace.setGenerator { [unowned trace] in
        trace.constant(HostTensor([Int64(seed), 0], shape: [2]))
    }
    do {
        let (outputs, entries) = try trace.run {
            let loss = try body(net)
            let entries = trace.parameters.entries.filter(\.parameter.isTrainable)
            let weights = entries.map {
                trace.parameters.read($0.parameter, $0.type, .zeros, in: trace)
            }
            return ([loss] + (try trace.gradients(of: loss, by: weights)), entries)
        }
        var graph = try trace.finish(
            outputs: outputs.enumerated().map { ("output\($0)", $1) })
        graph.assignments = []

        let engine = try engine ?? Engines.current()
        let store = engine.makeStore()
        for entry in trace.parameters.entries {
            if let value = entry.parameter.value { try store.write(entry.variable, value) }
        }
        let executable = try engine.compile(graph, store: store)
        let results = try executable([]).map { Tensor($0) }
        let gradients = zip(entries.map(\.path), results.dropFirst())
        return (results[0], Dictionary(uniqueKeysWithValues: gradients))
    } catch {
        trace.parameters.rollBack()
        throw error
    }
}
