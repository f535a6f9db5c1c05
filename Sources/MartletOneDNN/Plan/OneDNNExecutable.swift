import Foundation
import MartletCompiler
import MartletGraph
import MartletReference

/// A bound plan: a flat list of steps over memory that was laid out beforehand.
final class OneDNNExecutable: Executable {
    let inputTypes: [TensorType]
    let outputTypes: [TensorType]
    let planText: String
    private let graph: Graph
    private let store: OneDNNStore
    private let steps: ContiguousArray<any Step>
    private let pending: [PendingStep]
    private let inputs: [UnsafeMutableRawPointer]
    private let outputs: [UnsafeMutableRawPointer]
    // The plan's memory and the variables' stay alive as long as the steps that know addresses in it.
    private let memory: [AlignedMemory]
    private let slots: [OneDNNStore.Slot]
    private let isWatched: Bool

    init(
        graph: Graph, store: OneDNNStore, steps: [any Step], pending: [PendingStep],
        memory: [AlignedMemory], slots: [OneDNNStore.Slot], inputs: [UnsafeMutableRawPointer],
        outputs: [UnsafeMutableRawPointer], planText: String
    ) {
        (self.graph, self.store, self.pending) = (graph, store, pending)
        self.steps = ContiguousArray(steps)
        (self.memory, self.slots) = (memory, slots)
        (self.inputs, self.outputs, self.planText) = (inputs, outputs, planText)
        inputTypes = graph.inputs.map(\.type)
        outputTypes = graph.outputs.map { graph[$0.value].type }
        isWatched = Settings.current.verifies || Settings.current.debugLevel >= 2
    }

    func withInput(
        _ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        try body(
            UnsafeMutableRawBufferPointer(
                start: inputs[index], count: inputTypes[index].byteCount))
    }

    func withOutput<Result>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: outputs[index], count: outputTypes[index].byteCount))
    }

    func run() throws {
        if isWatched { return try runWatched() }
        for step in steps { try step.run() }
    }

    // MARK: Debugging

    /// Runs with a line per step (`MARTLET_DEBUG=2`) or a check of every number (`MARTLET_VERIFY`).
    private func runWatched() throws {
        let settings = Settings.current
        let before = settings.verifies ? try snapshot() : nil
        for (number, step) in steps.enumerated() {
            let start = DispatchTime.now().uptimeNanoseconds
            try step.run()
            let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) / 1000
            let line = pending[number]
            let text = String(format: "%8.1f us  ", elapsed)
            Log.debug(2, "\(text)\(line.label)  \(graph[line.value].type)")
        }
        if let before { try checkFinite(before) }
    }

    private func snapshot() throws -> (inputs: [HostTensor], variables: [String: HostTensor]) {
        let inputs = inputTypes.indices.map { index in
            HostTensor(
                type: inputTypes[index],
                bytes: Array(
                    UnsafeRawBufferPointer(
                        start: self.inputs[index], count: inputTypes[index].byteCount)))
        }
        var variables: [String: HostTensor] = [:]
        for name in store.names { variables[name] = try store.read(name) }
        return (inputs, variables)
    }

    /// Looks for a number that is not finite in what the run left behind; when there is one, runs the
    /// graph again node by node on the reference interpreter and names the first that made one.
    private func checkFinite(
        _ before: (inputs: [HostTensor], variables: [String: HostTensor])
    ) throws {
        let results =
            outputTypes.indices.map { index in
                withOutput(index) { HostTensor(type: outputTypes[index], bytes: Array($0)) }
            } + (try graph.assignments.map { try store.read($0.variable) })
        guard results.contains(where: { !$0.isFinite }) else { return }
        if let culprit = try firstNonFinite(in: graph, before.inputs, before.variables) {
            throw EngineError(culprit)
        }
        throw EngineError(
            "a number is not finite after a run of \(graph.name), but the reference engine finds none",
            fix: "report this: MARTLET_DUMP=folder writes the graph and the plan")
    }
}

extension HostTensor {
    /// Whether no element is NaN or infinite; true for whole numbers.
    var isFinite: Bool {
        switch type.dtype {
        case .float32: withUnsafeScalars(as: Float.self) { $0.allSatisfy { $0.isFinite } }
        case .float64: withUnsafeScalars(as: Double.self) { $0.allSatisfy { $0.isFinite } }
        default: true
        }
    }
}

/// Interprets a graph and describes the first node whose result is not finite.
func firstNonFinite(
    in graph: Graph, _ inputs: [HostTensor], _ variables: [String: HostTensor]
) throws -> String? {
    var values: [HostTensor] = []
    var inputCount = 0
    for (index, node) in graph.nodes.enumerated() {
        let result: HostTensor
        switch node.op {
        case .input:
            result = inputs[inputCount]
            inputCount += 1
        case .variable(let name, let type): result = variables[name] ?? HostTensor(zeros: type)
        default:
            result = try Interpreter.evaluate(
                node.op, node.inputs.map { values[$0.index] }, type: node.type)
        }
        values.append(result)
        guard !result.isFinite else { continue }
        if case .constant = node.op { continue }
        let what = result.doubles.first { !$0.isFinite } ?? .nan
        let place = node.origin.path.isEmpty ? "" : " at \(node.origin.path)"
        switch node.op {
        case .input(let name, _): return "input \(name) holds \(what)"
        case .variable(let name, _): return "variable \(name) holds \(what)"
        default:
            return "\(node.op.name)\(place) makes \(what), the first number that is not finite\n"
                + "  node       %\(index) \(node.type)"
        }
    }
    return nil
}
