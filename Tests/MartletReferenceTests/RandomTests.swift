import MartletGraph
import MartletReference
import Testing

@Suite struct RandomTests {
    private func draw(
        _ distribution: RandomDistribution, _ dtype: DataType, count: Int, seed: Int64 = 7,
        step: Int64 = 3, stream: Int = 1
    ) throws -> HostTensor {
        let op = Op.random(distribution, TensorType(dtype, [count]), stream: stream)
        return try evaluate(op, [HostTensor([seed, step], shape: [2])])
    }

    /// The known answers published with Random123 (`philox4x32` with 10 rounds).
    @Test func philoxKnownAnswers() {
        let zeros = Philox.words(counter: (0, 0, 0, 0), key: (0, 0))
        #expect(zeros == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        let f = UInt32.max
        let ones = Philox.words(counter: (f, f, f, f), key: (f, f))
        #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    }

    @Test func uniformIsTheTopBitsOfEachWord() throws {
        // Seed and step 0, stream 0, block 0 is the first known answer.
        let x = try draw(.uniform, .float32, count: 4, seed: 0, step: 0, stream: 0)
        let expected: [Float] = [0x6627e8, 0xe169c5, 0xbc57ac, 0x9b00db].map { $0 / 16_777_216 }
        #expect(x.scalars(as: Float.self) == expected)
    }

    @Test func doubleUniformJoinsTwoWords() throws {
        let x = try draw(.uniform, .float64, count: 2, seed: 0, step: 0, stream: 0)
        func join(_ high: UInt64, _ low: UInt64) -> Double {
            Double((high >> 5) << 26 | low >> 6) / 9_007_199_254_740_992
        }
        #expect(
            x.doubles == [join(0x6627_e8d5, 0xe169_c58d), join(0xbc57_ac4c, 0x9b00_dbd8)])
    }

    @Test func normalPairsLieOnTheCircleOfTheirFirstNumber() throws {
        let normal = try draw(.normal, .float64, count: 2, seed: 0, step: 0, stream: 0).doubles
        let uniform = try draw(.uniform, .float64, count: 2, seed: 0, step: 0, stream: 0).doubles
        // e^(−r²/2) is u1, and the angle of the pair is 2π·u2: computed with another function.
        let log = try evaluate(.unary(.log), doubles(uniform[0] + 0x1p-53), as: Double.self)[0]
        let square = normal[0] * normal[0] + normal[1] * normal[1]
        #expect(close([square], [-2 * log]))
        let tangent = try evaluate(
            .unary(.sin), doubles(2 * .pi * uniform[1]), as: Double.self)[0]
        #expect(close([normal[1]], [square.squareRoot() * tangent]))
    }

    @Test(arguments: [DataType.float32, .float64], [RandomDistribution.uniform, .normal])
    func prefixesAgree(dtype: DataType, distribution: RandomDistribution) throws {
        let long = try draw(distribution, dtype, count: 37).doubles
        for count in [0, 1, 2, 3, 5, 36] {
            let short = try draw(distribution, dtype, count: count).doubles
            #expect(short == Array(long[..<count]))
        }
    }

    @Test(arguments: [DataType.float32, .float64])
    func momentsAreRight(dtype: DataType) throws {
        let uniform = try draw(.uniform, dtype, count: 20_000).doubles
        #expect(uniform.allSatisfy { (0..<1).contains($0) })
        let (mean, variance) = moments(uniform)
        #expect(abs(mean - 0.5) < 0.01 && abs(variance - 1 / 12) < 0.003)
        let (normalMean, normalVariance) = moments(try draw(.normal, dtype, count: 20_000).doubles)
        #expect(abs(normalMean) < 0.03 && abs(normalVariance - 1) < 0.05)
    }

    @Test func everyPartOfTheKeyMatters() throws {
        let base = try draw(.uniform, .float32, count: 8)
        #expect(base == (try draw(.uniform, .float32, count: 8)))
        #expect(base != (try draw(.uniform, .float32, count: 8, seed: 8)))
        #expect(base != (try draw(.uniform, .float32, count: 8, seed: 7 + 1 << 32)))
        #expect(base != (try draw(.uniform, .float32, count: 8, step: 4)))
        #expect(base != (try draw(.uniform, .float32, count: 8, step: 3 + 1 << 32)))
        #expect(base != (try draw(.uniform, .float32, count: 8, stream: 2)))
    }

    private func moments(_ x: [Double]) -> (mean: Double, variance: Double) {
        let mean = x.reduce(0, +) / Double(x.count)
        return (mean, x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count))
    }
}
