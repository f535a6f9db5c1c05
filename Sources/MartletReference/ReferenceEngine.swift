import MartletCompiler
import MartletGraph

/// The plain engine: every operation as a loop, node by node, on one thread.
///
/// It defines what the other engines have to compute, and runs where no other engine does.
public struct ReferenceEngine: Engine {
    private let settings: Settings

    /// Makes the engine; with `MARTLET_VERIFY` it stops at the first number that is not finite.
    public init(settings: Settings = .current) { self.settings = settings }

    /// The engine's name in settings and messages.
    public var name: String { "reference" }

    /// An empty store in ordinary memory.
    public func makeStore() -> any VariableStore { ReferenceStore() }

    /// Checks the graph and the types of its variables; variables may still be missing.
    ///
    /// The graph runs as it was traced, without passes, so that this engine judges them too.
    public func compile(_ graph: Graph, store: any VariableStore) throws -> any Executable {
        let plan = try ReferenceExecutable(graph, store: store, settings: settings)
        Dump.write(graph, stage: "reference", settings: settings)
        Dump.write(plan.planText, name: "\(graph.name)-plan", settings: settings)
        return plan
    }
}

/// Variables as host tensors by name.
final class ReferenceStore: VariableStore {
    private(set) var names: [String] = []
    private var values: [String: HostTensor] = [:]

    func type(of name: String) -> TensorType? { values[name]?.type }

    func write(_ name: String, _ value: HostTensor) throws {
        if let old = values[name] {
            try requireType(of: name, old.type, is: value.type)
        } else {
            names.append(name)
        }
        values[name] = value
    }

    func read(_ name: String) throws -> HostTensor {
        guard let value = values[name] else {
            throw EngineError(
                "there is no variable named \(name)",
                expected: names.isEmpty ? "" : "one of \(names.joined(separator: ", "))")
        }
        return value
    }
}

/// Throws when a variable of type `old` is to take values of type `new`.
func requireType(of name: String, _ old: TensorType, is new: TensorType) throws {
    guard old == new else {
        throw EngineError(
            "the variable \(name) has another type", expected: old.description,
            received: new.description)
    }
}
