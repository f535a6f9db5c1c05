/// Philox 4×32 with ten rounds: random numbers as a pure function of key and counter.
///
/// - Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public enum Philox {
    /// The four words for `counter` under `key`.
    public static func words(
        counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        var (c0, c1, c2, c3) = counter
        var (k0, k1) = key
        for _ in 0..<10 {
            let p0 = UInt64(0xD251_1F53) * UInt64(c0)
            let p1 = UInt64(0xCD9E_8D57) * UInt64(c2)
            (c0, c1, c2, c3) = (
                UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
                UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
            )
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (c0, c1, c2, c3)
    }

    /// The four words that `random` uses for elements `4·block ..< 4·block + 4`.
    ///
    /// The key is the seed; the counter is (block, stream, step low, step high).
    public static func words(
        seed: Int64, step: Int64, stream: Int, block: Int
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        let (seed, step) = (UInt64(bitPattern: seed), UInt64(bitPattern: step))
        return words(
            counter: (
                UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: stream),
                UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32)
            ),
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    }
}
