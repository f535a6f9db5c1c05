import MartletCompiler
import MartletData
import MartletGraph

/// The names of the variables that add losses and metrics up over an epoch.
enum RunningSum {
    static let prefix = "training/"
    static let loss = "training/loss"

    static func metric(_ name: String) -> String { "training/metrics/\(name)" }

    /// Adds a tensor to a variable of the running trace and returns the new sum.
    static func add(_ tensor: Tensor, to name: String) -> Tensor {
        guard let trace = TraceContext.current.trace, !tensor.isPoisoned else { return tensor }
        let type = tensor.type.with(dtype: .float64)
        let sum =
            Tensor(trace, trace.builder.variable(name, type)) + tensor.cast(to: .float64)
        if let value = trace.value(of: sum) { trace.assign(name, value) }
        return sum
    }
}

extension Trainer {
    /// A traced training step with the variables that it needs.
    struct TracedStep {
        var graph: Graph
        var variables: [(name: String, value: HostTensor)]
    }

    /// Traces a training step; the parameters get their first values.
    func trace(
        _ types: StepTypes, warns: Bool = false, measuresGradients: Bool = false
    ) throws -> TracedStep {
        let builder = TrainGraph(
            discovery: discovery, seed: seed, optimizer: optimizer, warnsAboutUnused: warns,
            measuresGradients: measuresGradients)
        let result = try builder.graph(types) { try self.losses($0, $1) }
        for entry in result.entries { try entry.parameter.settle() }
        var needed = result.slots.map { (name: $0.name, value: $0.value) }
        for (name, type, _) in result.graph.variables where name.hasPrefix(RunningSum.prefix) {
            needed.append((name, HostTensor(zeros: type)))
        }
        for (name, value) in needed where variables[name] == nil { variables[name] = value }
        return TracedStep(graph: result.graph, variables: needed)
    }

    /// The loss of a batch and the sum over the epoch; metrics are only added up.
    private func losses(_ x: Tensor, _ targets: Tensor) throws -> [Tensor] {
        let predictions = model(scaled(x))
        let value = loss(predictions, targets)
        let examples = x.shape.first ?? 1
        let sum = RunningSum.add(value.cast(to: .float64) * examples, to: RunningSum.loss)
        for metric in metrics {
            let counts = metric.metric.counts(predictions, targets)
            _ = RunningSum.add(counts, to: RunningSum.metric(metric.name))
        }
        return [value, sum]
    }

    /// Pixels as the model sees them.
    func scaled(_ x: Tensor) -> Tensor { (scaling ?? .unit())(x) }

    /// The plan for batches of the given types, compiled when it is new.
    func plan(_ types: StepTypes) throws -> any Executable {
        try plans.plan(for: types) {
            let traced = try trace(types)
            for (name, value) in traced.variables { try state.define(name, value) }
            return try state.engine.compile(traced.graph, store: state.store)
        }
    }

    /// The plan for a batch; batches of the same number as the one before need no search.
    func plan(for batch: Batch) throws -> any Executable {
        try state.checkOwns(discovery)
        if let latest, latest.count == batch.count, latest.freezings == state.freezings {
            return latest.plan
        }
        let plan = try plan(
            StepTypes(x: batch.imageType, y: batch.targetType, freezings: state.freezings))
        latest = (batch.count, state.freezings, plan)
        return plan
    }

    /// Takes one step: the batch into the plan's memory, then the plan.
    package func step(_ batch: Batch) throws {
        let plan = try plan(for: batch)
        try plan.withInput(0) { try batch.writeImages(to: $0) }
        plan.withInput(1) { batch.writeTargets(to: $0) }
        let rate = Float(learningRate)
        plan.withInput(2) { $0.storeBytes(of: rate, as: Float.self) }
        if let momentum {
            let momentum = Float(momentum)
            plan.withInput(3) { $0.storeBytes(of: momentum, as: Float.self) }
        }
        try plan.run()
        position.took(batch.count, rate: learningRate)
    }

    /// The mean loss of the last batch.
    var batchLoss: Double { lastOutput(0) }

    /// The sum of the losses of the epoch so far; not finite from the first such loss on.
    var runningLossSum: Double { lastOutput(1) }

    private func lastOutput(_ index: Int) -> Double {
        guard let plan = latest?.plan else { return .nan }
        return Double(plan.withOutput(index) { $0.loadUnaligned(as: Float.self) })
    }

    /// The norm of the gradients of the last step, where they are clipped by it.
    public var gradientNorm: Double? {
        guard let plan = latest?.plan, optimizer.options.clipping?.kind == .globalNorm else {
            return nil
        }
        return lastOutput(plan.outputTypes.count - 1)
    }

    /// `loss` and the metrics over the epoch so far.
    func runningValues() throws -> NamedValues {
        let count = Double(position.examples)
        let loss = try state.store.read(RunningSum.loss).doubles.first ?? .nan
        var values: NamedValues = ["loss": loss / count]
        for metric in metrics {
            let counts = try state.store.read(RunningSum.metric(metric.name)).doubles
            values[metric.name] = count == 0 ? .nan : metric.metric.value(counts)
        }
        return values
    }

    /// Sets the sums of an epoch to zero, and gradients that are added up over it.
    func resetSums() throws {
        for (name, value) in variables {
            let isGradient = name.hasSuffix("/" + UpdateOptions.summedName)
            if name.hasPrefix(RunningSum.prefix) || isGradient {
                try state.store.write(name, value)
            }
        }
    }
}
