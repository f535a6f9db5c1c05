import CKernels
import Foundation
import MartletData
import Testing

@Suite struct AugmentationRandomTests {
    private static let everything = Augmentation(
        .flipHorizontally(), .rotate(degrees: -15...15), .shift(x: -2...2, y: -2...2),
        .scale(0.8...1.2), .shear(x: -10...10), .elastic(alpha: 20, sigma: 3),
        .crop(padding: 2, border: .mirror), .brightness(0.7...1.3), .contrast(0.7...1.3),
        .saturation(0.5...1.5), .noise(standardDeviation: 2...8), .invert(), .erase(),
        .cutout(size: 4), border: .mirror)

    private func picture(_ sample: Int, _ scratch: inout AugmentationScratch) -> [UInt8] {
        var pixels = ramp(3 * 13 * 17)
        pixels.withUnsafeMutableBufferPointer {
            Self.everything.apply(
                to: $0, shape: [3, 13, 17], key: SampleKey(seed: 9, epoch: 1, sample: sample),
                scratch: &scratch)
        }
        return pixels
    }

    @Test func picturesDependOnTheKeyAlone() async {
        var scratch = AugmentationScratch()
        let forward = (0..<40).map { picture($0, &scratch) }
        let backward = (0..<40).reversed().map { picture($0, &scratch) }
        #expect(forward == backward.reversed())
        let parallel = await withTaskGroup(of: (Int, [UInt8]).self) { group in
            for sample in 0..<40 {
                group.addTask {
                    var scratch = AugmentationScratch()
                    return (sample, picture(sample, &scratch))
                }
            }
            return await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
        }
        #expect((0..<40).map { parallel[$0] ?? [] } == forward)
        #expect(Set(forward).count == 40)
        for (seed, epoch) in [(8, 1), (9, 2)] {
            let other = Self.everything.applied(
                to: ramp(3 * 13 * 17), shape: [3, 13, 17],
                key: SampleKey(seed: UInt64(seed), epoch: epoch, sample: 0))
            #expect(other != forward[0])
        }
    }

    @Test(arguments: ["avx512", "avx2", "baseline"])
    func everyInstructionSetGivesTheSameBytes(name: String) {
        var scratch = AugmentationScratch()
        let best = (0..<20).map { picture($0, &scratch) }
        guard ck_use_instruction_set(name) else { return }
        defer { _ = ck_use_instruction_set(nil) }
        #expect((0..<20).map { picture($0, &scratch) } == best)
    }

    @Test func aStepKeepsItsNumbersWhenLaterOnesAreAdded() {
        let key = SampleKey(seed: 4, epoch: 0, sample: 0)
        let crop = Augmentation(.crop(padding: 3))
        let first = crop.applied(to: ramp(64), shape: [1, 8, 8], key: key)
        let both = crop.adding(.invert(probability: 1))
            .applied(to: ramp(64), shape: [1, 8, 8], key: key)
        #expect(both == first.map { 255 - $0 })
    }

    @Test func flipsHappenWithTheirProbability() {
        let flip = Augmentation(.flipHorizontally(probability: 0.3))
        let count = (0..<4000).filter { sample in
            flip.applied(
                to: [0, 1], shape: [1, 1, 2], key: SampleKey(seed: 3, epoch: 0, sample: sample))
                == [1, 0]
        }.count
        // Six standard deviations of the binomial distribution.
        #expect(abs(Double(count) - 1200) < 6 * (4000 * 0.3 * 0.7).squareRoot())
    }

    @Test func noiseIsNormal() {
        let size = 40_000
        let noisy = Augmentation(.noise(standardDeviation: 20...20)).applied(
            to: [UInt8](repeating: 128, count: size), shape: [1, 200, 200],
            key: SampleKey(seed: 1, epoch: 0, sample: 0))
        let values = noisy.map { (Double($0) - 128) / 20 }
        let mean = values.reduce(0, +) / Double(size)
        let variance = values.reduce(0) { $0 + $1 * $1 } / Double(size)
        let fourth = values.reduce(0) { $0 + pow($1, 4) } / Double(size)
        #expect(abs(mean) < 0.03)
        #expect(abs(variance - 1) < 0.04)
        #expect(abs(fourth - 3) < 0.2)
        let beyond = values.filter { abs($0) > 2 }.count
        #expect(abs(Double(beyond) / Double(size) - 0.0455) < 0.006)
    }

    @Test func erasedRectanglesHaveTheAreaAskedFor() {
        let steps = Augmentation(
            .erase(probability: 1, area: 0.1...0.2, aspect: 0.5...2, fill: .constant(0)))
        for sample in 0..<200 {
            let pixels = steps.applied(
                to: [UInt8](repeating: 9, count: 1024), shape: [1, 32, 32],
                key: SampleKey(seed: 2, epoch: 0, sample: sample))
            let erased = pixels.indices.filter { pixels[$0] == 0 }
            let (rows, columns) = (Set(erased.map { $0 / 32 }), Set(erased.map { $0 % 32 }))
            #expect(erased.count == rows.count * columns.count)
            // Sides are rounded, so by half a pixel each.
            let slack = Double(rows.count + columns.count) / 2 + 0.25
            #expect(Double(erased.count) >= 102.4 - slack)
            #expect(Double(erased.count) <= 204.8 + slack)
        }
    }

    @Test func cutoutIsASquareCutOffAtTheEdges() {
        var counts: Set<Int> = []
        for sample in 0..<300 {
            let pixels = Augmentation(.cutout(size: 4)).applied(
                to: [UInt8](repeating: 9, count: 64), shape: [1, 8, 8],
                key: SampleKey(seed: 2, epoch: 0, sample: sample))
            counts.insert(pixels.filter { $0 == 0 }.count)
        }
        #expect(counts == [4, 6, 8, 9, 12, 16])
    }

    @Test func elasticFieldsAreSmoothAndVanishForNoAmplitude() {
        let key = SampleKey(seed: 1, epoch: 0, sample: 0)
        let picture = (0..<784).map { UInt8(min(255, $0 % 28 * 9)) }
        func distorted(_ alpha: Double) -> [UInt8] {
            Augmentation(.elastic(alpha: alpha, sigma: 4), border: .edge)
                .applied(to: picture, shape: [1, 28, 28], key: key)
        }
        #expect(distorted(0) == picture)
        let bent = distorted(34)
        #expect(bent != picture)
        // The ramp rises by 9 a column; a smooth field keeps neighbours close.
        for index in picture.indices where index % 28 != 27 {
            #expect(abs(Int(bent[index + 1]) - Int(bent[index])) <= 27)
        }
    }

    @Test func stepsSurviveJSONAndBadOnesAreRefused() throws {
        let data = try JSONEncoder().encode(Self.everything)
        #expect(try JSONDecoder().decode(Augmentation.self, from: data) == Self.everything)
        let bad = #"{"steps":[{"elastic":{"alpha":1,"sigma":0}}],"border":{"edge":{}}}"#
        #expect {
            try JSONDecoder().decode(Augmentation.self, from: Data(bad.utf8))
        } throws: { error in
            guard case DecodingError.dataCorrupted(let context) = error else { return false }
            return context.debugDescription
                == "step 0: elastic: sigma must lie in 0.1...100.0, got 0.0"
        }
    }
}
