/// A checksum of bytes in which every change of up to eight neighbouring bytes shows.
///
/// - Source: the FNV-1a hash of Fowler, Noll and Vo, over words of eight bytes, with each word's bits
///   mixed by a multiplication that can be undone.
struct Checksum {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Adds bytes, then their number.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var rest: UInt64 = 0
        for index in position..<bytes.count { rest = rest << 8 | UInt64(bytes[index]) }
        add(rest)
        add(UInt64(bytes.count))
    }

    /// Adds the bytes of a text.
    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    private mutating func add(_ word: UInt64) {
        // Each step can be undone, so different words always lead to different states.
        state = (state ^ word) &* 0x0000_0100_0000_01B3
        state ^= state >> 29
    }

    /// The sum as 16 hexadecimal digits.
    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
