import Foundation
import MartletCompiler
import MartletGraph

extension Lowering {
    /// Stores assignments, lays out memory, binds every step.
    func finish() throws -> OneDNNExecutable {
        let outputs = try graph.outputs.map { output in
            try savedIfVariable(try plainPlacement(of: output.value), output.value)
        }
        let homes = try storeAssignments()
        let lives = bufferLives(outputs, homes)
        let plan = MemoryPlan.plan(requests: lives.requests)
        let guarded = settings.verifies ? GuardedLayout(lives.requests) : nil
        let offsets = guarded?.offsets ?? plan.offsets
        let arena = AlignedMemory(byteCount: guarded?.totalBytes ?? plan.totalBytes)
        var constants: [AlignedMemory] = []
        var slots: [OneDNNStore.Slot] = []
        let addresses = try buffers.indices.map { index -> UnsafeMutableRawPointer in
            switch buffers[index].kind {
            case .temporary, .input:
                if let name = homes[BufferID(index: index)] { return try slot(name, &slots) }
                return arena.base + (lives.requestOf[index].map { offsets[$0] } ?? 0)
            case .variable(let name): return try slot(name, &slots)
            case .constant(let tensor):
                let memory = AlignedMemory(byteCount: tensor.type.byteCount)
                tensor.bytes.withUnsafeBytes { bytes in
                    if let source = bytes.baseAddress, !bytes.isEmpty {
                        memory.base.copyMemory(from: source, byteCount: bytes.count)
                    }
                }
                constants.append(memory)
                return memory.base
            }
        }
        let bindings = Bindings(addresses: addresses)
        let bound = try steps.map { try $0.make(bindings) }
        for number in steps.indices {
            steps[number].bytes = (steps[number].reads + steps[number].writes).reduce(0) {
                $0 + buffers[$1.index].byteCount
            }
        }
        let text = planText(plan, lives, homes)
        Dump.write(text, name: "\(graph.name)-plan", settings: settings)
        Log.debug(
            1, settings: settings,
            "planned \(graph.name): \(steps.count) steps, \(plan.unsharedBytes) bytes of values in"
                + " \(plan.totalBytes) of memory")
        return OneDNNExecutable(
            graph: graph, store: store, steps: bound, pending: steps,
            memory: [arena] + constants, slots: slots,
            inputs: inputAddresses(bindings), outputs: outputs.map { bindings[$0] },
            guards: guarded?.fill(arena) ?? [], planText: text, settings: settings)
    }

    private func slot(
        _ name: String, _ slots: inout [OneDNNStore.Slot]
    ) throws -> UnsafeMutableRawPointer {
        guard let slot = store.slot(name) else {
            throw EngineError("there is no variable \(name)")
        }
        slot.isBound = true
        slots.append(slot)
        return slot.memory.base
    }

    private func inputAddresses(_ bindings: Bindings) -> [UnsafeMutableRawPointer] {
        var addresses: [(number: Int, address: UnsafeMutableRawPointer)] = []
        for index in buffers.indices {
            if case .input(let number) = buffers[index].kind {
                addresses.append((number, bindings[BufferID(index: index)]))
            }
        }
        return addresses.sorted { $0.number < $1.number }.map(\.address)
    }

    // MARK: Assignments

    /// Decides which results are computed right where their variable lives; the others are copied
    /// there by steps at the end.
    ///
    /// A result may go straight into the variable's memory when every step that reads the old value
    /// is over by then; the step that makes the result may itself read the old value if it works in
    /// place, element by element.
    private func storeAssignments() throws -> [BufferID: String] {
        // From here on no variable that is assigned may move to another layout.
        for assignment in graph.assignments { try assignedSlot(assignment).isBound = true }
        var homes: [BufferID: String] = [:]
        var sources: [(value: Value, from: BufferID, slot: OneDNNStore.Slot, variable: String)] = []
        for assignment in graph.assignments {
            let slot = try assignedSlot(assignment)
            let placed = try placement(of: assignment.value, in: slot.layout)
            if case .variable(assignment.variable) = buffers[placed.buffer.index].kind { continue }
            // Old values that go elsewhere are saved before anything is stored.
            let source = try savedIfVariable(placed, assignment.value)
            sources.append((assignment.value, source, slot, assignment.variable))
        }
        for (value, source, slot, variable) in sources {
            if canLiveAtHome(source, variable, homes) {
                homes[source] = variable
            } else {
                let count = slot.layout.byteCount(graph[value].type)
                let target = makeBuffer(count, .variable(variable))
                move(value, "assign \(variable)", from: source, to: target, count)
            }
        }
        return homes
    }

