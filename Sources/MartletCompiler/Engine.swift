import MartletGraph

/// Something that can run graphs: the reference interpreter, oneDNN, one day a GPU.
public protocol Engine: Sendable {
    /// The name that `MARTLET_ENGINE` and messages use, `reference` or `onednn`.
    var name: String { get }

    /// A place for named state that several executables of this engine share.
    func makeStore() -> any VariableStore

    /// Turns a verified graph into something that runs; variables live in `store`.
    ///
    /// - Throws: `EngineError` when the engine cannot run the graph, or a variable of the graph has
    ///   another type in `store`.
    func compile(_ graph: Graph, store: any VariableStore) throws -> any Executable
}

/// Named state of one engine; plans read and replace it in place.
///
/// Not safe for concurrent use.
public protocol VariableStore: AnyObject {
    /// The names in the order of their definition.
    var names: [String] { get }

    /// The type of a variable, `nil` when there is none of that name.
    func type(of name: String) -> TensorType?

    /// Creates or overwrites a variable.
    ///
    /// - Throws: `EngineError` when it exists with another type.
    func write(_ name: String, _ value: HostTensor) throws

    /// A copy of a variable in row-major order, or `EngineError` when there is none of that name.
    func read(_ name: String) throws -> HostTensor
}

/// A compiled graph with its memory.
///
/// Not safe for concurrent use.
public protocol Executable: AnyObject {
    /// The types of the inputs, in the order of `Graph.inputs`.
    var inputTypes: [TensorType] { get }

    /// Lets the caller write input `index` straight into the plan's memory, row-major.
    func withInput(_ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows

    /// Computes outputs from inputs and variables, then stores the assignments.
    func run() throws

    /// Lets the caller read output `index` of the last run, row-major.
    func withOutput<Result>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result

    /// The types of the outputs, in the order of `Graph.outputs`.
    var outputTypes: [TensorType] { get }

    /// The plan as text: one line per step, with layouts and memory, for dumps and snapshots.
    var planText: String { get }

    /// Runs several times and measures each step; variables change as they do in any run.
    ///
    /// An engine that cannot tell its steps apart gives none.
    func profile(runs: Int) throws -> PlanProfile
}

extension Executable {
    /// No steps.
    public func profile(runs: Int) throws -> PlanProfile { PlanProfile(steps: []) }

    /// Copies `inputs` in, runs, and copies every output out.
    public func callAsFunction(_ inputs: [HostTensor]) throws -> [HostTensor] {
        guard inputs.map(\.type) == inputTypes else {
            throw EngineError(
                "the plan takes other inputs",
                expected: inputTypes.map(\.description).joined(separator: ", "),
                received: inputs.map(\.type.description).joined(separator: ", "))
        }
        for (index, input) in inputs.enumerated() {
            withInput(index) { target in input.bytes.withUnsafeBytes { target.copyMemory(from: $0) }
            }
        }
        try run()
        return outputTypes.indices.map { index in
            withOutput(index) { HostTensor(type: outputTypes[index], bytes: Array($0)) }
        }
    }
}

/// What went wrong while compiling for or running on an engine.
public struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    public var problem: String
    public var expected: String
    public var received: String
    public var fix: String

    /// Collects the parts of the message; empty ones are left out when it is printed.
    public init(_ problem: String, expected: String = "", received: String = "", fix: String = "") {
        (self.problem, self.expected, self.received) = (problem, expected, received)
        self.fix = fix
    }

    /// The message in lines.
    public var description: String {
        var lines = [problem]
        if !expected.isEmpty { lines.append("  expected   \(expected)") }
        if !received.isEmpty { lines.append("  received   \(received)") }
        if !fix.isEmpty { lines.append("  fix        \(fix)") }
        return lines.joined(separator: "\n")
    }
}
