import Foundation
import MartletGraph

extension Interpreter {
    /// Counter-based random numbers; `key` is i64[2] = (seed, step).
    ///
    /// Element i depends on the key, the stream and i alone, so that a result does not depend on
    /// how the work is split up. One block of Philox gives four f32 or two f64 elements.
    static func random(
        _ distribution: RandomDistribution, _ type: TensorType, stream: Int, key: HostTensor
    ) -> HostTensor {
        let (seed, step) = key.withUnsafeScalars(as: Int64.self) { ($0[0], $0[1]) }
        func words(_ block: Int) -> Words {
            Philox.words(seed: seed, step: step, stream: stream, block: block)
        }
        return switch (distribution, type.dtype) {
        case (.uniform, .float64): fill(type, of: Double.self) { pairOfUniforms(words($0)) }
        case (.normal, .float64): fill(type, of: Double.self) { pairOfNormals(words($0)) }
        case (.uniform, _): fill(type, of: Float.self) { fourUniforms(words($0)) }
        case (.normal, _): fill(type, of: Float.self) { fourNormals(words($0)) }
        }
    }

    /// The four words of one block.
    private typealias Words = (UInt32, UInt32, UInt32, UInt32)

    /// On [0, 1) in steps of 2⁻²⁴, one for each word.
    private static func fourUniforms(_ w: Words) -> [Float] {
        [w.0, w.1, w.2, w.3].map { Float($0 >> 8) * 0x1p-24 }
    }

    /// On [0, 1) in steps of 2⁻⁵³, one for each pair of words.
    private static func pairOfUniforms(_ w: Words) -> [Double] {
        [uniform53(w.0, w.1), uniform53(w.2, w.3)]
    }

    /// Two pairs by Box and Muller's method, from words 0, 1 and words 2, 3.
    private static func fourNormals(_ w: Words) -> [Float] {
        [(w.0, w.1), (w.2, w.3)].flatMap { first, second in
            normals(Double((first >> 8) + 1) * 0x1p-24, Double(second >> 8) * 0x1p-24)
                .map { Float($0) }
        }
    }

    /// One pair by Box and Muller's method, from all four words.
    private static func pairOfNormals(_ w: Words) -> [Double] {
        normals(uniform53(w.0, w.1) + 0x1p-53, uniform53(w.2, w.3))
    }

    private static func uniform53(_ high: UInt32, _ low: UInt32) -> Double {
        (Double(high >> 5) * 0x1p26 + Double(low >> 6)) * 0x1p-53
    }

    /// Two independent standard normal numbers from one on (0, 1] and one on [0, 1).
    ///
    /// - Source: Box and Muller, "A note on the generation of random normal deviates", 1958.
    private static func normals(_ u1: Double, _ u2: Double) -> [Double] {
        let (radius, angle) = ((-2 * log(u1)).squareRoot(), 2 * Double.pi * u2)
        return [radius * cos(angle), radius * sin(angle)]
    }

    /// Writes block after block; what the last block has too much is dropped.
    private static func fill<Scalar: Real>(
        _ type: TensorType, of: Scalar.Type, _ block: (Int) -> [Scalar]
    ) -> HostTensor {
        HostTensor(type, of: of) { target in
            var (index, number) = (0, 0)
            while index < target.count {
                for element in block(number) where index < target.count {
                    target[index] = element
                    index += 1
                }
                number += 1
            }
        }
    }
}
