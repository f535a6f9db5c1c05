/// 128 bits that equal pixels have in common, and that different ones share only by rare chance.
///
/// Two lanes of multiply-and-fold over eight bytes a step. Against chance, not against intent.
struct PixelHash: Hashable, Sendable {
    private var one: UInt64 = 0x243F_6A88_85A3_08D3
    private var other: UInt64 = 0x1319_8A2E_0370_7344

    /// Takes a number.
    mutating func add(_ word: UInt64) {
        // The constants are digits of π; any odd numbers without a pattern would do.
        let first = (one ^ word).multipliedFullWidth(by: 0xA409_3822_299F_31D1)
        let second = (other &+ word).multipliedFullWidth(by: 0x082E_FA98_EC4E_6C89)
        one = first.high ^ first.low ^ other
        other = second.high ^ second.low &+ 0x4528_21E6_38D0_1377
    }

    /// Takes bytes and their number.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        add(UInt64(bytes.count))
        var position = 0
        while position + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var rest: UInt64 = 0
        while position < bytes.count {
            rest = rest << 8 | UInt64(bytes[position])
            position += 1
        }
        add(rest)
    }
}

/// What a check wants to know of one picture.
package struct PictureFacts: Sendable {
    /// Equal for equal pixels.
    var hash: PixelHash
    /// Width and height in the file; `nil` when all pictures have the size of the set.
    var size: (width: Int, height: Int)?
    /// True when all samples are equal.
    var isConstant: Bool
}
