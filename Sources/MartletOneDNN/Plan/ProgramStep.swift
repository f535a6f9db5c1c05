import CKernels
import MartletGraph

/// An elementwise program or a reduction of one, with memory for the kernels' descriptions of it.
final class ProgramStep: Step {
    private let reduction: UnsafeMutablePointer<ck_reduction>
    private let isReduction: Bool
    private let inputs: UnsafeMutableBufferPointer<ck_operand>
    private let outputs: UnsafeMutableBufferPointer<ck_operand>
    private let constants: UnsafeMutableBufferPointer<Double>
    private let instructions: UnsafeMutableBufferPointer<ck_instruction>
    private let outputRegisters: UnsafeMutableBufferPointer<UInt8>

    init(_ program: Program, _ bindings: Bindings) {
        reduction = .allocate(capacity: 1)
        reduction.initialize(to: ck_reduction())
        inputs = .copy(program.inputs.map { $0.operand(bindings) })
        outputs = .copy(program.outputs.map { $0.operand(bindings) })
        constants = .copy(program.constants)
        instructions = .copy(program.instructions)
        outputRegisters = .copy(program.outputRegisters)
        isReduction = program.reduction != nil

        var description = ck_program()
        description.register_class = program.registerClass.code
        description.rank = Int32(program.dims.count)
        withUnsafeMutableBytes(of: &description.dims) { raw in
            let dims = raw.bindMemory(to: Int64.self)
            for (axis, size) in program.dims.enumerated() { dims[axis] = Int64(size) }
        }
        description.input_count = Int32(inputs.count)
        description.constant_count = Int32(constants.count)
        description.instruction_count = Int32(instructions.count)
        description.output_count = Int32(outputs.count)
        description.inputs = inputs.baseAddress
        description.constants = constants.baseAddress
        description.instructions = instructions.baseAddress
        description.outputs = outputs.baseAddress
        description.output_registers = outputRegisters.baseAddress
        reduction.pointee.program = description
        if let kind = program.reduction {
            reduction.pointee.reduction = kind.kind.code
            withUnsafeMutableBytes(of: &reduction.pointee.reduced) { raw in
                let flags = raw.bindMemory(to: Bool.self)
                for (axis, isReduced) in kind.isReduced.enumerated() { flags[axis] = isReduced }
            }
            ck_reduction_simplify(reduction)
        } else {
            ck_program_simplify(&reduction.pointee.program)
        }
    }

    deinit {
        reduction.deallocate()
        inputs.deallocate()
        outputs.deallocate()
        constants.deallocate()
        instructions.deallocate()
        outputRegisters.deallocate()
    }

    func run() {
        if isReduction {
            ck_reduction_run(reduction)
        } else {
            ck_program_run(&reduction.pointee.program)
        }
    }
}

extension UnsafeMutableBufferPointer {
    /// Fresh memory with the elements of an array.
    fileprivate static func copy(_ elements: [Element]) -> UnsafeMutableBufferPointer {
        let buffer = UnsafeMutableBufferPointer.allocate(capacity: Swift.max(elements.count, 1))
        let rest = buffer.initialize(from: elements).index
        return UnsafeMutableBufferPointer(rebasing: buffer[..<rest])
    }
}

extension Reduction {
    /// The number that the kernels know the reduction by.
    var code: Int32 {
        switch self {
        case .sum: Int32(CK_SUM)
        case .product: Int32(CK_PRODUCT)
        case .max: Int32(CK_MAX)
        case .min: Int32(CK_MIN)
        }
    }
}
