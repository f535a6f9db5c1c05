import Foundation
import MartletData
import Testing

@Suite struct ScalingTests {
    private let all = (0...255).map { UInt8($0) }

    @Test(arguments: [255, 16, 1, 3, 254] as [UInt8])
    func unitIsTheRoundedQuotient(brightest: UInt8) {
        let values = Scaling.unit(brightest: brightest).floats(all, shape: [1, 16, 16])
        #expect(values == all.map { Float($0) / Float(brightest) })
    }

    @Test func symmetricGoesThereAndBack() {
        let scaling = Scaling.symmetric()
        let values = scaling.floats(all, shape: [1, 16, 16])
        #expect(values.first == -1 && values.last == 1)
        #expect(abs(values[128] - (128 / 127.5 - 1)) < 1e-7)
        #expect(scaling.bytes(values, shape: [1, 16, 16]) == all)
        #expect(scaling.bytes([-2, 2, .nan, 0], shape: [1, 2, 2]) == [0, 255, 0, 128])
    }

    @Test func standardWorksChannelByChannel() {
        let scaling = Scaling.standard(
            mean: [0.5, 0.25, 0], standardDeviation: [0.5, 0.25, 1])
        // Two pictures of three channels and two pixels.
        let values = scaling.floats(
            [0, 255, 0, 255, 0, 255, 255, 0, 51, 0, 51, 0], shape: [3, 1, 2])
        let expected: [Float] = [-1, 1, -1, 3, 0, 1, 1, -1, -0.2, -1, 0.2, 0]
        #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(
            scaling.bytes(values, shape: [3, 1, 2]) == [
                0, 255, 0, 255, 0, 255, 255, 0, 51, 0, 51, 0,
            ])
    }

    @Test func sumsAreExactInAnyOrder() {
        var sums = PixelSums(channels: 2)
        let pictures: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        sums.add(pictures, shape: [2, 1, 2])
        #expect(sums.count == 4)
        #expect(sums.sums == [14, 22])
        #expect(sums.squares == [66, 138])
        #expect(sums.means == [3.5, 5.5])
        #expect(sums.standardDeviations.map { $0 * $0 }.allSatisfy { abs($0 - 4.25) < 1e-12 })
        var parts = PixelSums(channels: 2)
        parts.add(Array(pictures[4...]), shape: [2, 1, 2])
        var first = PixelSums(channels: 2)
        first.add(Array(pictures[..<4]), shape: [2, 1, 2])
        parts.add(first)
        #expect(parts == sums)
        var large = PixelSums(channels: 1)
        large.add([UInt8](repeating: 255, count: 100_000), shape: [1, 100, 1000])
        #expect(large.sums == [25_500_000] && large.standardDeviations == [0])
    }

    @Test func measuredScalingHasMeanZeroAndVarianceOne() {
        var sums = PixelSums(channels: 1)
        sums.add(all, shape: [1, 16, 16])
        let values = Scaling.measured(sums).floats(all, shape: [1, 16, 16]).map { Double($0) }
        #expect(abs(values.reduce(0, +)) < 1e-4)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 256 - 1) < 1e-6)
    }

    @Test func descriptionsSayTheRule() {
        #expect(Scaling.unit().description == "pixel / 255")
        #expect(Scaling.unit(brightest: 16).description == "pixel / 16")
        #expect(Scaling.symmetric().description == "pixel / 127.5 - 1")
        #expect(Scaling.bytes.description == "pixel")
        #expect(
            Scaling.standard(mean: [0.1307], standardDeviation: [0.3081]).description
                == "(pixel / 255 - 0.1307) / 0.3081")
        #expect(
            Scaling.standard(
                mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.247, 0.2435, 0.2616]
            ).description
                == "(pixel / 255 - [0.4914, 0.4822, 0.4465]) / [0.247, 0.2435, 0.2616]")
    }

    @Test func scalingsSurviveJSON() throws {
        let scaling = Scaling.standard(mean: [0.1307], standardDeviation: [0.3081])
        let data = try JSONEncoder().encode(scaling)
        #expect(try JSONDecoder().decode(Scaling.self, from: data) == scaling)
        for text in [#"{"scale":[],"shift":[]}"#, #"{"scale":[0],"shift":[1]}"#] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(Scaling.self, from: Data(text.utf8))
            }
        }
    }

    @Test func oneHotRowsAddUpToOne() {
        #expect(OneHot.rows([2, 0], classCount: 3) == [0, 0, 1, 1, 0, 0])
        let smooth = OneHot.rows([1], classCount: 4, smoothing: 0.1)
        #expect(smooth.map { ($0 * 1000).rounded() } == [25, 925, 25, 25])
        #expect(OneHot.rows([], classCount: 3).isEmpty)
    }
}
