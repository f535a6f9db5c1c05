/// Orders in which examples are taken; the same on every machine.
public enum Shuffle {
    /// The numbers `0 ..< count` in an order that depends on `seed` and `epoch` alone.
    ///
    /// - Source: Fisher & Yates' shuffle, with numbers from SplitMix64 (Steele, Lea, Flood, "Fast
    ///   splittable pseudorandom number generators", 2014).
    public static func order(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
        var generator = SplitMix(state: seed)
        generator = SplitMix(state: generator.next() ^ UInt64(truncatingIfNeeded: epoch))
        var order = Array(0..<max(0, count))
        for index in stride(from: order.count - 1, to: 0, by: -1) {
            // The high half of a 128-bit product; its bias is below count / 2⁶⁴.
            let other = Int(generator.next().multipliedFullWidth(by: UInt64(index + 1)).high)
            order.swapAt(index, other)
        }
        return order
    }
}

/// A small generator whose numbers are the same everywhere.
public struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts from any number.
    public init(state: UInt64) { self.state = state }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
