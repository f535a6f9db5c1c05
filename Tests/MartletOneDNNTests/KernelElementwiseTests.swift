import CKernels
import Foundation
import Testing

@Suite struct KernelElementwiseTests {
    static let specials: [Double] = [
        0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -7, 0.1, -0.3, 10, -10, 88, -88, 89, -104, 120, -120,
        1e-3, -1e-3, 1e-7, -1e-7, 1e-20, -1e-20, 1e-38, 1e-40, -1e-44, 1e30, -1e30, 3.4e38,
        16777216,
        .infinity, -.infinity, .nan,
    ]

    /// Operands a, b, c that meet every special value with every other.
    static func operands() -> (a: [Double], b: [Double], c: [Double]) {
        var (a, b, c): ([Double], [Double], [Double]) = ([], [], [])
        for (i, x) in specials.enumerated() {
            for (j, y) in specials.enumerated() {
                a.append(x)
                b.append(y)
                c.append(specials[(i + 3 * j) % specials.count])
            }
        }
        var generator = KernelGenerator(seed: 1)
        for _ in 0..<2000 {
            a.append(.random(in: -30...30, using: &generator))
            b.append(.random(in: -3...3, using: &generator))
            c.append(.random(in: -100...100, using: &generator))
        }
        return (a, b, c)
    }

    /// Results of one operation on the given values in one class.
    static func results(
        _ number: Int, _ registerClass: KernelClass, _ a: KernelArray, _ b: KernelArray,
        _ c: KernelArray
    ) -> KernelArray {
        let y = KernelArray(registerClass.type, count: a.count)
        let program = KernelProgram(
            registerClass: registerClass, dims: [a.count],
            inputs: [a, b, c].map { .contiguous($0, [a.count]) },
            instructions: [instruction(number, 3, 0, 1, 2)],
            outputs: [.contiguous(y, [a.count])], outputRegisters: [3])
        program.run()
        return y
    }

