import CKernels
import Testing

/// The convolution kernels against sums written out.
@Suite struct KernelConvolutionTests {
    /// Images, channels, filters, height, width, kernel height and width, padding above and on the
    /// left, below and on the right.
    static let shapes: [[Int]] = [
        [3, 1, 32, 9, 8, 3, 3], [2, 3, 6, 9, 10, 5, 5], [5, 10, 20, 7, 7, 5, 5],
        [2, 5, 37, 8, 9, 3, 3], [1, 2, 70, 6, 6, 2, 3], [9, 1, 1, 4, 4, 1, 1],
        [2, 16, 50, 6, 5, 5, 4], [2, 40, 10, 5, 7, 1, 1],
    ].map { $0 + [0, 0, 0, 0] }
    /// The same, for Winograd's method: even and odd sizes, one and two vectors a panel, one block of
    /// tiles and several, few weights and many.
    static let winogradShapes: [[Int]] = [
        [2, 16, 32, 7, 8, 3, 3, 0, 0, 0, 0], [3, 32, 16, 6, 6, 3, 3, 1, 1, 1, 1],
        [1, 48, 16, 5, 9, 3, 3, 1, 0, 0, 1], [5, 16, 16, 14, 13, 3, 3, 1, 1, 1, 1],
        [2, 64, 128, 4, 5, 3, 3, 2, 2, 2, 2], [4, 96, 64, 9, 11, 3, 3, 1, 1, 1, 1],
    ]

    /// Memory with numbers that are easy to add, and a mark behind them that nobody may touch.
    private final class Numbers {
        static let mark: Float = 12345
        let memory: UnsafeMutablePointer<Float>
        let count: Int

        init(_ count: Int, seed: Int = 0) {
            self.count = count
            memory = .allocate(capacity: count + 16)
            for i in 0..<count { memory[i] = seed == 0 ? .nan : Float((i * seed + 3) % 17) - 8 }
            for i in count..<count + 16 { memory[i] = Self.mark }
        }

        deinit { memory.deallocate() }

        var isMarked: Bool { (count..<count + 16).allSatisfy { memory[$0] == Self.mark } }
        var array: [Float] { (0..<count).map { memory[$0] } }
    }

    @Test(arguments: shapes) func agreesWithSums(_ s: [Int]) { compare(s, CK_DIRECT) }

    @Test(arguments: winogradShapes) func winogradAgreesWithSums(_ s: [Int]) {
        compare(s, CK_WINOGRAD)
    }

    private func compare(_ s: [Int], _ method: some BinaryInteger) {
        let (n, c, f, h, w, kh, kw) = (s[0], s[1], s[2], s[3], s[4], s[5], s[6])
        let (oh, ow) = (h - kh + 1 + s[7] + s[9], w - kw + 1 + s[8] + s[10])
        var shape = ck_convolution(
            images: Int64(n), in_channels: Int64(c), out_channels: Int64(f),
            size: (Int64(h), Int64(w)), output_size: (Int64(oh), Int64(ow)),
            kernel: (Int64(kh), Int64(kw)), padding: (Int64(s[7]), Int64(s[8])),
            method: Int64(method), rooms: 1)
        let x = Numbers(n * h * w * c, seed: 5), weights = Numbers(kh * kw * c * f, seed: 7)
        let bias = Numbers(f, seed: 3), dy = Numbers(n * oh * ow * f, seed: 11)
        var y = [Float](repeating: 0, count: dy.count), dx = [Float](repeating: 0, count: x.count)
        var dw = [Float](repeating: 0, count: weights.count)
        var db = [Float](repeating: 0, count: f)
        for image in 0..<n {
            for i in 0..<oh {
                for j in 0..<ow {
                    for k in 0..<f {
                        let place = ((image * oh + i) * ow + j) * f + k
                        var sum = bias.memory[k]
                        let g = dy.memory[place]
                        db[k] += g
                        for p in 0..<kh * kw * c {
                            let (u, v, d) = (p / (kw * c), p / c % kw, p % c)
                            let (row, column) = (i + u - s[7], j + v - s[8])
                            guard row >= 0, row < h, column >= 0, column < w else { continue }
                            let from = ((image * h + row) * w + column) * c + d
                            sum += x.memory[from] * weights.memory[p * f + k]
                            dx[from] += g * weights.memory[p * f + k]
                            dw[p * f + k] += g * x.memory[from]
                        }
                        y[place] = sum
                    }
                }
            }
        }
        // Whole numbers: every order of adding gives the same.
        withEveryInstructionSet { set in
            guard method == CK_DIRECT || ck_winograd_fits(&shape) else { return }
            let results = (Numbers(y.count), Numbers(x.count), Numbers(dw.count), Numbers(f))
            let scratch = Numbers(
                Int(
                    max(
                        ck_convolution_scratch(&shape), ck_convolution_input_scratch(&shape),
                        ck_convolution_weight_scratch(&shape))) / 4)
            ck_convolve(
                &shape, x.memory, weights.memory, bias.memory, results.0.memory, scratch.memory)
            #expect(results.0.array == y, "\(set) \(s) forward")
            ck_convolve_input_gradient(
                &shape, dy.memory, weights.memory, results.1.memory, scratch.memory)
            #expect(results.1.array == dx, "\(set) \(s) by the images")
            ck_convolve_weight_gradient(
                &shape, x.memory, dy.memory, results.2.memory, results.3.memory, scratch.memory)
            #expect(results.2.array == dw, "\(set) \(s) by the weights")
            #expect(results.3.array == db, "\(set) \(s) by the bias")
            for numbers in [results.0, results.1, results.2, results.3, scratch] {
                #expect(numbers.isMarked, "\(set) \(s) wrote too far")
            }
        }
    }
}
