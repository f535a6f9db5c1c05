import CKernels
import COneDNN
import MartletCompiler
import MartletGraph

/// Where a value lies and how.
struct Placement {
    var buffer: BufferID
    var layout: Layout
}

/// Turns an optimised graph into steps over buffers, group by group, then lays out memory.
///
/// A value may lie in several layouts at once: whoever needs another than is there asks
/// `placement(of:in:)`, which appends the conversion and remembers the result.
final class Lowering {
    let graph: Graph
    let store: OneDNNStore
    let settings: Settings
    /// Whether one thread runs the whole plan.
    let isSmall: Bool
    let users: [[Int]]
    /// Nodes whose value leaves the graph.
    let escaping: Set<Int>
    var steps: [PendingStep] = []
    private(set) var buffers: [(kind: BufferKind, byteCount: Int)] = []
    private var placements: [Value: [Placement]] = [:]
    /// Buffers that other values look into, so that their layout must stay.
    private var pinned: Set<BufferID> = []
    /// The largest place of each window, by the pooling's operand and geometry.
    var poolPlaces: [Pair<Value, PoolAttributes>: BufferID] = [:]
    /// Mean and variance of each standardised value.
    var statistics: [Pair<Value, [Int]>: (mean: BufferID, variance: BufferID)] = [:]
    /// How the forward pass reads the weights of each shape and number of groups.
    var weightHomes: [Pair<[Int], Int>: OpaqueLayout] = [:]

    /// The shapes of weights that lie column by column, see `smallWeights`.
    var exchangedWeights: Set<[Int]> = []

    /// Lowers a graph whose variables are in `store`; a serial plan leaves threads to its caller.
    init(
        _ graph: Graph, store: OneDNNStore, settings: Settings, isSerial: Bool = false
    ) throws {
        self.settings = settings
        isSmall = isSerial || graph.estimatedTime < Graph.smallPlan
        self.graph = graph
        self.store = store
        var grouping = Grouping(graph)
        users = grouping.users
        escaping = grouping.escaping
        let groups = grouping.make()
        try placeSources()
        defer { ck_limit_threads(0) }
        for group in groups {
            let before = steps.count
            let isSerial = runsOnOneThread(group)
            ck_limit_threads(isSerial ? 1 : 0)
            try lower(group)
            for number in before..<steps.count { steps[number].isSerial = isSerial }
            // Conversions come first, the group's own step last.
            if steps.count > before {
                steps[steps.count - 1].flops = graph.flops(of: Value(group.anchor))
            }
        }
    }

    // MARK: Buffers

    /// A new buffer; nothing is allocated yet.
    func makeBuffer(_ byteCount: Int, _ kind: BufferKind = .temporary) -> BufferID {
        buffers.append((kind, byteCount))
        return BufferID(index: buffers.count - 1)
    }

    /// A new buffer that holds `value` in `layout`.
    func place(_ value: Value, in layout: Layout) -> Placement {
        let placement = Placement(
            buffer: makeBuffer(layout.byteCount(graph[value].type)), layout: layout)
        placements[value, default: []].append(placement)
        return placement
    }

    /// Says that `value` also lies at `placement`.
    func alias(_ value: Value, _ placement: Placement) {
        placements[value, default: []].append(placement)
    }

    /// Says that `value` is the same memory as another value, seen differently.
    func view(_ value: Value, _ placement: Placement) {
        pinned.insert(placement.buffer)
        alias(value, placement)
    }

    private func placeSources() throws {
        var inputCount = 0
        for (index, node) in graph.nodes.enumerated() {
            let value = Value(index)
            switch node.op {
            case .input:
                let buffer = makeBuffer(node.type.byteCount, .input(inputCount))
                inputCount += 1
                alias(value, Placement(buffer: buffer, layout: .plain(node.type.rank)))
            case .variable(let name, let type):
                guard let slot = store.slot(name), slot.type == type else {
                    throw EngineError(
                        "variable \(name) must be written before a plan uses it",
                        expected: "\(type)",
                        received: store.type(of: name)?.description ?? "nothing")
                }
                let buffer = makeBuffer(slot.layout.byteCount(type), .variable(name))
                alias(value, Placement(buffer: buffer, layout: slot.layout))
            default: break
            }
        }
    }

