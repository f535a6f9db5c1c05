import CKernels
import Foundation
import Testing

@Suite struct KernelIndexingTests {
    static let shapes: [[Int]] = [
        [1, 1, 1], [3, 5, 1], [4, 10, 1], [100, 10, 1], [2, 300, 1], [2, 2500, 1], [1, 4, 3],
        [3, 10, 7], [2, 6, 300], [2, 33, 17],
    ]

    static func random(_ count: Int, _ type: KernelType, seed: Int) -> KernelArray {
        var generator = KernelGenerator(seed: seed)
        let array = KernelArray(type, count: count)
        for i in 0..<count {
            array[i] =
                type.isFloat
                ? .random(in: -4...4, using: &generator)
                : Double(Int.random(in: type == .bool ? 0...1 : 0...9, using: &generator))
        }
        return array
    }

    /// Calls `body` with the places of each line along the middle axis.
    static func forEachLine(_ shape: [Int], _ body: (_ line: Int, _ places: [Int]) -> Void) {
        for o in 0..<shape[0] {
            for n in 0..<shape[2] {
                body(
                    o * shape[2] + n,
                    (0..<shape[1]).map { (o * shape[1] + $0) * shape[2] + n })
            }
        }
    }

    @Test(arguments: shapes, [false, true])
    func softmax(shape: [Int], logarithm: Bool) {
        let count = shape.reduce(1, *)
        let x = Self.random(count, .f32, seed: count), y = KernelArray(.f32, count: count)
        func run() {
            ck_softmax_f32(
                x.memory.assumingMemoryBound(to: Float.self),
                y.memory.assumingMemoryBound(to: Float.self), Int64(shape[0]), Int64(shape[1]),
                Int64(shape[2]), logarithm)
        }
        withEveryInstructionSet { name in
            run()
            Self.forEachLine(shape) { _, places in
                let most = places.map { x[$0] }.max() ?? 0
                let sum = places.reduce(0) { $0 + exp(x[$1] - most) }
                for place in places {
                    let power = exp(x[place] - most)
                    let exact = logarithm ? x[place] - most - log(sum) : power / sum
                    let limit = 1e-6 * max(abs(exact), logarithm ? 0.5 : 1e-3)
                    #expect(abs(y[place] - exact) <= limit, "\(name) \(shape) \(place)")
                }
            }
        }
        run()
        let alone = y.bytes
        withKernelThreads(3) { run() }
        #expect(y.bytes == alone)
    }