    private func assignedSlot(_ assignment: Graph.Assignment) throws -> OneDNNStore.Slot {
        guard let slot = store.slot(assignment.variable),
            slot.type == graph[assignment.value].type
        else {
            throw EngineError(
                "variable \(assignment.variable) must be written before a plan assigns it",
                expected: "\(graph[assignment.value].type)",
                received: store.type(of: assignment.variable)?.description ?? "nothing")
        }
        return slot
    }

    /// A copy of a variable's memory, which the run may overwrite; other memory as it is.
    private func savedIfVariable(_ placed: Placement, _ value: Value) throws -> BufferID {
        guard case .variable(let name) = buffers[placed.buffer.index].kind else {
            return placed.buffer
        }
        let count = placed.layout.byteCount(graph[value].type)
        let copy = makeBuffer(count)
        move(value, "save \(name)", from: placed.buffer, to: copy, count)
        return copy
    }

    private func move(
        _ value: Value, _ label: String, from: BufferID, to: BufferID, _ byteCount: Int
    ) {
        guard byteCount > 0 else { return }
        addKernel(label, value, reads: [from], writes: [to]) { bindings in
            let (source, target) = (bindings[from], bindings[to])
            return { target.copyMemory(from: source, byteCount: byteCount) }
        }
    }

    private func canLiveAtHome(
        _ buffer: BufferID, _ name: String, _ homes: [BufferID: String]
    ) -> Bool {
        guard case .temporary = buffers[buffer.index].kind, homes[buffer] == nil,
            let first = steps.firstIndex(where: { $0.writes.contains(buffer) })
        else { return false }
        for index in buffers.indices {
            guard case .variable(name) = buffers[index].kind else { continue }
            let old = BufferID(index: index)
            guard let last = steps.lastIndex(where: { $0.reads.contains(old) }) else { continue }
            if last > first { return false }
            if last == first,
                !steps[first].inPlace.contains(where: { $0.write == buffer && $0.read == old })
            {
                return false
            }
        }
        return true
    }

    // MARK: Memory

    /// When each buffer of the arena is in use.
    private func bufferLives(
        _ outputs: [BufferID], _ homes: [BufferID: String]
    ) -> (requests: [MemoryRequest], requestOf: [Int: Int]) {
        var first: [Int: Int] = [:], last: [Int: Int] = [:]
        for (number, step) in steps.enumerated() {
            for buffer in step.reads + step.writes {
                first[buffer.index] = first[buffer.index] ?? number
                last[buffer.index] = number
            }
        }
        let end = steps.count
        for output in outputs {
            first[output.index] = first[output.index] ?? 0
            last[output.index] = end
        }
        var requests: [MemoryRequest] = []
        var requestOf: [Int: Int] = [:]
        for index in buffers.indices {
            switch buffers[index].kind {
            case .temporary:
                guard let start = first[index], let stop = last[index],
                    homes[BufferID(index: index)] == nil
                else { continue }
                requests.append(
                    MemoryRequest(
                        byteCount: buffers[index].byteCount, firstStep: start, lastStep: stop))
            case .input:
                requests.append(
                    MemoryRequest(byteCount: buffers[index].byteCount, firstStep: 0, lastStep: end))
            case .variable, .constant: continue
            }
            requestOf[index] = requests.count - 1
        }
        for step in steps {
            for (write, read) in step.inPlace {
                guard let writer = requestOf[write.index], let reader = requestOf[read.index],
                    requests[writer].sharesWith == nil,
                    requests[reader].firstStep < requests[writer].firstStep
                else { continue }
                if case .temporary = buffers[read.index].kind {
                    requests[writer].sharesWith = reader
                }
            }
        }
        return (requests, requestOf)
    }

    // MARK: Text

    private func planText(
        _ plan: MemoryPlan, _ lives: (requests: [MemoryRequest], requestOf: [Int: Int]),
        _ homes: [BufferID: String]
    ) -> String {
        func name(_ buffer: BufferID) -> String {
            switch buffers[buffer.index].kind {
            case .variable(let name): return name
            case .input(let number): return graph.inputs[number].name
            case .constant(let tensor): return "constant \(tensor.type)"
            case .temporary:
                if let home = homes[buffer] { return home }
                guard let request = lives.requestOf[buffer.index] else { return "unused" }
                let from = plan.offsets[request]
                return "@\(from)+\(buffers[buffer.index].byteCount)"
            }
        }
        var lines = [
            "plan \(graph.name): \(steps.count) steps, \(plan.totalBytes) bytes"
                + " (\(plan.unsharedBytes) unshared, \(plan.peakBytes) at the peak)"
        ]
        for (number, step) in steps.enumerated() {
            let writes = step.writes.map(name).joined(separator: ", ")
            let reads = step.reads.map(name).joined(separator: ", ")
            let path = graph[step.value].origin.path
            lines.append(
                "  \(number)  \(step.label)  \(graph[step.value].type)  \(writes) <- \(reads)"
                    + (path.isEmpty ? "" : "  \(path)"))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