    // MARK: Placements

    /// Where a value lies, in whatever layout came first.
    func placement(of value: Value) throws -> Placement {
        if let first = placements[value]?.first { return first }
        switch graph[value].op {
        case .constant(let tensor):
            let buffer = makeBuffer(tensor.type.byteCount, .constant(tensor))
            alias(value, Placement(buffer: buffer, layout: .plain(tensor.type.rank)))
        case .iota(let type, let axis):
            let tensor = iota(type, axis: axis)
            let buffer = makeBuffer(type.byteCount, .constant(tensor))
            alias(value, Placement(buffer: buffer, layout: .plain(type.rank)))
        case .broadcast:
            try materialize(value)
        default: break
        }
        guard let first = placements[value]?.first else {
            preconditionFailure("internal: %\(value.index) is used before it is computed")
        }
        return first
    }

    /// All the places where a value lies already.
    func knownPlacements(of value: Value) throws -> [Placement] {
        _ = try placement(of: value)
        return placements[value] ?? []
    }

    /// Where a value lies in a given layout, converting it when it does not yet.
    func placement(of value: Value, in layout: Layout) throws -> Placement {
        if let home = try home(of: value, in: layout) { return home }
        let first = try placement(of: value)
        let type = graph[value].type
        var source = first
        if case .opaque(let target) = layout, target.dims != first.layout.dims(type.shape) {
            // Seen with other sizes, the elements must lie in row-major order.
            source = try plainPlacement(of: value)
        } else if case .opaque(let opaque) = first.layout, !layout.isPlain(type.shape) {
            let dense = placements[value]?.first { $0.layout.strides(type.shape) != nil }
            source = try dense ?? (opaque.dims == type.shape ? first : plainPlacement(of: value))
        }
        let result = place(value, in: layout)
        try convert(value, from: source, to: result)
        return result
    }

    /// Row-major.
    func plainPlacement(of value: Value) throws -> Placement {
        try placement(of: value, in: .plain(graph[value].type.rank))
    }

    /// Without gaps in some order of axes.
    func densePlacement(of value: Value) throws -> Placement {
        for known in try knownPlacements(of: value) {
            if case .dense = known.layout { return known }
        }
        return try plainPlacement(of: value)
    }

    /// Where a value lies in a layout already, or can come to lie without a conversion in each run.
    func home(of value: Value, in layout: Layout) throws -> Placement? {
        let first = try placement(of: value)
        let shape = graph[value].type.shape
        let known = placements[value]?.first { $0.layout.isSame(as: layout, shape) }
        if let known { return Placement(buffer: known.buffer, layout: layout) }
        return try moveHome(of: value, first, to: layout) ? try placement(of: value) : nil
    }

    /// Lets a variable that no plan has seen yet live in the layout that its first user wants.
    private func moveHome(of value: Value, _ first: Placement, to layout: Layout) throws -> Bool {
        guard case .opaque(let wanted) = layout,
            case .variable(let name) = buffers[first.buffer.index].kind,
            let slot = store.slot(name), !slot.isBound, placements[value]?.count == 1,
            case .dense = slot.layout, isUnread(first.buffer), !pinned.contains(first.buffer)
        else { return false }
        try store.move(slot, to: wanted)
        buffers[first.buffer.index].byteCount = wanted.byteCount
        placements[value] = [Placement(buffer: first.buffer, layout: layout)]
        return true
    }

    private func isUnread(_ buffer: BufferID) -> Bool {
        steps.allSatisfy { !$0.reads.contains(buffer) && !$0.writes.contains(buffer) }
    }

    /// Whether a value is a variable whose place is known to other plans or other values.
    func isSettled(_ value: Value) throws -> Bool {
        let first = try placement(of: value)
        guard case .variable(let name) = buffers[first.buffer.index].kind else { return false }
        return (store.slot(name)?.isBound ?? false) || !isUnread(first.buffer)
    }

    // MARK: Conversions

