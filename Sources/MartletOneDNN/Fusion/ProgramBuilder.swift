import CKernels
import MartletGraph

/// Writes the program of a group: loads operands, then one instruction per node.
struct ProgramBuilder {
    private let lowering: Lowering
    private let shape: [Int]
    private let layout: Layout
    private let isTrial: Bool
    private var registers: [Value: UInt8] = [:]
    var program: Program

    /// Registers are numbered operands first, then constants, then results, so the operands and
    /// constants are collected before any instruction is written.
    ///
    /// A trial looks only at what happens to the numbers and places nothing.
    init(
        _ lowering: Lowering, _ members: [Int], _ shape: [Int], _ layout: Layout,
        isTrial: Bool = false
    ) throws {
        (self.lowering, self.shape, self.layout) = (lowering, shape, layout)
        self.isTrial = isTrial
        let graph = lowering.graph
        let kind = members.lazy.compactMap { graph.registerClass(of: $0) }.first ?? .integer
        program = Program(registerClass: kind, dims: [])
        switch layout {
        case .dense(let order): program.dims = order.map { shape[$0] }
        case .opaque(let opaque): program.dims = [opaque.byteCount / 4]
        }
        let inside = Set(members)
        var values: [Value] = []
        for operand in members.flatMap({ graph.nodes[$0].inputs })
        where !inside.contains(operand.index) && !values.contains(operand) {
            values.append(operand)
        }
        try load(values)
        for member in members { compute(member) }
    }

    // MARK: Operands

    private mutating func load(_ values: [Value]) throws {
        var numbers: [(Value, Double)] = []
        for value in values {
            if let number = constant(value) {
                numbers.append((value, number))
            } else {
                registers[value] = UInt8(program.inputs.count)
                program.inputs.append(try operand(value))
            }
        }
        for (value, number) in numbers {
            registers[value] = UInt8(program.inputs.count + program.constants.count)
            program.constants.append(number)
        }
    }

    /// The number that a value repeats, when it is known and survives as a `Double`.
    private func constant(_ value: Value) -> Double? {
        let source = lowering.graph.source(of: value)
        guard case .constant(let tensor) = lowering.graph[source].op,
            tensor.type.elementCount == 1
        else { return nil }
        let number = tensor.doubles[0]
        let isExact = tensor.type.dtype != .int64 || abs(number) < 9e15
        return isExact ? number : nil
    }

    /// How the program steps through a value, looking through broadcasts.
    private func operand(_ value: Value) throws -> Program.Operand {
        let graph = lowering.graph
        let source = graph.source(of: value)
        let type = graph[source].type
        if isTrial {
            let isScalar = type.elementCount == 1 && type.shape != shape
            return Program.Operand(
                buffer: BufferID(index: 0), dtype: type.dtype, strides: [isScalar ? 0 : 1])
        }
        if source == value || type.shape == shape {
            if case .opaque = layout {
                let placed = try lowering.placement(of: source, in: layout)
                return operand(placed, type.dtype)
            }
            let placed = try lowering.densePlacement(of: source)
            return operand(placed, type.dtype)
        }
        let placed = try lowering.densePlacement(of: source)
        guard case .dense(let order) = layout else {
            // Only scalars come here: see commonLayout.
            return Program.Operand(buffer: placed.buffer, dtype: type.dtype, strides: [0])
        }
        let own = placed.layout.strides(type.shape) ?? []
        let lead = shape.count - type.rank
        let strides = order.map { axis in
            axis < lead || type.shape[axis - lead] == 1 ? 0 : own[axis - lead]
        }
        return Program.Operand(buffer: placed.buffer, dtype: type.dtype, strides: strides)
    }

    /// How the program steps through a value of its own shape.
    func operand(_ placement: Placement, _ dtype: DataType) -> Program.Operand {
        guard case .dense(let order) = layout, let strides = placement.layout.strides(shape) else {
            return Program.Operand(buffer: placement.buffer, dtype: dtype, strides: [1])
        }
        return Program.Operand(
            buffer: placement.buffer, dtype: dtype, strides: order.map { strides[$0] })
    }

    /// The register that holds an operand or result, loading it when nothing did yet; only before
    /// any instruction or constant is written.
    mutating func register(of value: Value) throws -> UInt8 {
        if let known = registers[value] { return known }
        precondition(
            program.instructions.isEmpty && program.constants.isEmpty,
            "internal: an operand after the first instruction")
        if program.inputs.isEmpty {
            program.registerClass =
                RegisterClass(lowering.graph[value].type.dtype) ?? program.registerClass
        }
        try load([value])
        return registers[value] ?? 0
    }

    /// The register of a node of the group.
    func known(_ index: Int) -> UInt8 { registers[Value(index)] ?? 0 }

    /// Stores a node of the group.
    mutating func store(_ index: Int, _ placement: Placement) {
        program.outputs.append(operand(placement, lowering.graph.nodes[index].type.dtype))
        program.outputRegisters.append(known(index))
    }

    // MARK: Instructions

    private mutating func emit(_ operation: UInt8, _ operands: [UInt8]) -> UInt8 {
        let target = UInt8(
            program.inputs.count + program.constants.count + program.instructions.count)
        let filled = operands + [UInt8](repeating: 0, count: 3 - operands.count)
        program.instructions.append(
            ck_instruction(
                operation: operation, target: target, a: filled[0], b: filled[1], c: filled[2]))
        return target
    }

    private mutating func compute(_ index: Int) {
        let node = lowering.graph.nodes[index]
        let operands = node.inputs.map { registers[$0] ?? 0 }
        var result: UInt8
        switch node.op {
        case .unary(let op): result = emit(op.instruction, operands)
        case .binary(.divide) where dividesBytes(node):
            result = emit(UInt8(CK_DIVIDE_BYTE), operands)
        case .binary(let op): result = emit(op.instruction, operands)
        case .compare(let op): result = emit(op.instruction, operands)
        case .select: result = emit(UInt8(CK_SELECT), operands)
        case .cast(let target): result = cast(operands[0], index, to: target)
        default: preconditionFailure("internal: \(node.op.name) is not elementwise")
        }
        if program.registerClass == .integer {
            if node.type.dtype == .int32 { result = emit(UInt8(CK_WRAP_I32), [result]) }
            if node.type.dtype == .uint8 { result = emit(UInt8(CK_WRAP_U8), [result]) }
        }
        registers[Value(index)] = result
    }

    /// Whether bytes are divided by a number for which multiplications give the same quotients.
    private func dividesBytes(_ node: Node) -> Bool {
        let graph = lowering.graph
        let dividend = graph[graph.source(of: node.inputs[0])]
        guard program.registerClass == .float32, case .cast = dividend.op,
            graph[graph.source(of: dividend.inputs[0])].type.dtype == .uint8,
            let divisor = constant(node.inputs[1])
        else { return false }
        return ck_divides_bytes(Float(divisor))
    }

    /// Conversions happen when values are loaded or stored; only truth values need work here.
    private mutating func cast(_ operand: UInt8, _ index: Int, to target: DataType) -> UInt8 {
        let source = lowering.graph[lowering.graph.nodes[index].inputs[0]].type.dtype
        guard target == .bool, source != .bool else {
            return operand
        }
        // Not-x is 1 for 0 alone (NaN counts as true), so twice not is the truth of x.
        let isZero = emit(UInt8(CK_NOT), [operand])
        return emit(UInt8(CK_NOT), [isZero])
    }
}
