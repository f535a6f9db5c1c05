import MartletCompiler
import MartletGraph
import MartletTestSupport
import Testing

/// Gradients at kinks, ties and zeros, where differences say nothing: PyTorch's conventions.
@Suite struct GradientSpecialValueTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var name: String
        var inputs: [HostTensor]
        var seed: HostTensor?
        /// The gradient of each input.
        var expected: [[Double]]
        var build: @Sendable (inout GraphBuilder, [Value]) -> Value

        var testDescription: String { name }

        init(
            _ name: String, _ inputs: [Double]..., shape: [Int]? = nil, seed: [Double]? = nil,
            gives expected: [[Double]],
            build: @escaping @Sendable (inout GraphBuilder, [Value]) -> Value
        ) {
            (self.name, self.expected, self.build) = (name, expected, build)
            self.inputs = inputs.map { HostTensor($0, shape: shape ?? [$0.count]) }
            self.seed = seed.map { HostTensor($0, shape: [$0.count]) }
        }

        init(
            _ op: Op, _ name: String, _ inputs: [Double]..., shape: [Int]? = nil,
            seed: [Double]? = nil, gives expected: [[Double]]
        ) {
            (self.name, self.expected) = ("\(op.name), \(name)", expected)
            self.inputs = inputs.map { HostTensor($0, shape: shape ?? [$0.count]) }
            self.seed = seed.map { HostTensor($0, shape: [$0.count]) }
            self.build = { g, x in g.applying(op, x) }
        }
    }

    static let lines: [Line] = [
        Line(.unary(.relu), "at and around 0", [-1, 0, -0.0, 1], gives: [[0, 0, 0, 1]]),
        Line(
            .unary(.relu), "blocks infinite gradients", [-1, 0, 1],
            seed: [.infinity, .nan, 2], gives: [[0, 0, 2]]),
        Line(.unary(.abs), "at and around 0", [-2, 0, 3], gives: [[-1, 0, 1]]),
        Line(.unary(.sqrt), "at 0", [0, 4], gives: [[.infinity, 0.25]]),
        Line(.unary(.sigmoid), "saturated", [-1000, 0, 1000], gives: [[0, 0.25, 0]]),
        Line(.unary(.tanh), "saturated", [-1000, 0, 1000], gives: [[0, 1, 0]]),
        Line(
            .binary(.maximum), "ties", [1, 2, 3], [2, 2, 2],
            gives: [[0, 0.5, 1], [1, 0.5, 0]]),
        Line(
            .binary(.minimum), "ties", [1, 2, 3], [2, 2, 2],
            gives: [[1, 0.5, 0], [0, 0.5, 1]]),
        Line(
            .binary(.maximum), "infinite gradients stay on their side", [1, 3], [2, 2],
            seed: [.infinity, .infinity], gives: [[0, .infinity], [.infinity, 0]]),
        Line(
            "select, nothing for the branch not taken", [1, 2], [3, 4],
            seed: [.infinity, -.infinity],
            gives: [[.infinity, 0], [0, -.infinity]]
        ) { g, x in
            let condition = g.constant(HostTensor([true, false], shape: [2]))
            return g.select(condition, x[0], x[1])
        },
        Line(
            .binary(.power), "at 0", [0, 0, 0, 2], [0, 1, 2, 0],
            gives: [[0, 1, 0, 0], [0, 0, 0, 0.6931471805599453]]),
        Line("power, constant exponents at 0", [0], [0], [0], gives: [[0], [1], [0]]) { g, x in
            let powers = (0..<3).map {
                g.emit(.binary(.power), x[$0], g.constant(Double($0), like: x[$0]))
            }
            return g.applying(.concatenate(axis: 0), powers)
        },
        Line(
            .reduce(.max, axes: [0]), "two of three are largest", [5, 1, 5], seed: nil,
            gives: [[0.5, 0, 0.5]]),
        Line(
            .reduce(.min, axes: [1]), "all equal", [7, 7, 7, 7], shape: [2, 2],
            gives: [[0.5, 0.5, 0.5, 0.5]]),
        Line(.reduce(.product, axes: [0]), "no zero", [2, 3, 4], gives: [[12, 8, 6]]),
        Line(.reduce(.product, axes: [0]), "one zero", [2, 0, 4], gives: [[0, 8, 0]]),
        Line(.reduce(.product, axes: [0]), "two zeros", [0, 3, 0, 5], gives: [[0, 0, 0, 0]]),
        Line(.reduce(.product, axes: [0]), "one element", [0], gives: [[1]]),
        Line(
            .maxPool2D(PoolAttributes(kernel: [2, 2])), "ties go to the first", [1, 1, 1, 1],
            shape: [1, 1, 2, 2], gives: [[1, 0, 0, 0]]),
        Line(.softmax(axis: 0), "all equal", [3, 3], seed: [1, 0], gives: [[0.25, -0.25]]),
        Line(.softmax(axis: 0), "huge", [1e4, 0], seed: [1, 0], gives: [[0, 0]]),
        Line(.logSoftmax(axis: 0), "all equal", [3, 3], seed: [1, 0], gives: [[0.5, -0.5]]),
        Line(.logSoftmax(axis: 0), "huge", [1e4, 0], seed: [0, 1], gives: [[-1, 1]]),
        Line(
            .standardize(axes: [0], epsilon: 1e-5), "all equal", [2, 2], seed: [1, 1],
            gives: [[0, 0]]),
    ]

    @Test(arguments: lines)
    func followsTheConvention(_ line: Line) throws {
        let gradients = try gradientValues(at: line.inputs, seed: line.seed, build: line.build)
        #expect(gradients.map { $0?.doubles } == line.expected)
    }

    /// The second derivative of a product, too, must not need a division by its zeros.
    @Test(arguments: [[0.0, 2, 3], [0, 0, 3], [0, 0, 0]])
    func secondDerivativesOfAProductWithZeros(_ numbers: [Double]) throws {
        for chosen in 0..<3 {
            let pick = HostTensor((0..<3).map { $0 == chosen ? 1.0 : 0 }, shape: [3])
            let x = HostTensor(numbers, shape: [3])
            let row = try gradientValues(at: [x], seed: pick) { g, x in
                let product = g.emit(.reduce(.product, axes: [0]), x[0])
                return g.gradients(of: product, wrt: x)[0] ?? x[0]
            }
            let expected = (0..<3).map { $0 == chosen ? 0 : numbers[3 - chosen - $0] }
            #expect(row[0]?.doubles == expected)
        }
    }

    /// At a = 0 and b = 2 every second derivative of aᵇ is finite: 2, 0 and 0.
    @Test func secondDerivativesOfAPowerAtZero() throws {
        for chosen in 0..<2 {
            let gradients = try gradientValues(
                at: [HostTensor([0.0], shape: [1]), HostTensor([2.0], shape: [1])]
            ) { g, x in
                let power = g.emit(.binary(.power), x[0], x[1])
                return g.gradients(of: power, wrt: x)[chosen] ?? x[0]
            }
            #expect(gradients.map { $0?.doubles } == (chosen == 0 ? [[2], [0]] : [[0], [0]]))
        }
    }
}
