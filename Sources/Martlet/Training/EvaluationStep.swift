import MartletCompiler
import MartletGraph

/// Which values of a model an evaluation uses.
public enum EvaluationWeights: Hashable, Sendable {
    /// Those that the last update left.
    case latest
    /// The averages that an optimizer with `averagingWeights` keeps; other values are the latest.
    case average
}

/// A model in use: traced in inference mode, with the values that training has left.
///
///     let predict = try EvaluationStep(net) { net, x in softmax(net(x)) }
///     let probabilities = try predict(images)[0]
///
/// It shares the variables of the model's `TrainStep`: each call sees the latest values.
/// Not safe for concurrent use.
public final class EvaluationStep<Net: Module> {
    /// The model.
    public let net: Net

    private let body: (Net, [Tensor]) throws -> [Tensor]
    private let discovery: Discovery
    private let state: ModelState
    private let weights: EvaluationWeights
    private let seed: Int
    private var plans: PlanCache<[TensorType], any Executable>

    /// Makes a step from any number of inputs to any number of results.
    ///
    /// - Parameters:
    ///   - net: The model.
    ///   - weights: The latest values, or averages, which must exist when a plan is compiled.
    ///   - seed: Decides the first values of a model that has none yet.
    ///   - engine: The engine of the model's values, or `Engines.current()`, unless given.
    ///   - results: What is computed; it is called once for each combination of input types.
    public init(
        _ net: Net, weights: EvaluationWeights = .latest, seed: Int = 0,
        engine: (any Engine)? = nil,
        results: @escaping (_ net: Net, _ inputs: [Tensor]) throws -> [Tensor]
    ) throws {
        (self.net, body, self.weights, self.seed) = (net, results, weights, seed)
        discovery = Discovery(net)
        state = try ModelState.of(discovery, engine: engine)
        plans = PlanCache(name: "evaluate") { types in
            types.enumerated().map { ("input \($0)", $1.description) }
        }
    }

    /// Makes a step from one input to one result.
    public convenience init(
        _ net: Net, weights: EvaluationWeights = .latest, seed: Int = 0,
        engine: (any Engine)? = nil,
        result: @escaping (_ net: Net, _ x: Tensor) throws -> Tensor
    ) throws {
        try self.init(net, weights: weights, seed: seed, engine: engine) { net, inputs in
            guard let x = inputs.first else { return [] }
            return [try result(net, x)]
        }
    }

    /// Every compilation so far with its reason.
    public var compilations: [(name: String, reason: String)] {
        plans.compilations.map { ($0.name, $0.reason) }
    }

    /// Runs the model on inputs; types that are new are traced and compiled first.
    ///
    /// - Throws: `ModelError` for a mistake in the model or inputs that do not fit it.
    public func callAsFunction(_ inputs: HostTensor...) throws -> [HostTensor] {
        let executable = try plan(inputs.map(\.type))
        return try executable(inputs)
    }

    /// Runs the model on inputs that the caller writes straight into the plan's memory.
    ///
    /// - Parameters:
    ///   - types: The types of the inputs.
    ///   - writing: Is called once for each input with its number and its memory, row-major.
    ///   - reading: Is called once for each result with its number and its memory, row-major.
    public func run(
        _ types: [TensorType],
        writing: (Int, UnsafeMutableRawBufferPointer) throws -> Void,
        reading: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let executable = try plan(types)
        for index in types.indices {
            try executable.withInput(index) { try writing(index, $0) }
        }
        try executable.run()
        for index in executable.outputTypes.indices {
            try executable.withOutput(index) { try reading(index, $0) }
        }
    }

    /// The types of the results for inputs of the given types.
    public func outputTypes(for inputs: [TensorType]) throws -> [TensorType] {
        try plan(inputs).outputTypes
    }

    /// What each step of the plan for inputs of the given types costs, with the inputs of the last
    /// call.
    public func profile(_ types: [TensorType], runs: Int) throws -> PlanProfile {
        try plan(types).profile(runs: runs)
    }

    /// The traced inference graph for inputs of the given types, before optimisation.
    public func graph(for inputs: [TensorType]) throws -> Graph { try traced(inputs).graph }

    private func plan(_ types: [TensorType]) throws -> any Executable {
        if types.contains(where: { $0.shape.contains(0) }) {
            throw ModelError(
                function: "evaluate", operation: "evaluate(\(types.map(\.description)))",
                expected: "at least one example", received: "an empty batch")
        }
        try state.checkOwns(discovery)
        return try plans.plan(for: types) {
            let (graph, entries) = try traced(types)
            for entry in entries { try entry.parameter.settle() }
            return try state.engine.compile(graph, store: state.store)
        }
    }

    private func traced(
        _ types: [TensorType]
    ) throws -> (graph: Graph, entries: [ParameterUse.Entry]) {
        let trace = Trace(
            name: "evaluate", mode: .inference, parameters: ParameterUse(discovery, seed: seed))
        do {
            let inputs = types.enumerated().map {
                trace.input(types.count == 1 ? "x" : "input\($0)", $1)
            }
            let results = try trace.run { try body(net, inputs) }
            var graph = try trace.finish(
                outputs: results.enumerated().map { ("output\($0)", $1) })
            if weights == .average { try readAverages(&graph, trace.parameters.entries) }
            return (graph, trace.parameters.entries)
        } catch {
            trace.parameters.rollBack()
            guard types.count == 1 else { throw error }
            let probe = InputProbe(discovery: discovery, mode: .inference)
            throw probe.withFittingInput(error, types[0]) { try body(net, [$1]) }
        }
    }

    /// The average of a parameter that this step uses, `nil` where it uses the latest value.
    func average(of path: String) throws -> HostTensor? {
        let name = Self.averageName(path)
        guard weights == .average, net.parameter(at: path)?.isLearned == true,
            state.store.type(of: name) != nil
        else { return nil }
        return try state.store.read(name)
    }

    private static func averageName(_ path: String) -> String {
        "optimizer/\(path)/\(UpdateOptions.averageName)"
    }

    /// Lets the graph read averages in place of trained values.
    private func readAverages(_ graph: inout Graph, _ entries: [ParameterUse.Entry]) throws {
        let averages = entries.filter(\.parameter.isLearned).map {
            ($0.variable, Self.averageName($0.path))
        }
        let known = averages.filter { state.store.type(of: $0.1) != nil }
        guard !known.isEmpty || averages.isEmpty else {
            throw ModelError(
                function: "evaluate", operation: "weights: .average",
                expected: "a model that was trained with averages",
                received: "a model without any",
                fix: "train with optimizer.averagingWeights(decay:) before")
        }
        let names = Dictionary(known) { first, _ in first }
        for index in graph.nodes.indices {
            guard case .variable(let name, let type) = graph.nodes[index].op,
                let average = names[name]
            else { continue }
            graph.nodes[index].op = .variable(average, type)
        }
    }
}
