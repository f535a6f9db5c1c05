import CKernels
import Dispatch

/// A small generator, so that a seed in a message is all that is needed to repeat a case.
struct KernelGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The element types of the kernels, by name.
enum KernelType: Int, CaseIterable {
    case f32, f64, i32, i64, u8, bool

    var size: Int { [4, 8, 4, 8, 1, 1][rawValue] }
    var isFloat: Bool { rawValue < 2 }
}

/// The register classes of the kernels, by name.
enum KernelClass: Int, CaseIterable {
    case f32, f64, i64

    var type: KernelType { [.f32, .f64, .i64][rawValue] }
}

/// Memory for one operand.
final class KernelArray {
    let type: KernelType
    let count: Int
    let memory: UnsafeMutableRawPointer

    init(_ type: KernelType, count: Int) {
        (self.type, self.count) = (type, count)
        memory = .allocate(byteCount: max(count * type.size, 8), alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: max(count * type.size, 8))
    }

    convenience init(_ type: KernelType, _ values: [Double]) {
        self.init(type, count: values.count)
        for (i, value) in values.enumerated() { self[i] = value }
    }

    deinit { memory.deallocate() }

    /// Element `i` as a double; 64-bit integers beyond 2^53 need `integer(_:)`.
    subscript(i: Int) -> Double {
        get {
            switch type {
            case .f32: Double(memory.load(fromByteOffset: 4 * i, as: Float.self))
            case .f64: memory.load(fromByteOffset: 8 * i, as: Double.self)
            default: Double(integer(i))
            }
        }
        set {
            switch type {
            case .f32: memory.storeBytes(of: Float(newValue), toByteOffset: 4 * i, as: Float.self)
            case .f64: memory.storeBytes(of: newValue, toByteOffset: 8 * i, as: Double.self)
            default: setInteger(i, Int64(newValue))
            }
        }
    }

    func integer(_ i: Int) -> Int64 {
        switch type {
        case .i32: Int64(memory.load(fromByteOffset: 4 * i, as: Int32.self))
        case .i64: memory.load(fromByteOffset: 8 * i, as: Int64.self)
        default: Int64(memory.load(fromByteOffset: i, as: UInt8.self))
        }
    }

    func setInteger(_ i: Int, _ value: Int64) {
        switch type {
        case .i32:
            memory.storeBytes(
                of: Int32(truncatingIfNeeded: value), toByteOffset: 4 * i, as: Int32.self)
        case .i64: memory.storeBytes(of: value, toByteOffset: 8 * i, as: Int64.self)
        default:
            memory.storeBytes(
                of: UInt8(truncatingIfNeeded: value), toByteOffset: i, as: UInt8.self)
        }
    }

    var bytes: [UInt8] {
        Array(UnsafeRawBufferPointer(start: memory, count: count * type.size))
    }
    var values: [Double] { (0..<count).map { self[$0] } }
}

/// How a program sees one array: where its first element lies and how far neighbours are apart.
struct KernelView {
    var array: KernelArray
    var offset = 0
    var strides: [Int]

    var operand: ck_operand {
        var operand = ck_operand()
        operand.data = array.memory + offset * array.type.size
        operand.dtype = Int32(array.type.rawValue)
        withUnsafeMutableBytes(of: &operand.strides) { bytes in
            let strides = bytes.bindMemory(to: Int64.self)
            for (axis, stride) in self.strides.enumerated() { strides[axis] = Int64(stride) }
        }
        return operand
    }

    /// A contiguous array of its own.
    static func contiguous(_ array: KernelArray, _ dims: [Int]) -> KernelView {
        KernelView(array: array, strides: contiguousStrides(dims))
    }

    func place(_ index: [Int]) -> Int {
        zip(index, strides).reduce(offset) { $0 + $1.0 * $1.1 }
    }
}

func contiguousStrides(_ dims: [Int]) -> [Int] {
    var (strides, step) = ([Int](repeating: 0, count: dims.count), 1)
    for axis in dims.indices.reversed() {
        strides[axis] = step
        step *= dims[axis]
    }
    return strides
}

