import CKernels
import Testing

/// Random programs over random layouts, compared with a plain interpreter.
///
/// All numbers are small whole numbers and all operations exact, so results must agree to the bit.
@Suite struct KernelLayoutTests {
    /// Strides for `dims`: contiguous, permuted, with gaps, backwards, or repeating on some axes.
    static func randomView(
        _ type: KernelType, _ dims: [Int], repeating: Bool, _ generator: inout KernelGenerator
    ) -> KernelView {
        var order = Array(dims.indices)
        let style = Int.random(in: 0..<6, using: &generator)
        if style == 1 { order.shuffle(using: &generator) }
        var (strides, step, offset) = ([Int](repeating: 0, count: dims.count), 1, 0)
        if style == 2 { step = 3 }
        for axis in order.reversed() {
            if repeating && (style == 3 || (style == 4 && Bool.random(using: &generator))) {
                continue
            }
            strides[axis] = step
            step *= dims[axis]
            if style == 2 { step += 1 }
            if style == 5 && dims[axis] > 1 && Bool.random(using: &generator) {
                offset += strides[axis] * (dims[axis] - 1)
                strides[axis] = -strides[axis]
            }
        }
        let array = KernelArray(type, count: step + 8)
        for i in 0..<array.count {
            array[i] = Double(Int.random(in: type.rawValue < 4 ? -4...4 : 0...1, using: &generator))
        }
        return KernelView(array: array, offset: offset, strides: strides)
    }

    static func randomDims(_ generator: inout KernelGenerator) -> [Int] {
        let rank = Int.random(in: 0...4, using: &generator)
        let large = [1, 2, 3, 10, 33, 64, 257, 300, 700, 1025, 2100]
        var (dims, total) = ([Int](), 1)
        for _ in 0..<rank {
            let fitting = large.filter { $0 * total <= 6000 }
            let size = fitting.randomElement(using: &generator) ?? 1
            dims.append(size)
            total *= size
        }
        return dims.shuffled(using: &generator)
    }

    static let exactOperations: [Int] = [
        CK_COPY, CK_NEGATE, CK_ABS, CK_SIGN, CK_RELU, CK_NOT, CK_ADD, CK_SUBTRACT, CK_MAXIMUM,
        CK_MINIMUM, CK_AND, CK_OR, CK_EQUAL, CK_NOT_EQUAL, CK_LESS, CK_GREATER, CK_SELECT,
    ]

