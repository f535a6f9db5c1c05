import CKernels
import Testing

@Suite struct KernelReductionTests {
    static func run(
        _ program: KernelProgram, _ reduction: Int, _ reduced: [Bool], simplified: Bool = true
    ) {
        program.withProgram { program in
            var job = ck_reduction()
            job.program = program
            job.reduction = Int32(reduction)
            withUnsafeMutableBytes(of: &job.reduced) { bytes in
                for (axis, flag) in reduced.enumerated() { bytes[axis] = flag ? 1 : 0 }
            }
            if simplified { ck_reduction_simplify(&job) }
            ck_reduction_run(&job)
        }
    }

    /// Folds `x` alone; the result is contiguous over the kept axes.
    static func reduce(
        _ x: KernelArray, _ dims: [Int], _ reduction: Int, _ reduced: [Bool],
        _ registerClass: KernelClass, _ target: KernelType
    ) -> KernelArray {
        let kept = zip(dims, reduced).filter { !$0.1 }.map(\.0)
        let y = KernelArray(target, count: kept.reduce(1, *))
        let keptStrides = contiguousStrides(kept)
        var (strides, next) = ([Int](), 0)
        for flag in reduced {
            strides.append(flag ? 0 : keptStrides[next])
            next += flag ? 0 : 1
        }
        run(
            KernelProgram(
                registerClass: registerClass, dims: dims, inputs: [.contiguous(x, dims)],
                instructions: [], outputs: [KernelView(array: y, strides: strides)],
                outputRegisters: [0]), reduction, reduced)
        return y
    }

    static func fold(_ reduction: Int, _ a: Double, _ b: Double) -> Double {
        switch reduction {
        case CK_SUM: a + b
        case CK_PRODUCT: a * b
        case CK_MAX: a.isNaN || b.isNaN ? .nan : max(a, b)
        default: a.isNaN || b.isNaN ? .nan : min(a, b)
        }
    }

    static func identity(_ reduction: Int) -> Double {
        reduction == CK_SUM
            ? 0 : reduction == CK_PRODUCT ? 1 : reduction == CK_MAX ? -.infinity : .infinity
    }

    /// Random programs over random layouts and axes; small whole numbers, so sums are exact.
    @Test(arguments: 0..<400)
    func randomReductions(seed: Int) {
        var generator = KernelGenerator(seed: 10_000 + seed)
        let dims = KernelLayoutTests.randomDims(&generator)
        var program = KernelLayoutTests.randomProgram(dims, &generator, outputCount: 1)
        let reduced = dims.map { _ in Bool.random(using: &generator) }
        let reduction = [CK_SUM, CK_MAX, CK_MIN][seed % 3]
        let keptDims = zip(dims, reduced).map { $1 ? 1 : $0 }
        let target: KernelType = program.registerClass == .i64 ? .i64 : .f64
        var output = KernelLayoutTests.randomView(target, keptDims, repeating: false, &generator)
        for axis in dims.indices where reduced[axis] { output.strides[axis] = seed % 5 }
        program.outputs = [output]
        for axis in dims.indices where reduced[axis] { output.strides[axis] = 0 }

        var expected = [Int: Double]()
        forEachIndex(dims) { index in
            let value = KernelLayoutTests.registers(program, at: index)[program.outputRegisters[0]]
            let place = output.place(index)
            expected[place] = Self.fold(
                reduction, expected[place] ?? Self.identity(reduction), value)
        }
        let sets = [nil, "avx2", "baseline"]
        _ = ck_use_instruction_set(sets[seed / 3 % 3])
        Self.run(program, reduction, reduced, simplified: seed % 4 != 0)
        _ = ck_use_instruction_set(nil)
        let wrong = expected.filter { output.array[$0.key] != $0.value }.count
        #expect(wrong == 0, "seed \(seed), dims \(dims) over \(reduced): \(wrong) wrong")
    }