    @Test(arguments: [1, 2])
    func softmaxOfExtremes(inner: Int) {
        let rows: [[Double]] = [
            [.nan, 0, 1], [.infinity, 0, 1], [-.infinity, -.infinity, -.infinity],
            [1000, -1000, 1000], [-.infinity, 0, 0],
        ]
        for (r, row) in rows.enumerated() {
            for logarithm in [false, true] {
                let x = KernelArray(.f32, row.flatMap { Array(repeating: $0, count: inner) })
                let y = KernelArray(.f32, count: x.count)
                ck_softmax_f32(
                    x.memory.assumingMemoryBound(to: Float.self),
                    y.memory.assumingMemoryBound(to: Float.self), 1, 3, Int64(inner), logarithm)
                let half = logarithm ? Double(Float(-log(2.0))) : 0.5
                for k in 0..<3 where r < 3 { #expect(y[k * inner].isNaN, "\(row)") }
                if r == 3 { #expect([y[0], y[2 * inner]] == [half, half]) }
                if r == 4 { #expect(y[0] == (logarithm ? -.infinity : 0) && y[inner] == half) }
            }
        }
    }

    @Test(arguments: shapes, KernelType.allCases)
    func argReduce(shape: [Int], type: KernelType) {
        let count = shape.reduce(1, *)
        let x = Self.random(count, type, seed: count + 1)
        let lines = shape[0] * shape[2]
        let y = KernelArray(.i64, count: lines)
        for maximum in [true, false] {
            ck_arg_reduce(
                Int32(type.rawValue), maximum, x.memory,
                y.memory.assumingMemoryBound(to: Int64.self), Int64(shape[0]), Int64(shape[1]),
                Int64(shape[2]))
            Self.forEachLine(shape) { line, places in
                let values = places.map { x[$0] }
                let best = maximum ? values.max() : values.min()
                #expect(Int(y.integer(line)) == values.firstIndex { $0 == best })
            }
        }
    }

    @Test func argReduceTakesTheFirstNaN() {
        let x = KernelArray(.f32, [1, .nan, 9, .nan, -3]), y = KernelArray(.i64, count: 1)
        for maximum in [true, false] {
            ck_arg_reduce(
                Int32(KernelType.f32.rawValue), maximum, x.memory,
                y.memory.assumingMemoryBound(to: Int64.self), 1, 5, 1)
            #expect(y.integer(0) == 1)
        }
    }

    @Test(arguments: shapes, KernelType.allCases)
    func cumulativeSum(shape: [Int], type: KernelType) {
        let count = shape.reduce(1, *)
        let x = Self.random(count, type, seed: count + 2), y = KernelArray(type, count: count)
        for reverse in [false, true] {
            ck_cumulative_sum(
                Int32(type.rawValue), reverse, x.memory, y.memory, Int64(shape[0]), Int64(shape[1]),
                Int64(shape[2]))
            Self.forEachLine(shape) { _, places in
                var sum = 0.0
                for place in reverse ? places.reversed() : places {
                    sum += x[place]
                    let exact: Double =
                        switch type {
                        case .f32: Double(Float(sum))
                        case .u8: Double(UInt8(truncatingIfNeeded: Int(sum)))
                        case .bool: min(sum, 1)
                        default: sum
                        }
                    #expect(y[place] == exact, "\(type) \(shape) \(place)")
                }
            }
        }
    }

    /// All four index kernels against loops; some indices lie outside.
    @Test(arguments: KernelType.allCases, [KernelType.i32, .i64])
    func gatherAndScatter(type: KernelType, indexType: KernelType) {
        for shape in Self.shapes {
            let (outer, axis, inner) = (shape[0], shape[1], shape[2])
            let indexCount = axis + 3
            for along in [false, true] {
                let indices = KernelArray(
                    indexType, count: along ? outer * indexCount * inner : indexCount)
                var generator = KernelGenerator(seed: axis + inner)
                for i in 0..<indices.count {
                    indices.setInteger(i, .random(in: -1...Int64(axis), using: &generator))
                }
                let x = Self.random(outer * axis * inner, type, seed: 5)
                let updates = Self.random(outer * indexCount * inner, type, seed: 6)
                let gathered = KernelArray(type, count: updates.count)
                let scattered = KernelArray(type, count: x.count)
                for i in 0..<x.count { scattered[i] = 1 }
                let gather = along ? ck_gather_along : ck_gather
                let scatter = along ? ck_scatter_add_along : ck_scatter_add
                let (d, id) = (Int32(type.rawValue), Int32(indexType.rawValue))
                gather(
                    d, x.memory, indices.memory, id, gathered.memory, Int64(outer), Int64(axis),
                    Int64(inner), Int64(indexCount))
                scatter(
                    d, updates.memory, indices.memory, id, scattered.memory, Int64(outer),
                    Int64(axis), Int64(inner), Int64(indexCount))
                let sums = KernelArray(type, count: x.count)
                var wrong = 0
                for o in 0..<outer {
                    for i in 0..<indexCount {
                        for n in 0..<inner {
                            let place = (o * indexCount + i) * inner + n
                            let index = Int(indices.integer(along ? place : i))
                            let target = (o * axis + index) * inner + n
                            let inside = (0..<axis).contains(index)
                            if gathered[place] != (inside ? x[target] : 0) { wrong += 1 }
                            guard inside else { continue }
                            if type == .f32 {
                                sums[target] = Double(
                                    Float(sums[target]) + Float(updates[place]))
                            } else {
                                let sum = sums[target] + updates[place]
                                sums[target] = type == .bool ? min(sum, 1) : sum
                            }
                        }
                    }
                }
                #expect(wrong == 0, "gather \(type) \(shape) along \(along)")
                #expect(scattered.bytes == sums.bytes, "scatter \(type) \(shape) along \(along)")
            }
        }
    }

    @Test(arguments: KernelType.allCases)
    func oneHotAndFill(type: KernelType) {
        let indices = KernelArray(.i32, [2, -1, 0, 4, 3]), y = KernelArray(type, count: 20)
        ck_one_hot(
            Int32(type.rawValue), indices.memory, Int32(KernelType.i32.rawValue), y.memory, 5, 4)
        for i in 0..<5 {
            for c in 0..<4 { #expect(y[4 * i + c] == (indices[i] == Double(c) ? 1 : 0)) }
        }
        ck_fill(Int32(type.rawValue), y.memory, 20, 1.5)
        #expect(y.values.allSatisfy { $0 == KernelReference.convert(1.5, to: type) })
    }
}