    /// Appends a step that copies a value from one layout to another.
    private func convert(_ value: Value, from: Placement, to: Placement) throws {
        let type = graph[value].type
        guard type.elementCount > 0 else { return }
        let label = "reorder \(from.layout.text(type.shape)) to \(to.layout.text(type.shape))"
        if type.dtype == .float32 {
            let dims = viewDims(from.layout, to.layout) ?? type.shape
            if !dims.isEmpty, dims.count <= Int(MDNN_MAX_RANK) {
                let source = try describe(from.layout, type.shape, as: dims)
                let target = try describe(to.layout, type.shape, as: dims)
                if let primitive = try? Primitive(mdnn_reorder(source.handle, target.handle)) {
                    addPrimitive(
                        label, value, primitive,
                        reads: [(Int(MDNN_SOURCE), from.buffer)],
                        writes: [(Int(MDNN_DESTINATION), to.buffer)])
                    return
                }
            }
        }
        guard let source = from.layout.strides(type.shape),
            let target = to.layout.strides(type.shape)
        else { throw EngineError("oneDNN cannot convert \(type) between two of its layouts") }
        let program = Program.copy(
            .init(buffer: from.buffer, dtype: type.dtype, strides: source),
            to: .init(buffer: to.buffer, dtype: type.dtype, strides: target), dims: type.shape)
        addProgram(label, value, program)
    }

    /// The sizes by which oneDNN knows the value, when one of the layouts is its own.
    private func viewDims(_ a: Layout, _ b: Layout) -> [Int]? {
        if case .opaque(let layout) = a { return layout.dims }
        if case .opaque(let layout) = b { return layout.dims }
        return nil
    }

    /// The layout as oneDNN describes it; dense layouts of other sizes must be row-major.
    func describe(_ layout: Layout, _ shape: [Int], as dims: [Int]) throws -> OpaqueLayout {
        switch layout {
        case .opaque(let opaque): return opaque
        case .dense:
            if dims == shape, let strides = layout.strides(shape) {
                return try strided(dims, strides)
            }
            guard layout.isPlain(shape) else {
                throw EngineError("a layout of \(shape) cannot be seen as \(dims)")
            }
            return try strided(dims, TensorType(.float32, dims).strides)
        }
    }

    // MARK: Steps

    /// Appends a primitive, with a scratchpad when it wants one.
    func addPrimitive(
        _ label: String, _ value: Value, _ primitive: Primitive, reads: [(Int, BufferID)],
        writes: [(Int, BufferID)]
    ) {
        var writes = writes
        let scratchpad = primitive.byteCount(MDNN_SCRATCHPAD)
        if scratchpad > 0 { writes.append((Int(MDNN_SCRATCHPAD), makeBuffer(scratchpad))) }
        let arguments = reads + writes
        steps.append(
            PendingStep(
                label: "\(label) [\(primitive.implementation)]", value: value,
                reads: reads.map(\.1), writes: writes.map(\.1)
            ) { try PrimitiveStep(primitive, arguments, $0) })
    }

    /// Appends an elementwise program.
    func addProgram(_ label: String, _ value: Value, _ program: Program) {
        let program = program.contracted()
        let count = program.dims.reduce(1, *)
        var step = PendingStep(
            label: label, value: value, reads: program.inputs.map(\.buffer),
            writes: program.outputs.map(\.buffer)
        ) { ProgramStep(program, $0) }
        if program.reduction == nil {
            guard count > 0 else { return }
            for output in program.outputs {
                for input in program.inputs where program.canShare(input, with: output) {
                    step.inPlace.append((output.buffer, input.buffer))
                }
            }
        }
        steps.append(step)
    }

    /// Appends a kernel of ours.
    func addKernel(
        _ label: String, _ value: Value, reads: [BufferID], writes: [BufferID],
        _ body: @escaping (Bindings) -> () -> Void
    ) {
        steps.append(
            PendingStep(label: label, value: value, reads: reads, writes: writes) {
                KernelStep(body($0))
            })
    }
}

/// Two keys as one.
struct Pair<First: Hashable, Second: Hashable>: Hashable {
    var first: First
    var second: Second

    init(_ first: First, _ second: Second) { (self.first, self.second) = (first, second) }
}
