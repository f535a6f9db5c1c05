import Foundation

/// What the random choices for one picture depend on, besides the step that makes them.
///
/// Equal keys give equal pictures, whatever was drawn before, on whichever thread, in whichever
/// batch.
public struct SampleKey: Hashable, Sendable {
    /// The seed of the whole training.
    public var seed: UInt64
    /// The number of the pass over the data.
    public var epoch: Int
    /// The number of the picture in its data set, not in its batch.
    public var sample: Int

    /// Collects the three numbers.
    public init(seed: UInt64, epoch: Int, sample: Int) {
        (self.seed, self.epoch, self.sample) = (seed, epoch, sample)
    }
}

/// Random numbers of one step for one picture, or of one batch.
///
/// Number `n` is SplitMix64's mixing function of a state and `n`, so a stream holds a counter and
/// nothing else.
struct RandomStream {
    private var generator: SplitMix

    /// The numbers of step `step` for a picture.
    init(_ key: SampleKey, step: Int) {
        self.init(seed: key.seed, words: (key.epoch, key.sample, step))
    }

    /// The numbers that a seed and three further numbers stand for.
    init(seed: UInt64, words: (Int, Int, Int)) {
        var state = Self.mixed(seed) ^ UInt64(truncatingIfNeeded: words.0)
        state = Self.mixed(state) ^ UInt64(truncatingIfNeeded: words.1)
        state = Self.mixed(state) ^ UInt64(truncatingIfNeeded: words.2)
        generator = SplitMix(state: Self.mixed(state))
    }

    private static func mixed(_ state: UInt64) -> UInt64 {
        var generator = SplitMix(state: state)
        return generator.next()
    }

    /// 64 random bits.
    mutating func next() -> UInt64 { generator.next() }

    /// A number in 0 ..< 1, with 53 bits.
    mutating func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    /// A number that is uniform in the range.
    mutating func number(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * unit()
    }

    /// A number whose logarithm is uniform in the range of positive numbers.
    mutating func ratio(in range: ClosedRange<Double>) -> Double {
        exp(number(in: log(range.lowerBound)...log(range.upperBound)))
    }

    /// A whole number in `0 ..< count`; its bias is below count / 2⁶⁴.
    mutating func whole(below count: Int) -> Int {
        Int(generator.next().multipliedFullWidth(by: UInt64(max(1, count))).high)
    }

    /// True with the given probability; never for 0, always for 1.
    mutating func happens(_ probability: Double) -> Bool { unit() < probability }
}