/// Calls `body` with every index of the space, in row-major order.
func forEachIndex(_ dims: [Int], _ body: ([Int]) -> Void) {
    guard !dims.contains(0) else { return }
    var index = [Int](repeating: 0, count: dims.count)
    while true {
        body(index)
        var axis = dims.count - 1
        while axis >= 0 {
            index[axis] += 1
            if index[axis] < dims[axis] { break }
            index[axis] = 0
            axis -= 1
        }
        if axis < 0 { return }
    }
}

/// A program with Swift arrays for everything.
struct KernelProgram {
    var registerClass: KernelClass
    var dims: [Int]
    var inputs: [KernelView]
    var constants: [Double] = []
    var instructions: [ck_instruction]
    var outputs: [KernelView]
    var outputRegisters: [Int]

    /// Calls `body` with the C form.
    func withProgram(_ body: (inout ck_program) -> Void) {
        var program = ck_program()
        program.register_class = Int32(registerClass.rawValue)
        program.rank = Int32(dims.count)
        withUnsafeMutableBytes(of: &program.dims) { bytes in
            let sizes = bytes.bindMemory(to: Int64.self)
            for (axis, size) in dims.enumerated() { sizes[axis] = Int64(size) }
        }
        program.input_count = Int32(inputs.count)
        program.constant_count = Int32(constants.count)
        program.instruction_count = Int32(instructions.count)
        program.output_count = Int32(outputs.count)
        var inputs = inputs.map(\.operand)
        var outputs = outputs.map(\.operand)
        var constants = constants
        var instructions = instructions
        var registers = outputRegisters.map { UInt8($0) }
        inputs.withUnsafeMutableBufferPointer { inputs in
            outputs.withUnsafeMutableBufferPointer { outputs in
                constants.withUnsafeMutableBufferPointer { constants in
                    instructions.withUnsafeMutableBufferPointer { instructions in
                        registers.withUnsafeMutableBufferPointer { registers in
                            program.inputs = inputs.baseAddress
                            program.outputs = outputs.baseAddress
                            program.constants = constants.baseAddress
                            program.instructions = instructions.baseAddress
                            program.output_registers = registers.baseAddress
                            body(&program)
                        }
                    }
                }
            }
        }
    }

    func run(simplified: Bool = true) {
        withProgram { program in
            if simplified { ck_program_simplify(&program) }
            ck_program_run(&program)
        }
    }
}

func instruction(_ operation: Int, _ target: Int, _ a: Int, _ b: Int = 0, _ c: Int = 0)
    -> ck_instruction
{
    ck_instruction(
        operation: UInt8(operation), target: UInt8(target), a: UInt8(a), b: UInt8(b), c: UInt8(c))
}

/// Runs `body` with a pool of `threads` threads and then without one.
func withKernelThreads(_ threads: Int, _ body: () -> Void) {
    ck_use_pool(
        { work, context, threads, _ in
            nonisolated(unsafe) let context = context
            DispatchQueue.concurrentPerform(iterations: Int(threads)) { _ in work?(context) }
        }, nil, Int32(threads))
    body()
    ck_use_pool(nil, nil, 1)
}

/// The distance between two floats in units of the last place; 0 for two NaN.
func unitsInLastPlace(_ a: Float, _ b: Float) -> Int {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
    func ordered(_ x: Float) -> Int {
        let bits = Int(Int32(bitPattern: x.bitPattern))
        return bits >= 0 ? bits : Int(Int32.min) - bits
    }
    return abs(ordered(a) - ordered(b))
}

/// Calls `body` once for every instruction set that the processor has.
func withEveryInstructionSet(_ body: (String) -> Void) {
    for name in ["avx512", "avx2", "neon", "baseline"] where ck_use_instruction_set(name) {
        body(name)
    }
    _ = ck_use_instruction_set(nil)
}