    /// Long axes, both ways, with and without sharing between threads.
    @Test(arguments: [
        [1, 200_000, 1], [3, 50_000, 1], [1, 5000, 64], [1, 3000, 100], [1, 70, 3000],
        [2, 600, 300],
        [20, 300, 17], [1, 100_001, 2], [1, 40_000, 7],
    ])
    func sumsAreAccurateAndTheSameForAllThreads(dims: [Int]) {
        let n = dims.reduce(1, *)
        var generator = KernelGenerator(seed: n)
        let x = KernelArray(.f32, count: n)
        for i in 0..<n { x[i] = .random(in: 0...1, using: &generator) }
        let reduced = [false, true, false]
        func run() -> KernelArray { Self.reduce(x, dims, CK_SUM, reduced, .f32, .f32) }
        let y = run()
        for o in 0..<dims[0] {
            for k in 0..<dims[2] {
                var exact = 0.0
                for r in 0..<dims[1] { exact += x[(o * dims[1] + r) * dims[2] + k] }
                let result = y[o * dims[2] + k]
                #expect(abs(result - exact) <= 3e-7 * exact, "\(dims): \(result) \(exact)")
            }
        }
        for threads in [2, 3, 5] {
            withKernelThreads(threads) { #expect(run().bytes == y.bytes, "\(dims) \(threads)") }
        }
    }

    @Test func imageChannels() {
        // N, C, H, W over N, H, W: what a bias gradient of a convolution needs.
        let dims = [5, 7, 19, 17]
        let x = KernelArray(.f32, (0..<dims.reduce(1, *)).map { Double($0 % 13) })
        let y = Self.reduce(x, dims, CK_SUM, [true, false, true, true], .f32, .f32)
        var exact = [Double](repeating: 0, count: 7)
        forEachIndex(dims) { index in
            exact[index[1]] += x[((index[0] * 7 + index[1]) * 19 + index[2]) * 17 + index[3]]
        }
        #expect(y.values == exact)
    }

    @Test(arguments: [[0], [4, 0], [0, 4], [2, 0, 3]])
    func emptyReductions(dims: [Int]) {
        let x = KernelArray(.f32, count: 0)
        let reduced = dims.map { $0 == 0 }
        for reduction in [CK_SUM, CK_PRODUCT, CK_MAX, CK_MIN] {
            let y = Self.reduce(x, dims, reduction, reduced, .f32, .f32)
            #expect(y.values.allSatisfy { $0 == Self.identity(reduction) }, "\(dims) \(reduction)")
        }
    }

    @Test func emptyIntegerExtremes() {
        let x = KernelArray(.i32, count: 0)
        #expect(Self.reduce(x, [0], CK_MAX, [true], .i64, .i32).integer(0) == Int64(Int32.min))
        #expect(Self.reduce(x, [0], CK_MIN, [true], .i64, .i64).integer(0) == .max)
    }

    @Test(arguments: [1, 5, 63, 64, 65, 1000, 5000])
    func nanWinsExtremes(count: Int) {
        for place in Set([0, count / 2, count - 1]) {
            for dims in [[count, 1], [count, 3], [1, count]] {
                let x = KernelArray(.f32, count: dims[0] * dims[1])
                let axis = dims[0] == 1 ? 1 : 0
                x[place * (axis == 1 ? 1 : dims[1])] = .nan
                for reduction in [CK_MAX, CK_MIN, CK_SUM, CK_PRODUCT] {
                    let y = Self.reduce(x, dims, reduction, [axis == 0, axis == 1], .f32, .f32)
                    #expect(y[0].isNaN, "\(dims) at \(place)")
                    #expect(y.count == 1 || y[1] == 0)
                }
            }
        }
    }

    @Test func productsAndWrapping() {
        let x = KernelArray(.f32, (0..<100).map { $0 % 2 == 0 ? 1.5 : 1 / 1.5 })
        #expect(abs(Self.reduce(x, [100], CK_PRODUCT, [true], .f32, .f32)[0] - 1) < 1e-5)
        let whole = KernelArray(.i32, [2e9, 2e9])
        let sum = Self.reduce(whole, [2], CK_SUM, [true], .i64, .i32)
        #expect(sum.integer(0) == Int64(Int32(truncatingIfNeeded: 4_000_000_000)))
    }
}