    static func randomProgram(
        _ dims: [Int], _ generator: inout KernelGenerator, outputCount: Int? = nil
    ) -> KernelProgram {
        let registerClass = KernelClass.allCases.randomElement(using: &generator) ?? .f32
        func randomType(_ generator: inout KernelGenerator) -> KernelType {
            if Int.random(in: 0..<3, using: &generator) > 0 { return registerClass.type }
            return KernelType.allCases.randomElement(using: &generator) ?? .f32
        }
        var inputs: [KernelView] = []
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let type = randomType(&generator)
            inputs.append(randomView(type, dims, repeating: true, &generator))
        }
        let constants = (0..<Int.random(in: 0...2, using: &generator)).map { Double($0 - 1) }
        var registers = inputs.count + constants.count
        var instructions: [ck_instruction] = []
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            let operation = exactOperations.randomElement(using: &generator) ?? CK_COPY
            let operands = (0..<3).map { _ in Int.random(in: 0..<registers, using: &generator) }
            instructions.append(
                instruction(operation, registers, operands[0], operands[1], operands[2]))
            registers += 1
        }
        var (outputs, outputRegisters): ([KernelView], [Int]) = ([], [])
        for _ in 0..<(outputCount ?? Int.random(in: 1...3, using: &generator)) {
            // In place of an input that covers the space, or a new array.
            let covering = inputs.filter { view in
                !zip(view.strides, dims).contains { $0 == 0 && $1 > 1 }
                    && !outputs.contains { $0.array === view.array }
            }
            if outputCount == nil, Bool.random(using: &generator),
                let view = covering.randomElement(using: &generator)
            {
                outputs.append(view)
            } else {
                let type = randomType(&generator)
                outputs.append(randomView(type, dims, repeating: false, &generator))
            }
            outputRegisters.append(
                Int.random(in: max(0, registers - 4)..<registers, using: &generator))
        }
        return KernelProgram(
            registerClass: registerClass, dims: dims, inputs: inputs, constants: constants,
            instructions: instructions, outputs: outputs, outputRegisters: outputRegisters)
    }

    /// The registers of one element after the whole program.
    static func registers(_ program: KernelProgram, at index: [Int]) -> [Double] {
        var values = program.inputs.map { view in
            KernelReference.convert(view.array[view.place(index)], to: program.registerClass.type)
        }
        values += program.constants
        for now in program.instructions {
            values.append(
                KernelReference.real(
                    Int(now.operation), values[Int(now.a)], values[Int(now.b)], values[Int(now.c)]))
        }
        return values
    }

    /// What the output of value `value` holds; integers wrap into integers.
    static func stored(_ value: Double, _ registerClass: KernelClass, _ type: KernelType) -> Double
    {
        if registerClass == .i64 && type == .u8 {
            return Double(UInt8(truncatingIfNeeded: Int64(value)))
        }
        return KernelReference.convert(value, to: type)
    }

    @Test(arguments: 0..<400)
    func randomPrograms(seed: Int) {
        var generator = KernelGenerator(seed: seed)
        let dims = Self.randomDims(&generator)
        let program = Self.randomProgram(dims, &generator)
        var expected: [[Double]] = Array(repeating: [], count: program.outputs.count)
        forEachIndex(dims) { index in
            let values = Self.registers(program, at: index)
            for (o, output) in program.outputs.enumerated() {
                expected[o].append(
                    Self.stored(
                        values[program.outputRegisters[o]], program.registerClass,
                        output.array.type))
            }
        }
        let sets = [nil, "avx2", "baseline"]
        _ = ck_use_instruction_set(sets[seed % 3])
        program.run(simplified: seed % 4 != 0)
        _ = ck_use_instruction_set(nil)
        for (o, output) in program.outputs.enumerated() {
            var (place, wrong) = (0, 0)
            forEachIndex(dims) { index in
                if output.array[output.place(index)] != expected[o][place] { wrong += 1 }
                place += 1
            }
            #expect(wrong == 0, "seed \(seed), output \(o), dims \(dims): \(wrong) of \(place)")
        }
    }

    @Test func emptySpaceWritesNothing() {
        let y = KernelArray(.f32, [7])
        KernelProgram(
            registerClass: .f32, dims: [3, 0], inputs: [], constants: [1], instructions: [],
            outputs: [.contiguous(y, [3, 0])], outputRegisters: [0]
        ).run()
        #expect(y[0] == 7)
    }

    /// Two arrays change places, which only works when both are read before either is written.
    @Test func exchangeInPlace() {
        let n = 5000
        let a = KernelArray(.f32, (0..<n).map(Double.init))
        let b = KernelArray(.f32, (0..<n).map { Double(-$0) })
        let views = [KernelView.contiguous(a, [n]), .contiguous(b, [n])]
        KernelProgram(
            registerClass: .f32, dims: [n], inputs: views, instructions: [], outputs: views,
            outputRegisters: [1, 0]
        ).run()
        #expect((0..<n).allSatisfy { a[$0] == Double(-$0) && b[$0] == Double($0) })
    }

    /// An output overwrites an input that later instructions still read.
    @Test func lateReadInPlace() {
        let n = 5000
        let a = KernelArray(.f32, (0..<n).map(Double.init)), y = KernelArray(.f32, count: n)
        let view = KernelView.contiguous(a, [n])
        KernelProgram(
            registerClass: .f32, dims: [n], inputs: [view],
            instructions: [instruction(CK_NEGATE, 1, 0), instruction(CK_SUBTRACT, 2, 0, 1)],
            outputs: [view, .contiguous(y, [n])], outputRegisters: [1, 2]
        ).run()
        #expect((0..<n).allSatisfy { a[$0] == Double(-$0) && y[$0] == Double(2 * $0) })
    }

    /// The number of registers is at its limit and none can be shared.
    @Test func manyRegisters() {
        let n = 1500
        let x = KernelArray(.f64, (0..<n).map(Double.init)), y = KernelArray(.f64, count: n)
        var instructions = (1..<32).map { instruction(CK_ADD, $0, $0 - 1, 0) }
        for r in 32..<Int(CK_MAX_REGISTERS) {
            instructions.append(instruction(CK_ADD, r, r - 1, 63 - r))
        }
        KernelProgram(
            registerClass: .f64, dims: [n], inputs: [.contiguous(x, [n])],
            instructions: instructions, outputs: [.contiguous(y, [n])], outputRegisters: [63]
        ).run()
        let factor = Double(32 + (1...32).reduce(0, +))
        #expect((0..<n).allSatisfy { y[$0] == factor * x[$0] })
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func threadsDoNotMatter(threads: Int) {
        let dims = [301, 1001]
        let n = dims[0] * dims[1]
        let x = KernelArray(.f32, (0..<n).map { Double($0 % 611) / 100 - 3 })
        let bias = KernelArray(.f32, (0..<1001).map { Double($0) / 1000 })
        func run() -> [UInt8] {
            let y = KernelArray(.f32, count: n)
            KernelProgram(
                registerClass: .f32, dims: dims,
                inputs: [.contiguous(x, dims), KernelView(array: bias, strides: [0, 1])],
                instructions: [
                    instruction(CK_TANH, 2, 0), instruction(CK_MULTIPLY_ADD, 3, 2, 1, 0),
                    instruction(CK_EXP, 4, 3),
                ], outputs: [.contiguous(y, dims)], outputRegisters: [4]
            ).run()
            return y.bytes
        }
        let alone = run()
        withKernelThreads(threads) { #expect(run() == alone) }
    }
}
