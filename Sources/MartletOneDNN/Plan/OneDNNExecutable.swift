import CKernels
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
    /// Runs of steps that one thread or all threads take.
    private let parts: [(steps: Range<Int>, isSerial: Bool)]
    private let inputs: [UnsafeMutableRawPointer]
    private let outputs: [UnsafeMutableRawPointer]
    // The plan's memory and the variables' stay alive as long as the steps that know addresses in it.
    private let memory: [AlignedMemory]
    private let slots: [OneDNNStore.Slot]
    private let isWatched: Bool
    private let settings: Settings
    /// Bytes after each buffer that no step may touch, when memory is verified.
    private let guards: [(after: Int, address: UnsafeMutableRawPointer)]

    init(
        graph: Graph, store: OneDNNStore, steps: [any Step], pending: [PendingStep],
        memory: [AlignedMemory], slots: [OneDNNStore.Slot], inputs: [UnsafeMutableRawPointer],
        outputs: [UnsafeMutableRawPointer],
        guards: [(after: Int, address: UnsafeMutableRawPointer)],
        planText: String, settings: Settings
    ) {
        (self.graph, self.store, self.pending) = (graph, store, pending)
        self.steps = ContiguousArray(steps)
        var parts: [(steps: Range<Int>, isSerial: Bool)] = []
        for (number, step) in pending.enumerated() {
            if let last = parts.last, last.isSerial == step.isSerial {
                parts[parts.count - 1].steps = last.steps.lowerBound..<number + 1
            } else {
                parts.append((number..<number + 1, step.isSerial))
            }
        }
        self.parts = parts
        (self.memory, self.slots) = (memory, slots)
        (self.inputs, self.outputs, self.planText) = (inputs, outputs, planText)
        inputTypes = graph.inputs.map(\.type)
        outputTypes = graph.outputs.map { graph[$0.value].type }
        (self.guards, self.settings) = (guards, settings)
        isWatched = settings.verifies || settings.debugLevel >= 2
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

    func profile(runs: Int) throws -> PlanProfile {
        var times = [[Double]](repeating: [], count: steps.count)
        var starts = [Double](repeating: 0, count: steps.count)
        let mode = ck_flush_subnormals()
        defer { leave(mode) }
        for _ in 0..<max(runs, 1) {
            let begin = DispatchTime.now().uptimeNanoseconds
            var before = begin
            for (number, step) in steps.enumerated() {
                ck_limit_threads(pending[number].isSerial ? 1 : 0)
                try step.run()
                let now = DispatchTime.now().uptimeNanoseconds
                times[number].append(Double(now - before) / 1000)
                starts[number] = Double(before - begin) / 1000
                before = now
            }
        }
        return PlanProfile(
            steps: pending.indices.map { number in
                let step = pending[number]
                return PlanProfile.Step(
                    label: step.label, path: graph[step.value].origin.path, flops: step.flops,
                    bytes: step.bytes, times: times[number], start: starts[number])
            })
    }

    func run() throws {
        if isWatched { return try runWatched() }
        let mode = ck_flush_subnormals()
        defer { leave(mode) }
        for part in parts {
            ck_limit_threads(part.isSerial ? 1 : 0)
            for number in part.steps { try steps[number].run() }
        }
    }

    /// Gives the calling thread back as it was.
    private func leave(_ mode: UInt32) {
        ck_limit_threads(0)
        ck_restore_float_mode(mode)
    }

    // MARK: Debugging

    /// Runs with a line per step (`MARTLET_DEBUG=2`) or a check of every number (`MARTLET_VERIFY`).
    private func runWatched() throws {
        let before = settings.verifies ? try snapshot() : nil
        let mode = ck_flush_subnormals()
        defer { leave(mode) }
        for (number, step) in steps.enumerated() {
            ck_limit_threads(pending[number].isSerial ? 1 : 0)
            let start = DispatchTime.now().uptimeNanoseconds
            try step.run()
            let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) / 1000
            let line = pending[number]
            let text = String(format: "%8.1f us  ", elapsed)
            Log.debug(
                2, settings: settings, "\(text)\(line.label)  \(graph[line.value].type)")
            if settings.verifies { try checkGuards(after: line) }
        }
        if let before { try checkFinite(before) }
    }

    /// Throws when a step wrote past the end of a buffer.
    private func checkGuards(after step: PendingStep) throws {
        for (buffer, address) in guards {
            let bytes = UnsafeRawBufferPointer(start: address, count: GuardedLayout.guardBytes)
            guard bytes.allSatisfy({ $0 == GuardedLayout.pattern }) else {
                throw EngineError(
                    "internal: the step \(step.label) wrote past the end of buffer \(buffer)",
                    received: "\(graph[step.value].type) at \(graph[step.value].origin.path)",
                    fix: "report this with the files that MARTLET_DUMP=folder writes")
            }
        }
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

    /// Looks for a number that is not finite in what the run left behind.
    ///
    /// When there is one, the variables get their old values back, and the graph runs again node by
    /// node on the reference interpreter to name the first node that made one.
    private func checkFinite(
        _ before: (inputs: [HostTensor], variables: [String: HostTensor])
    ) throws {
        let results =
            outputTypes.indices.map { index in
                withOutput(index) { HostTensor(type: outputTypes[index], bytes: Array($0)) }
            } + (try graph.assignments.map { try store.read($0.variable) })
        guard !results.allSatisfy(\.isFinite) else { return }
        for (name, value) in before.variables { try store.write(name, value) }
        let culprit = try Interpreter.firstNonFinite(
            in: graph, inputs: before.inputs, variables: before.variables)
        throw culprit?.error
            ?? EngineError(
                "a number is not finite after a run of \(graph.name), but the reference engine finds"
                    + " none",
                fix: "report this with the files that MARTLET_DUMP=folder writes")
    }
}
