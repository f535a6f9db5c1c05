import COneDNN
import MartletCompiler
import MartletGraph

/// Variables in the layouts that the first plan using them chose.
final class OneDNNStore: VariableStore {
    /// One variable.
    ///
    /// Plans keep the address of its memory, so it never moves once bound.
    final class Slot {
        let type: TensorType
        fileprivate(set) var memory: AlignedMemory
        fileprivate(set) var layout: Layout
        /// True from the moment a plan knows the address.
        var isBound = false

        init(type: TensorType) {
            self.type = type
            layout = .plain(type.rank)
            memory = AlignedMemory(byteCount: type.byteCount)
        }
    }

    private(set) var names: [String] = []
    private var slots: [String: Slot] = [:]

    func slot(_ name: String) -> Slot? { slots[name] }

    func type(of name: String) -> TensorType? { slots[name]?.type }

    func write(_ name: String, _ value: HostTensor) throws {
        let slot: Slot
        if let known = slots[name] {
            guard known.type == value.type else {
                throw EngineError(
                    "variable \(name) has another type", expected: "\(known.type)",
                    received: "\(value.type)")
            }
            slot = known
        } else {
            slot = Slot(type: value.type)
            slots[name] = slot
            names.append(name)
        }
        switch slot.layout {
        case .dense:
            value.bytes.withUnsafeBytes { bytes in
                if let source = bytes.baseAddress, !bytes.isEmpty {
                    slot.memory.base.copyMemory(from: source, byteCount: bytes.count)
                }
            }
        case .opaque(let layout):
            let plain = AlignedMemory(byteCount: value.type.byteCount)
            value.bytes.withUnsafeBytes { bytes in
                if let source = bytes.baseAddress {
                    plain.base.copyMemory(from: source, byteCount: bytes.count)
                }
            }
            try reorder(from: plainTwin(layout), plain.base, to: layout, slot.memory.base)
        }
    }

    func read(_ name: String) throws -> HostTensor {
        guard let slot = slots[name] else {
            throw EngineError(
                "there is no variable \(name)", expected: names.joined(separator: ", "))
        }
        var memory = slot.memory
        if case .opaque(let layout) = slot.layout {
            memory = AlignedMemory(byteCount: slot.type.byteCount)
            try reorder(from: layout, slot.memory.base, to: plainTwin(layout), memory.base)
        }
        let bytes = UnsafeRawBufferPointer(start: memory.base, count: slot.type.byteCount)
        return HostTensor(type: slot.type, bytes: Array(bytes))
    }

    /// Moves a variable that no plan knows yet to another layout.
    func move(_ slot: Slot, to layout: OpaqueLayout) throws {
        precondition(!slot.isBound, "internal: a bound variable cannot move")
        let memory = AlignedMemory(byteCount: layout.byteCount)
        try reorder(from: plainTwin(layout), slot.memory.base, to: layout, memory.base)
        slot.memory = memory
        slot.layout = .opaque(layout)
    }
}

/// The row-major layout of the same sizes.
func plainTwin(_ layout: OpaqueLayout) throws -> OpaqueLayout {
    try strided(layout.dims, TensorType(.float32, layout.dims).strides)
}

/// Copies once from one layout to another.
private func reorder(
    from source: OpaqueLayout, _ sourceData: UnsafeMutableRawPointer, to target: OpaqueLayout,
    _ targetData: UnsafeMutableRawPointer
) throws {
    let primitive = try Primitive(mdnn_reorder(source.handle, target.handle))
    let scratchpad = AlignedMemory(byteCount: primitive.byteCount(MDNN_SCRATCHPAD))
    try primitive.bind(MDNN_SOURCE, sourceData)
    try primitive.bind(MDNN_DESTINATION, targetData)
    try primitive.bind(MDNN_SCRATCHPAD, scratchpad.base)
    try primitive.run()
}
