import CKernels
import Foundation
import Testing

/// Products of small matrices against sums written out.
@Suite struct KernelProductTests {
    /// Rows, inner, columns: single ones, whole vectors, rests, more rows than a tile has.
    static let shapes: [[Int]] = [
        [1, 1, 8], [1, 40, 12], [15, 64, 64], [15, 64, 10], [7, 5, 33], [3, 1, 17], [2, 3, 16],
        [20, 9, 50], [64, 10, 5],
    ]

    /// Numbers that add without rounding, and a mark behind them that nobody may touch.
    private static func numbers(_ count: Int, seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * seed + 3) % 17) - 8 } + [mark]
    }
    private static let mark: Float = 12345

    private static func product(
        _ rows: Int, _ inner: Int, _ columns: Int, _ a: (Int, Int) -> Float,
        _ b: (Int, Int) -> Float, _ bias: (Int) -> Float
    ) -> [Float] {
        var y: [Float] = []
        for row in 0..<rows {
            for column in 0..<columns {
                y.append((0..<inner).reduce(bias(column)) { $0 + a(row, $1) * b($1, column) })
            }
        }
        return y + [mark]
    }

    @Test(arguments: shapes) func agreesWithSums(_ s: [Int]) {
        let (rows, inner, columns) = (s[0], s[1], s[2])
        let (m, k, n) = (Int64(rows), Int64(inner), Int64(columns))
        let a = Self.numbers(rows * inner, seed: 5), b = Self.numbers(inner * columns, seed: 7)
        let bias = Self.numbers(columns, seed: 3)
        let plain = Self.product(
            rows, inner, columns, { a[$0 * inner + $1] }, { b[$0 * columns + $1] }, { _ in 0 })
        let biased = Self.product(
            rows, inner, columns, { a[$0 * inner + $1] }, { b[$0 * columns + $1] }, { bias[$0] })
        let leftTransposed = Self.product(
            rows, inner, columns, { a[$1 * rows + $0] }, { b[$0 * columns + $1] }, { _ in 0 })
        let rightTransposed = Self.product(
            rows, inner, columns, { a[$0 * inner + $1] }, { b[$1 * inner + $0] }, { _ in 0 })
        withEveryInstructionSet { set in
            guard ck_small_product_fits(n) else { return }
            func result(_ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
                var y = [Float](repeating: .nan, count: rows * columns) + [Self.mark]
                y.withUnsafeMutableBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
                return y
            }
            let found = result { ck_small_product(m, k, n, a, b, nil, $0) }
            #expect(found == plain, "\(set)")
            let withBias = result { ck_small_product(m, k, n, a, b, bias, $0) }
            #expect(withBias == biased, "\(set)")
            let ofLeft = result { ck_small_product_transposed(m, k, n, a, b, $0) }
            #expect(ofLeft == leftTransposed, "\(set)")
            var room = [Float](repeating: .nan, count: inner * columns)
            let ofRight = result { ck_small_product_by_transposed(m, k, n, a, b, $0, &room) }
            #expect(ofRight == rightTransposed, "\(set)")
        }
    }

    @Test func someColumnsFitEverySet() {
        withEveryInstructionSet { set in
            #expect(ck_small_product_fits(64) && !ck_small_product_fits(1), "\(set)")
        }
    }

    /// The quotients of all bytes, for which the kernels multiply.
    @Test(arguments: [255, 127.5, 256, 3, 0.1] as [Float]) func bytesDivideExactly(
        by divisor: Float
    ) {
        withEveryInstructionSet { set in
            #expect(ck_divides_bytes(divisor), "\(set)")
            let bytes = KernelArray(.u8, (0..<256).map(Double.init))
            let y = KernelArray(.f32, count: 256)
            KernelProgram(
                registerClass: .f32, dims: [256], inputs: [.contiguous(bytes, [256])],
                constants: [Double(divisor)],
                instructions: [instruction(CK_DIVIDE_BYTE, 2, 0, 1)],
                outputs: [.contiguous(y, [256])], outputRegisters: [2]
            ).run()
            #expect(y.values == (0..<256).map { Double(Float($0) / divisor) }, "\(set)")
        }
    }

    @Test func bytesAreNotDividedByNothing() {
        #expect(!ck_divides_bytes(0) && !ck_divides_bytes(.nan) && !ck_divides_bytes(1e38))
    }
}