    @Test func namesAreComplete() {
        #expect(KernelReference.names.count == CK_OPERATION_COUNT)
        #expect(
            ["avx512", "avx2", "neon", "baseline"].contains(String(cString: ck_instruction_set())))
    }

    @Test(arguments: 0..<CK_OPERATION_COUNT)
    func singlePrecision(number: Int) {
        let values = Self.operands()
        let a = KernelArray(.f32, values.a), b = KernelArray(.f32, values.b)
        let c = KernelArray(.f32, values.c)
        withEveryInstructionSet { Self.checkSingle(number, a, b, c, $0) }
    }

    static func checkSingle(
        _ number: Int, _ a: KernelArray, _ b: KernelArray, _ c: KernelArray, _ set: String
    ) {
        let y = Self.results(number, .f32, a, b, c)
        let inexact = (CK_EXP...CK_SIGMOID).contains(number) && number != CK_SQRT
        let limit = inexact || number == CK_POWER ? 4 : 0
        for i in 0..<a.count {
            let (p, q, r) = (Float(a[i]), Float(b[i]), Float(c[i]))
            if number == CK_DIVIDE_BYTE, UInt8(exactly: p) == nil || !ck_divides_bytes(q) {
                continue
            }
            // A product and a sum may be rounded once or twice.
            if number == CK_MULTIPLY_ADD, unitsInLastPlace(Float(y[i]), p * q + r) == 0 { continue }
            if number == CK_SUBTRACT_PRODUCT, unitsInLastPlace(Float(y[i]), r - p * q) == 0 {
                continue
            }
            let exact =
                switch number {
                case CK_MULTIPLY_ADD: Double(r.addingProduct(p, q))
                case CK_SUBTRACT_PRODUCT: Double(r.addingProduct(-p, q))
                default: KernelReference.real(number, a[i], b[i], c[i])
                }
            let distance = unitsInLastPlace(Float(y[i]), Float(exact))
            let operands = [a[i], b[i], c[i]].prefix(KernelReference.operandCount(number))
            #expect(
                distance <= limit,
                "\(set) \(KernelReference.names[number]) \(operands): \(y[i]) \(exact)")
        }
    }

    @Test(arguments: 0..<CK_OPERATION_COUNT)
    func doublePrecision(number: Int) {
        let values = Self.operands()
        let a = KernelArray(.f64, values.a), b = KernelArray(.f64, values.b)
        let c = KernelArray(.f64, values.c)
        let y = Self.results(number, .f64, a, b, c)
        for i in 0..<a.count {
            let exact = KernelReference.real(number, a[i], b[i], c[i])
            let near = abs(y[i] - exact) <= abs(exact) * 0x1p-51 + abs(c[i]) * 0x1p-52
            #expect(
                y[i] == exact || (y[i].isNaN && exact.isNaN) || near,
                "\(KernelReference.names[number]) \(a[i]) \(b[i]) \(c[i]): \(y[i]) \(exact)")
        }
    }

    @Test(arguments: 0..<CK_OPERATION_COUNT)
    func integers(number: Int) {
        let some: [Int64] = [
            0, 1, -1, 2, -2, 3, 7, -5, 100, 255, 256, -300, 1 << 31, -(1 << 31), 1 << 40, .max,
            .min,
        ]
        let n = some.count
        let a = KernelArray(.i64, count: n * n), b = KernelArray(.i64, count: n * n)
        let c = KernelArray(.i64, count: n * n)
        for i in 0..<n * n {
            a.setInteger(i, some[i / n])
            b.setInteger(i, some[i % n])
            c.setInteger(i, some[(i / n + 2 * i) % n])
        }
        let y = Self.results(number, .i64, a, b, c)
        for i in 0..<n * n {
            let (p, q, r) = (a.integer(i), b.integer(i), c.integer(i))
            guard let exact = KernelReference.integer(number, p, q, r) else { continue }
            if number == CK_POWER, q > 200, abs(p % 2) == 1, p.magnitude > 1 { continue }
            #expect(
                y.integer(i) == exact,
                "\(KernelReference.names[number]) \(p) \(q) \(r): \(y.integer(i)) \(exact)")
        }
    }

    /// Accuracy over the whole range of floats.
    @Test(arguments: [
        (CK_EXP, 2), (CK_EXPM1, 2), (CK_LOG, 2), (CK_LOG1P, 2), (CK_TANH, 3), (CK_SIGMOID, 3),
        (CK_ERF, 2), (CK_RSQRT, 1),
    ])
    func accuracy(number: Int, limit: Int) {
        let count = 200_000
        let x = KernelArray(.f32, count: count)
        for i in 0..<count {
            let bits = UInt32(truncatingIfNeeded: i &* 21_474 &+ i / 3)
            x.memory.storeBytes(of: bits, toByteOffset: 4 * i, as: UInt32.self)
        }
        let exact = (0..<count).map { Float(KernelReference.real(number, x[$0], 0, 0)) }
        withEveryInstructionSet { set in
            let y = Self.results(number, .f32, x, x, x)
            var (worst, place) = (0, 0)
            for i in 0..<count {
                let distance = unitsInLastPlace(Float(y[i]), exact[i])
                if distance > worst { (worst, place) = (distance, i) }
            }
            #expect(worst <= limit, "\(set) of \(x[place]): \(y[place]), \(worst) ulp")
        }
    }

    @Test func signOfZeroSurvives() {
        let x = KernelArray(.f32, [-0.0, 0.0])
        for number in [CK_EXPM1, CK_LOG1P, CK_TANH, CK_ERF, CK_SQRT, CK_COPY, CK_FLOOR] {
            let y = Self.results(number, .f32, x, x, x)
            #expect(y[0].sign == .minus && y[1].sign == .plus, "\(KernelReference.names[number])")
        }
    }

    /// Every element type to every other through every class that can hold both.
    @Test func conversions() {
        let reals: [Double] = [
            0, -0.0, 1, -1, 0.4, 0.99, -0.99, 1.5, -1.5, 254.9, 255, 256, 300, -5, 1e5, -1e5, 3e9,
            -3e9, 2_147_483_520, -2_147_483_648, 1e19, -1e19, 1e38, .infinity, -.infinity, .nan,
        ]
        for registerClass in KernelClass.allCases {
            for source in KernelType.allCases where source.isFloat || registerClass != .i64 {
                let x = KernelArray(source, count: reals.count * 5)
                for i in 0..<x.count {
                    x[i] = KernelReference.convert(
                        reals[i % reals.count], to: source == .i64 ? .i32 : source)
                }
                for target in KernelType.allCases where target.isFloat || registerClass != .i64 {
                    let y = KernelArray(target, count: x.count)
                    let dims = [x.count]
                    KernelProgram(
                        registerClass: registerClass, dims: dims, inputs: [.contiguous(x, dims)],
                        instructions: [], outputs: [.contiguous(y, dims)], outputRegisters: [0]
                    ).run()
                    for i in 0..<x.count {
                        let held = KernelReference.convert(x[i], to: registerClass.type)
                        let exact = KernelReference.convert(held, to: target)
                        #expect(
                            y[i] == exact || (y[i].isNaN && exact.isNaN),
                            "\(source) \(x[i]) by \(registerClass) to \(target): \(y[i])")
                    }
                }
            }
        }
    }

    /// Integers to integers keep the low bits.
    @Test func integerConversions() {
        let whole: [Int64] = [0, 1, -1, 127, 128, 255, 256, 1 << 31, -(1 << 31) - 1, .max, .min]
        for target in [KernelType.i32, .i64, .u8, .bool, .f32, .f64] {
            let x = KernelArray(.i64, count: whole.count),
                y = KernelArray(target, count: whole.count)
            for (i, value) in whole.enumerated() { x.setInteger(i, value) }
            KernelProgram(
                registerClass: .i64, dims: [whole.count], inputs: [.contiguous(x, [whole.count])],
                instructions: [], outputs: [.contiguous(y, [whole.count])], outputRegisters: [0]
            ).run()
            for (i, value) in whole.enumerated() {
                let exact: Double =
                    switch target {
                    case .i32: Double(Int32(truncatingIfNeeded: value))
                    case .u8: Double(UInt8(truncatingIfNeeded: value))
                    case .bool: value != 0 ? 1 : 0
                    case .f32: Double(Float(value))
                    default: Double(value)
                    }
                #expect(y[i] == exact, "\(value) to \(target)")
            }
        }
    }
}
