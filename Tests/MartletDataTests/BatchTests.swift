import MartletData
import Testing

@Suite struct BatchTests {
    private let data = Dataset(
        name: "three", images: [0, 16, 4, 8, 12, 2], imageShape: [1, 1, 2], brightest: 16,
        labels: [1, 0, 1], classNames: ["a", "b"])

    @Test func pixelsAreScaledAndKeepTheOrderOfTheIndices() throws {
        let pixels = try data.pixels([2, 0])
        #expect(pixels == [0.75, 0.125, 0, 1])
        #expect(data.labels([2, 1]) == [1, 0])
        let (second, same) = (try data.subset(1..<3).pixels([0]), try data.pixels([1]))
        #expect(second == same)
    }

    @Test(arguments: [0, 1, 2, 1437]) func anOrderHoldsEveryNumberOnce(count: Int) {
        let order = Shuffle.order(count, seed: 7, epoch: 1)
        #expect(order.sorted() == Array(0..<count))
        #expect(order == Shuffle.order(count, seed: 7, epoch: 1))
    }

    @Test func ordersDependOnSeedAndEpoch() throws {
        let order = Shuffle.order(100, seed: 7, epoch: 1)
        #expect(order != Array(0..<100))
        #expect(order != Shuffle.order(100, seed: 7, epoch: 2))
        #expect(order != Shuffle.order(100, seed: 8, epoch: 1))
    }

    /// The first numbers of SplitMix64 from state 1234567, from its authors' C program.
    @Test func splitMixGivesThePublishedNumbers() throws {
        var generator = SplitMix(state: 1_234_567)
        #expect(
            [generator.next(), generator.next(), generator.next()] == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }
}
