import MartletCompiler
import MartletGraph

/// Builds the graph of a training step: forward pass, gradients, update, counters.
struct TrainGraph {
    /// The graph with the state that it needs.
    struct Result {
        var graph: Graph
        var entries: [ParameterUse.Entry]
        var slots: [Update.Slot]
    }

    let discovery: Discovery
    let seed: Int
    let optimizer: any Optimizer
    let warnsAboutUnused: Bool
    /// Whether the norm of all gradients is a result, for messages; the plan of every day has none.
    var measuresGradients = false

    /// The name of the result with the norm of the gradients.
    static let normName = "gradientNorm"

    /// Traces the closure and derives the rest; a failed trace leaves the parameters as they were.
    func graph(
        _ types: StepTypes, _ body: (Tensor, Tensor) throws -> [Tensor]
    ) throws -> Result {
        let trace = Trace(
            name: "train", mode: .training, parameters: ParameterUse(discovery, seed: seed))
        trace.setGenerator { [unowned trace] in trace.generatorVariable() }
        do {
            let forward = try forward(trace, types, body)
            let smaller = cropUnseen(exchangeReluAndMaxPool(forward))
            let slots = try trace.run { try update(trace, smaller) }
            let graph = finished(trace)
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
        _ = trace.input(rateName, TensorType(.float32, []))
        if optimizer.options.hasMomentumInput {
            _ = trace.input(momentumName, TensorType(.float32, []))
        }
        let results = try trace.run { try body(x, y) }
        if let error = trace.error { throw error }
        for result in results { _ = try trace.lossValue(result) }
        return try trace.finish(
            outputs: results.enumerated().map { index, result in
                (index == 0 ? "loss" : "metric\(index)", result.cast32(in: trace))
            })
    }

    /// Appends gradients and the optimizer's update; returns the slots that must exist.
    private func update(_ trace: Trace, _ forward: Graph) throws -> [Update.Slot] {
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
        func input(_ name: String) -> Tensor? {
            forward.inputs.first { $0.name == name }.map { Tensor(trace, $0.value) }
        }
        guard let loss = forward.outputs.first?.value, let rate = input(rateName) else {
            return []
        }
        let gradients = trace.builder.gradients(of: loss, wrt: weights.map(\.1))
        let items = zip(weights, gradients).compactMap { weight, gradient in
            gradient.map {
                Update.Item(
                    entry: weight.0, weight: Tensor(trace, weight.1), gradient: Tensor(trace, $0))
            }
        }
        let update = Update(
            trace, optimizer, rate: rate, momentum: input(momentumName),
            calls: trace.counted(countName))
        var (slots, norm) = try update(items)
        if measuresGradients, norm == nil, !items.isEmpty {
            norm = GradientClipping.Norm.euclidean.of(items.map(\.gradient))
        }
        if let norm, let value = trace.value(of: norm) {
            trace.builder.graph.outputs.append(Graph.Output(Self.normName, value))
        }
        return slots
    }

    /// Adds the generator's next step and the results.
    private func finished(_ trace: Trace) -> Graph {
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

/// The name of the input with the learning rate.
private let rateName = "learningRate"
/// The name of the input with the momentum, where there is one.
private let momentumName = "momentum"

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
