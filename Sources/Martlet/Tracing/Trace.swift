import MartletGraph

/// Whether a trace belongs to training or to using the model.
public enum TraceMode: String, Hashable, Sendable {
    /// Dropout drops, batch normalisation uses and updates the statistics of the batch.
    case training
    /// Dropout does nothing, batch normalisation uses the running statistics.
    case inference
}

/// A graph in the making; every operation on tensors inside the traced closure is appended to it.
///
/// Not safe for concurrent use; it is `Sendable` only to be reachable from a task-local value.
final class Trace: @unchecked Sendable {
    let mode: TraceMode
    var builder: GraphBuilder
    /// The first mistake.
    var error: ModelError?
    /// The parameters that this trace has read, and how they are called.
    var parameters: ParameterUse
    /// Whether nothing will run this trace; its mistakes need not tell the user's line.
    let isProbe: Bool
    /// The new values of variables at the end of the run, in the order of recording.
    private(set) var assignments: [(name: String, value: Value)] = []
    private var constants: [HostTensor: Value] = [:]
    private var generatorSource: (() -> Value)?
    private var generator: Value?
    private var nextStream = 0

    init(
        name: String, mode: TraceMode, parameters: ParameterUse = ParameterUse(),
        isProbe: Bool = false
    ) {
        (self.mode, self.parameters, self.isProbe) = (mode, parameters, isProbe)
        builder = GraphBuilder(name: name)
    }

    /// Runs `body` inside this trace.
    func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        let context = TraceContext(trace: self)
        return try TraceContext.$current.withValue(context, operation: body)
    }

    /// Appends a node that carries the running module's path.
    func append(
        _ op: Op, _ inputs: [Value], _ context: TraceContext
    ) throws(ShapeError) -> Value {
        let name = context.call?.name ?? op.name
        builder.origin = Origin(path: context.module.isEmpty ? name : "\(context.module)/\(name)")
        defer { builder.origin = Origin() }
        return try builder.append(op, inputs)
    }

    /// A node for numbers; small ones are appended once.
    func constant(_ tensor: HostTensor) -> Value {
        guard tensor.type.elementCount <= 16 else { return builder.constant(tensor) }
        if let known = constants[tensor] { return known }
        let value = builder.constant(tensor)
        constants[tensor] = value
        return value
    }

    /// Adds an input to the graph.
    func input(_ name: String, _ type: TensorType) -> Tensor {
        Tensor(self, builder.input(name, type))
    }

    /// Notes the value that a variable takes at the end of the run; a later note replaces it.
    func assign(_ name: String, _ value: Value) {
        if let index = assignments.firstIndex(where: { $0.name == name }) {
            assignments[index].value = value
        } else {
            assignments.append((name, value))
        }
    }

    /// Forgets what was recorded by value, after the graph was exchanged.
    func forgetValues() {
        assignments = []
        constants = [:]
        generator = nil
        generatorSource = nil
    }

    /// Says where random operations take their key from.
    func setGenerator(_ source: @escaping () -> Value) { generatorSource = source }

    /// The key of the random operations, `nil` when this trace has none.
    func generatorKey() -> Value? {
        if generator == nil { generator = generatorSource?() }
        return generator
    }

    /// A number that no other random operation of this trace has.
    func makeStream() -> Int {
        defer { nextStream += 1 }
        return nextStream
    }
}
