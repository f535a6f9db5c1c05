import CKernels
import Foundation
import MartletGraph
import Testing

@Suite struct KernelRandomTests {
    static let keys: [(seed: Int64, step: Int64, stream: Int)] = [
        (0, 0, 0), (1, 2, 3), (-5, 1 << 40, 77), (.max, -1, 1 << 31),
    ]

    static func run(
        _ kernel: (Int32, UnsafePointer<Int64>?, UInt32, UnsafeMutableRawPointer?, Int64) -> Void,
        _ type: KernelType, _ key: (seed: Int64, step: Int64, stream: Int), _ count: Int
    ) -> KernelArray {
        let y = KernelArray(type, count: count)
        kernel(
            Int32(type.rawValue), [key.seed, key.step], UInt32(key.stream), y.memory, Int64(count))
        return y
    }

    static func words(_ key: (seed: Int64, step: Int64, stream: Int), _ block: Int) -> [UInt32] {
        let words = Philox.words(seed: key.seed, step: key.step, stream: key.stream, block: block)
        return [words.0, words.1, words.2, words.3]
    }

    static func uniform53(_ high: UInt32, _ low: UInt32) -> Double {
        (Double(high >> 5) * 0x1p26 + Double(low >> 6)) * 0x1p-53
    }

    /// The published test vector for counter 0 and key 0.
    @Test func knownAnswer() {
        let known: [UInt32] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        #expect(Self.words((0, 0, 0), 0) == known)
        let y = Self.run(ck_random_uniform, .f32, (0, 0, 0), 4)
        #expect(y.values == known.map { Double($0 >> 8) * 0x1p-24 })
    }

    @Test(arguments: [1, 2, 3, 5, 255, 256, 257, 1001])
    func uniform(count: Int) {
        for key in Self.keys {
            withEveryInstructionSet { set in
                let y = Self.run(ck_random_uniform, .f32, key, count)
                let z = Self.run(ck_random_uniform, .f64, key, count)
                for i in 0..<count {
                    #expect(y[i] == Double(Self.words(key, i / 4)[i % 4] >> 8) * 0x1p-24, "\(set)")
                    let words = Self.words(key, i / 2)
                    let wide = Self.uniform53(words[i % 2 * 2], words[i % 2 * 2 + 1])
                    #expect(z[i] == wide, "\(set)")
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5, 255, 257, 1001])
    func normal(count: Int) {
        for key in Self.keys {
            let y = Self.run(ck_random_normal, .f32, key, count)
            let z = Self.run(ck_random_normal, .f64, key, count)
            for i in 0..<count {
                var words = Self.words(key, i / 4)
                let first = i % 4 / 2 * 2
                let u = (Double(words[first] >> 8) + 1) * 0x1p-24
                let v = Double(words[first + 1] >> 8) * 0x1p-24
                let exact = Self.boxMuller(u, v, i % 2)
                #expect(abs(y[i] - exact) <= 1e-7 * abs(exact) + 1e-12)
                words = Self.words(key, i / 2)
                let wide = Self.boxMuller(
                    Self.uniform53(words[0], words[1]) + 0x1p-53,
                    Self.uniform53(words[2], words[3]), i % 2)
                #expect(abs(z[i] - wide) <= 1e-14 * (1 + abs(wide)))
            }
        }
    }

    static func boxMuller(_ u: Double, _ v: Double, _ part: Int) -> Double {
        let radius = (-2 * log(u)).squareRoot()
        return radius * (part == 0 ? cos(2 * Double.pi * v) : sin(2 * Double.pi * v))
    }

    @Test func momentsAndThreads() {
        let count = 100_001
        for kernel in [ck_random_uniform, ck_random_normal] {
            let y = Self.run(kernel, .f32, (7, 1, 2), count)
            withKernelThreads(3) {
                #expect(Self.run(kernel, .f32, (7, 1, 2), count).bytes == y.bytes)
            }
        }
        let uniform = Self.run(ck_random_uniform, .f32, (7, 1, 2), count).values
        let normal = Self.run(ck_random_normal, .f32, (7, 1, 2), count).values
        #expect(abs(uniform.reduce(0, +) / Double(count) - 0.5) < 0.005)
        #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(normal.reduce(0, +) / Double(count)) < 0.02)
        #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / Double(count) - 1) < 0.03)
    }
}
