import Foundation
import MartletData
import Testing

@Suite struct MixingTests {
    private let shape = [2, 8, 6]

    private func plan(_ mixing: Mixing, _ batch: Int) -> BatchMixing {
        mixing.plan(seed: 1, epoch: 0, batch: batch, count: 5, shape: shape)
    }

    private func written(_ plan: BatchMixing, _ pictures: [UInt8], _ scaling: Scaling?) -> [Float] {
        var result = [Float](repeating: -1, count: pictures.count)
        pictures.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { plan.write(source, to: $0, scaling: scaling) }
        }
        return result
    }

    @Test func mixupAddsPicturesByTheirShares() {
        let pictures = ramp(5 * 96)
        let plan = plan(Mixing(mixup: 1), 0)
        #expect(plan.isMixed && plan.box == nil && plan.partners.sorted() == [0, 1, 2, 3, 4])
        let values = written(plan, pictures, nil)
        for index in pictures.indices {
            let partner = plan.partners[index / 96] * 96 + index % 96
            let expected =
                Double(pictures[index]) * plan.lambda + Double(pictures[partner])
                * (1 - plan.lambda)
            #expect(abs(Double(values[index]) - expected) < 1e-4)
        }
        let scaled = written(plan, pictures, .unit())
        #expect(zip(scaled, values).allSatisfy { abs($0 - $1 / 255) < 1e-6 })
    }

    @Test func cutmixPutsTheBoxOfThePartnerIn() {
        let pictures = ramp(5 * 96)
        var areas: Set<Int> = []
        for batch in 0..<50 {
            let plan = plan(Mixing(cutmix: 1), batch)
            guard let box = plan.box else {
                Issue.record("cutmix needs a box")
                continue
            }
            areas.insert(box.area)
            #expect(box.columns.upperBound <= 6 && box.rows.upperBound <= 8)
            #expect(abs(Double(box.area) / 48 - (1 - plan.lambda)) < 1e-12)
            let values = written(plan, pictures, nil)
            for index in pictures.indices {
                let (x, y) = (index % 6, index / 6 % 8)
                let inside = box.columns.contains(x) && box.rows.contains(y)
                let source = inside ? plan.partners[index / 96] * 96 + index % 96 : index
                #expect(values[index] == Float(pictures[source]))
            }
        }
        #expect(areas.count > 8)
    }

    @Test(arguments: [0, 0.1, 1]) func labelsAddUpToOne(smoothing: Double) {
        let labels: [Int32] = [0, 1, 2, 1, 0]
        let plan = plan(Mixing(mixup: 0.4), 3)
        var rows = [Float](repeating: -1, count: 15)
        rows.withUnsafeMutableBufferPointer {
            plan.writeLabels(labels, classCount: 3, to: $0, smoothing: smoothing)
        }
        for index in 0..<5 {
            let row = rows[3 * index..<3 * index + 3]
            #expect(abs(row.reduce(0, +) - 1) < 1e-6)
            for label in 0..<3 {
                var share = smoothing / 3
                if labels[index] == label { share += plan.lambda * (1 - smoothing) }
                if labels[plan.partners[index]] == label {
                    share += (1 - plan.lambda) * (1 - smoothing)
                }
                #expect(abs(Double(row[3 * index + label]) - share) < 1e-6)
            }
        }
    }

    @Test func plansDependOnTheirNumbersAlone() {
        let mixing = Mixing(mixup: 0.2, cutmix: 1, probability: 0.8)
        #expect(plan(mixing, 4) == plan(mixing, 4))
        let plans = (0..<200).map { plan(mixing, $0) }
        let cuts = plans.filter { $0.box != nil }.count
        let none = plans.filter { $0 == .none(count: 5, shape: shape) }.count
        #expect((55...105).contains(cuts))
        #expect((20...65).contains(none))
        #expect(
            mixing.plan(seed: 2, epoch: 0, batch: 0, count: 5, shape: shape)
                != mixing.plan(seed: 2, epoch: 1, batch: 0, count: 5, shape: shape))
        #expect(plan(Mixing(), 0) == .none(count: 5, shape: shape))
    }

    @Test(arguments: [0.05, 0.2, 1, 5]) func sharesFollowTheBetaDistribution(alpha: Double) {
        let mixing = Mixing(mixup: alpha)
        let count = 4000
        let shares = (0..<count).map {
            mixing.plan(seed: 7, epoch: 0, batch: $0, count: 1, shape: [1, 1, 1]).lambda
        }
        let mean = shares.reduce(0, +) / Double(count)
        let variance = shares.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(count)
        let expected = 1 / (4 * (2 * alpha + 1))
        #expect(shares.allSatisfy { (0...1).contains($0) })
        #expect(abs(mean - 0.5) < 5 * (expected / Double(count)).squareRoot())
        #expect(abs(variance / expected - 1) < 0.08)
    }

    @Test func settingsSurviveJSONAndBadOnesAreRefused() throws {
        let mixing = Mixing(mixup: 0.2, probability: 0.5)
        let data = try JSONEncoder().encode(mixing)
        #expect(try JSONDecoder().decode(Mixing.self, from: data) == mixing)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                Mixing.self, from: Data(#"{"cutmix":-1,"probability":1}"#.utf8))
        }
    }
}
