import Foundation

/// The digest that data sets are published with; it finds damage, not malice.
///
/// - Source: RFC 1321.
struct MD5: DigestCore {
    private var state: SIMD4<UInt32> = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]

    static let isBigEndian = false

    /// `⌊2^32 · |sin(k + 1)|⌋` for k from 0 to 63.
    private static let sines: [UInt32] = (1...64).map {
        UInt32((4_294_967_296 * abs(sin(Double($0)))).rounded(.down))
    }

    var bytes: [UInt8] {
        (0..<4).flatMap { index in withUnsafeBytes(of: state[index].littleEndian) { Array($0) } }
    }

    mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        Self.sines.withUnsafeBufferPointer { sines in
            for start in stride(from: 0, to: blocks.count, by: 64) {
                compressOne(blocks, start, sines)
            }
        }
    }

    @inline(__always) private mutating func compressOne(
        _ blocks: UnsafeRawBufferPointer, _ start: Int, _ sines: UnsafeBufferPointer<UInt32>
    ) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        func word(_ index: Int) -> UInt32 {
            UInt32(
                littleEndian: blocks.loadUnaligned(
                    fromByteOffset: start + 4 * index, as: UInt32.self))
        }
        func mix(_ chosen: UInt32, _ step: Int, _ index: Int, _ shift: UInt32) {
            let sum = a &+ chosen &+ sines[step] &+ word(index)
            let turned = sum &<< shift | sum &>> (32 &- shift)
            (a, d, c, b) = (d, c, b, b &+ turned)
        }
        for step in stride(from: 0, to: 16, by: 4) {
            mix(d ^ (b & (c ^ d)), step, step, 7)
            mix(d ^ (b & (c ^ d)), step + 1, step + 1, 12)
            mix(d ^ (b & (c ^ d)), step + 2, step + 2, 17)
            mix(d ^ (b & (c ^ d)), step + 3, step + 3, 22)
        }
        for step in stride(from: 16, to: 32, by: 4) {
            mix(c ^ (d & (b ^ c)), step, (5 * step + 1) & 15, 5)
            mix(c ^ (d & (b ^ c)), step + 1, (5 * step + 6) & 15, 9)
            mix(c ^ (d & (b ^ c)), step + 2, (5 * step + 11) & 15, 14)
            mix(c ^ (d & (b ^ c)), step + 3, (5 * step + 16) & 15, 20)
        }
        for step in stride(from: 32, to: 48, by: 4) {
            mix(b ^ c ^ d, step, (3 * step + 5) & 15, 4)
            mix(b ^ c ^ d, step + 1, (3 * step + 8) & 15, 11)
            mix(b ^ c ^ d, step + 2, (3 * step + 11) & 15, 16)
            mix(b ^ c ^ d, step + 3, (3 * step + 14) & 15, 23)
        }
        for step in stride(from: 48, to: 64, by: 4) {
            mix(c ^ (b | ~d), step, (7 * step) & 15, 6)
            mix(c ^ (b | ~d), step + 1, (7 * step + 7) & 15, 10)
            mix(c ^ (b | ~d), step + 2, (7 * step + 14) & 15, 15)
            mix(c ^ (b | ~d), step + 3, (7 * step + 21) & 15, 21)
        }
        state = state &+ SIMD4(a, b, c, d)
    }
}
