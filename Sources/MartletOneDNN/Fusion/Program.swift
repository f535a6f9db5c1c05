import CKernels
import MartletGraph

/// An elementwise program in Swift, before memory is laid out.
struct Program {
    /// One operand: a buffer, and how to step through it along the program's axes.
    struct Operand: Equatable {
        var buffer: BufferID
        var dtype: DataType
        var strides: [Int]
        /// Where element (0, 0, …) lies in the buffer, in elements.
        var offset = 0

        func operand(_ bindings: Bindings) -> ck_operand {
            var result = ck_operand()
            result.data = bindings[buffer] + offset * dtype.byteCount
            result.dtype = dtype.code
            withUnsafeMutableBytes(of: &result.strides) { raw in
                let target = raw.bindMemory(to: Int64.self)
                for (axis, stride) in strides.enumerated() { target[axis] = Int64(stride) }
            }
            return result
        }
    }

    var registerClass: RegisterClass
    var dims: [Int]
    var inputs: [Operand] = []
    var constants: [Double] = []
    var instructions: [ck_instruction] = []
    var outputs: [Operand] = []
    var outputRegisters: [UInt8] = []
    var reduction: (kind: Reduction, isReduced: [Bool])?

    /// A program that copies one operand to another, converting the element type.
    static func copy(
        _ source: Operand, to target: Operand, dims: [Int]
    ) -> Program {
        let kind = RegisterClass(source.dtype) ?? RegisterClass(target.dtype) ?? .integer
        var program = Program(registerClass: kind, dims: dims)
        program.inputs = [source]
        program.outputs = [target]
        program.outputRegisters = [0]
        return program
    }

    /// Whether an output may be written where an input lies.
    ///
    /// Both must step alike, and nothing else may read that memory in another order: `w + wᵀ` reads
    /// elements that it would have overwritten.
    func canShare(_ input: Operand, with output: Operand) -> Bool {
        input.strides == output.strides && input.dtype == output.dtype
            && input.offset == output.offset
            && inputs.allSatisfy {
                $0.buffer != input.buffer
                    || ($0.strides == output.strides && $0.offset == output.offset)
            }
    }

    /// Whether zeros in all inputs that are not scalars make zeros in all outputs.
    ///
    /// Then padding stays zero. Scalars and results that are not zero for certain count as unknown.
    var keepsZeros: Bool {
        var isZero = inputs.map { !$0.strides.allSatisfy { $0 == 0 } }
        isZero += constants.map { $0 == 0 }
        for instruction in instructions {
            let operands = [instruction.a, instruction.b, instruction.c].map {
                Int($0) < isZero.count && isZero[Int($0)]
            }
            isZero.append(makesZero(instruction.operation, operands))
        }
        return outputRegisters.allSatisfy { isZero[Int($0)] }
    }
}
