import MartletCompiler
import MartletGraph

/// A traced function with its plans, one for each combination of input types.
///
/// Not safe for concurrent use.
public final class CompiledFunction {
    private let mode: TraceMode
    private let engine: any Engine
    private let body: ([Tensor]) throws -> [Tensor]
    private let name: String
    private var plans: PlanCache<[TensorType], any Executable>

    init(
        name: String, mode: TraceMode, engine: any Engine, inputs: [TensorType],
        body: @escaping ([Tensor]) throws -> [Tensor]
    ) throws {
        (self.name, self.mode, self.engine, self.body) = (name, mode, engine, body)
        plans = PlanCache(name: name) { types in
            types.enumerated().map { ("input \($0)", $1.description) }
        }
        _ = try plan(for: inputs)
    }

    /// Every compilation so far with its reason.
    public var compilations: [(name: String, reason: String)] {
        plans.compilations.map { ($0.name, $0.reason) }
    }

    /// Runs the function; input types that are new are traced and compiled first.
    ///
    /// - Throws: `ModelError` for a mistake in the traced closure, `EngineError` from the engine.
    public func callAsFunction(_ inputs: [HostTensor]) throws -> [HostTensor] {
        let executable = try plan(for: inputs.map(\.type))
        return try executable(inputs)
    }

    /// Runs the function on tensors that hold numbers.
    public func callAsFunction(_ inputs: Tensor...) throws -> [Tensor] {
        let numbers = try inputs.map { try $0.host() }
        return try callAsFunction(numbers).map { Tensor($0) }
    }

    /// The plan for inputs of the given types as text, with layouts and memory.
    public func planText(for inputs: [TensorType]) throws -> String {
        try plan(for: inputs).planText
    }

    private func plan(for types: [TensorType]) throws -> any Executable {
        try plans.plan(for: types) {
            let graph = try graph(types)
            return try engine.compile(graph, store: engine.makeStore())
        }
    }

    private func graph(_ types: [TensorType]) throws -> Graph {
        let trace = Trace(name: name, mode: mode)
        let inputs = types.enumerated().map { trace.input("input\($0)", $1) }
        let results = try trace.run { try body(inputs) }
        return try trace.finish(
            outputs: results.enumerated().map { ("output\($0)", $1) })
    }
}

/// Traces a function of tensors once and compiles it; the result runs on numbers.
///
///     let f = try compile(inputs: [TensorType(.float32, [2, 3])]) { [relu($0[0]) + 1] }
///     let y = try f(Tensor([1, -2, 3, -4, 5, -6], shape: [2, 3]))[0]
///
/// Calling it with other types traces again. Layers with parameters belong into `TrainStep` and
/// `EvaluationStep`, which hold the parameters' values.
///
/// - Parameters:
///   - inputs: The types to trace for at once, so that mistakes show here.
///   - name: What the function is called in errors and dumps.
///   - mode: Whether dropout and batch normalisation take their training form.
///   - engine: `Engines.current()` unless given.
///   - body: The function; it is called once for each combination of types.
/// - Throws: `ModelError` for a mistake in `body`, `EngineError` from the engine.
public func compile(
    inputs: [TensorType], name: String = "function", mode: TraceMode = .inference,
    engine: (any Engine)? = nil, body: @escaping ([Tensor]) throws -> [Tensor]
) throws -> CompiledFunction {
    try CompiledFunction(
        name: name, mode: mode, engine: try engine ?? Engines.current(), inputs: inputs, body: body)
}
