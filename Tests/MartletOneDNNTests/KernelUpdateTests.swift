import CKernels
import Foundation
import Testing

/// Adam's update in one pass against the same arithmetic in double precision.
@Suite struct KernelUpdateTests {
    /// Weight, mean, square and gradient with numbers of usual sizes.
    private struct Parameter {
        let weight, mean, square, gradient: KernelArray

        init(count: Int) {
            var generator = KernelGenerator(seed: count)
            func array(_ range: ClosedRange<Double>) -> KernelArray {
                KernelArray(.f32, (0..<count).map { _ in .random(in: range, using: &generator) })
            }
            (weight, gradient) = (array(-1...1), array(-0.1...0.1))
            (mean, square) = (array(-0.1...0.1), array(0...0.01))
        }
    }

    private static let scale = 1.25, rate = 0.003

    /// The update as plans have it.
    ///
    /// Registers: 0 weight, 1 mean, 2 square, 3 gradient, 4 scale of the
    /// root, 5 rate, then the constants β₁, 1 − β₁, β₂, 1 − β₂, ε.
    private static func program(_ p: Parameter, isScaled: Bool, count: Int) -> KernelProgram {
        let scale = KernelArray(.f32, [Self.scale]), rate = KernelArray(.f32, [Self.rate])
        let arrays = [p.weight, p.mean, p.square, p.gradient]
        let inputs =
            arrays.map { KernelView.contiguous($0, [count]) }
            + [scale, rate].map { KernelView(array: $0, strides: [0]) }
        let divisor =
            isScaled
            ? instruction(CK_MULTIPLY_ADD, 17, 16, 4, 10) : instruction(CK_ADD, 17, 16, 10)
        return KernelProgram(
            registerClass: .f32, dims: [count], inputs: inputs,
            constants: [0.9, 0.1, 0.999, 0.001, 1e-4],
            instructions: [
                instruction(CK_MULTIPLY, 11, 1, 6), instruction(CK_MULTIPLY_ADD, 12, 3, 7, 11),
                instruction(CK_MULTIPLY, 13, 3, 3), instruction(CK_MULTIPLY, 14, 2, 8),
                instruction(CK_MULTIPLY_ADD, 15, 13, 9, 14), instruction(CK_SQRT, 16, 15), divisor,
                instruction(CK_DIVIDE, 18, 12, 17), instruction(CK_SUBTRACT_PRODUCT, 19, 18, 5, 0),
            ],
            outputs: [p.mean, p.square, p.weight].map { .contiguous($0, [count]) },
            outputRegisters: [12, 15, 19])
    }

    @Test(arguments: [1, 7, 1000, 70_001], [false, true])
    func updatesInPlace(count: Int, isScaled: Bool) {
        withEveryInstructionSet { set in
            withKernelThreads(2) {
                let parameter = Parameter(count: count), before = Parameter(count: count)
                Self.program(parameter, isScaled: isScaled, count: count).run()
                var worst = 0.0
                for i in 0..<count {
                    let gradient = before.gradient[i]
                    let mean = 0.9 * before.mean[i] + 0.1 * gradient
                    let square = 0.999 * before.square[i] + 0.001 * gradient * gradient
                    let divisor = sqrt(square) * (isScaled ? Self.scale : 1) + 1e-4
                    let weight = before.weight[i] - Self.rate * mean / divisor
                    for (found, exact) in [
                        (parameter.mean[i], mean), (parameter.square[i], square),
                        (parameter.weight[i], weight),
                    ] {
                        worst = max(worst, abs(found - exact) / max(abs(exact), 1e-3))
                    }
                }
                #expect(worst < 1e-5, "\(set)")
            }
        }
    }

    /// Chains of the same form without a single number where the update has one.
    @Test func squaresAreNoScaledNumbers() {
        let count = 64
        let others = [
            // mean + weight², mean² + gradient, a divisor of twice the root, of the root squared.
            (1, instruction(CK_MULTIPLY_ADD, 12, 0, 0, 11)),
            (0, instruction(CK_MULTIPLY, 11, 1, 1)),
            (6, instruction(CK_ADD, 17, 16, 16)),
            (6, instruction(CK_MULTIPLY_ADD, 17, 16, 16, 10)),
            (8, instruction(CK_SUBTRACT_PRODUCT, 19, 18, 18, 0)),
        ]
        for (place, other) in others {
            let p = Parameter(count: count), before = Parameter(count: count)
            var program = Self.program(p, isScaled: true, count: count)
            program.instructions[place] = other
            program.run()
            for i in 0..<count {
                let (w, g) = (before.weight[i], before.gradient[i])
                let kept = place == 0 ? before.mean[i] * before.mean[i] : 0.9 * before.mean[i]
                let mean = place == 1 ? w * w + kept : 0.1 * g + kept
                let root = sqrt(0.999 * before.square[i] + 0.001 * g * g)
                let divisor =
                    place != 6
                    ? root * Self.scale + 1e-4
                    : Int(other.operation) == Int(CK_ADD) ? 2 * root : root * root + 1e-4
                let quotient = mean / divisor
                let weight = w - quotient * (place == 8 ? quotient : Self.rate)
                #expect(abs(p.weight[i] - weight) <= 1e-4 * max(1, abs(weight)), "\(place)")
            }
        }
    }

    /// A chain that only looks like it: the gradient is not squared.
    @Test func anotherChainIsComputedAsWritten() {
        let count = 100
        let parameter = Parameter(count: count), before = Parameter(count: count)
        var program = Self.program(parameter, isScaled: true, count: count)
        program.instructions[2] = instruction(CK_MULTIPLY, 13, 3, 0)
        program.run()
        for i in 0..<count {
            let square =
                0.999 * before.square[i] + 0.001 * before.gradient[i] * before.weight[i]
            #expect(abs(parameter.square[i] - square) < 1e-6)
        }
    }
}
