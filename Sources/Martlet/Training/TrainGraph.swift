import MartletCompiler
import MartletGraph

/// Builds the graph of a training step: forward pass, gradients, update, counters.
struct TrainGraph<Rule: Optimizer> {
    /// The graph with the state that it needs.
    struct Result {
        var graph: Graph
        var entries: [ParameterUse.Entry]
        var slots: [(name: String, type: TensorType)]
    }

    let discovery: Discovery
    let seed: Int
    let optimizer: Rule
    let warnsAboutUnused: Bool

    /// Traces the closure and derives the rest; a failed trace leaves the parameters as they were.
    func graph(
        _ types: StepTypes, _ body: (Tensor, Tensor) throws -> [Tensor]
    ) throws -> Result {
        let trace = Trace(
            name: "train", mode: .training, parameters: ParameterUse(discovery, seed: seed))
        trace.setGenerator { [unowned trace] in trace.generatorVariable() }
        do {
            let forward = try forward(trace, types, body)
            let slots = try trace.run { try update(trace, exchangeReluAndMaxPool(forward)) }
            let graph = finished(trace, forward.outputs.map(\.name))
            if warnsAboutUnused { warn(trace) }
            return Result(graph: graph, entries: trace.parameters.entries, slots: slots)
        } catch {
            trace.parameters.rollBack()
            let probe = InputProbe(discovery: discovery, mode: .training)
            throw probe.withFittingInput(error, types.x) { trace, x in
                try body(x, trace.input("y", types.y))
            }
        }
    }

    private func forward(
        _ trace: Trace, _ types: StepTypes, _ body: (Tensor, Tensor) throws -> [Tensor]
    ) throws -> Graph {
        let (x, y) = (trace.input("x", types.x), trace.input("y", types.y))
        _ = trace.input("learningRate", TensorType(.float32, []))
        let results = try trace.run { try body(x, y) }
        if let error = trace.error { throw error }
        for result in results { _ = try trace.lossValue(result) }
        return try trace.finish(
            outputs: results.enumerated().map { index, result in
                (index == 0 ? "loss" : "metric\(index)", result.cast32(in: trace))
            })
    }

    /// Appends gradients and the optimizer's rule; returns the slots that must exist.
    private func update(
        _ trace: Trace, _ forward: Graph
    ) throws -> [(name: String, type: TensorType)] {
        let assignments = forward.assignments
        trace.replaceGraph(forward)
        for assignment in assignments { trace.assign(assignment.variable, assignment.value) }

        let variables = Dictionary(
            forward.variables.map { ($0.name, $0.value) }
        ) { first, _ in first }
        let trainable = trace.parameters.entries.filter(\.parameter.isTrainable)
        let weights = trainable.compactMap { entry in
            variables[entry.variable].map { (entry, $0) }
        }
        guard let loss = forward.outputs.first?.value,
            let rate = forward.inputs.first(where: { $0.name == "learningRate" })?.value
        else { return [] }
        let gradients = trace.builder.gradients(of: loss, wrt: weights.map(\.1))

        let next = trace.counted(countName)
        let count = next.cast(to: .float32)
        var slots: [(name: String, type: TensorType)] = []
        for ((entry, value), gradient) in zip(weights, gradients) {
            guard let gradient else { continue }
            slots += update(
                trace, entry, Tensor(trace, value), Tensor(trace, gradient),
                rate: Tensor(trace, rate), count: count)
        }
        if let error = trace.error { throw error }
        return slots
    }

    private func update(
        _ trace: Trace, _ entry: ParameterUse.Entry, _ weight: Tensor, _ gradient: Tensor,
        rate: Tensor, count: Tensor
    ) -> [(name: String, type: TensorType)] {
        let names = optimizer.slotNames.map { "optimizer/\(entry.path)/\($0)" }
        var slots = names.map { Tensor(trace, trace.builder.variable($0, entry.type)) }
        let new = TraceContext.with({ $0.module = "optimizer/\(entry.path)" }) {
            optimizer.step(
                weight, gradient, slots: &slots, rate: rate.cast(to: weight.dtype),
                count: count.cast(to: weight.dtype))
        }
        for (name, tensor) in zip([entry.variable] + names, [new] + slots) {
            if let value = trace.value(of: tensor) { trace.assign(name, value) }
        }
        return names.map { ($0, entry.type) }
    }

    /// Adds the generator's next step and the results.
    private func finished(_ trace: Trace, _ names: [String]) -> Graph {
        let outputs = trace.builder.graph.outputs
        let known = trace.builder.graph.variables.first { $0.name == generatorName }?.value
        let generator = Tensor(trace, known ?? trace.generatorVariable())
        trace.run {
            let next = generator + Tensor(HostTensor([Int64(0), 1], shape: [2]))
            if let value = trace.value(of: next) { trace.assign(generatorName, value) }
        }
        var graph = trace.builder.graph
        graph.outputs = outputs
        graph.assignments = trace.assignments.map { Graph.Assignment($0.name, $0.value) }
        return graph
    }

    private func warn(_ trace: Trace) {
        for path in trace.parameters.unusedPaths {
            Log.write("warning: the parameter \(path) of the model is used by no layer")
        }
    }
}

extension Trace {
    /// The variable that random operations take their key from.
    func generatorVariable() -> Value {
        builder.variable(generatorName, TensorType(.int64, [2]))
    }

    /// Reads a counter, notes it one higher, and returns that.
    fileprivate func counted(_ name: String) -> Tensor {
        let old = Tensor(self, builder.variable(name, TensorType(.int64, [])))
        let next = old + 1
        if let value = value(of: next) { assign(name, value) }
        return next
    }
}

extension Tensor {
    /// The loss and the metrics leave the plan as f32.
    fileprivate func cast32(in trace: Trace) -> Tensor {
        trace.run { cast(to: .float32) }
    }
}
