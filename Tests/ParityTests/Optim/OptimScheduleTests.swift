import Foundation
import Martlet
import MartletTestSupport
import Testing

@Suite("Learning rate schedules against other frameworks")
struct OptimScheduleTests {
    private let folder = FixtureFolder(bundled: bundledFixtures)

    @Test("Every schedule has the rates of PyTorch and Keras")
    func everySchedule() throws {
        for (file, count) in [("schedules", 16), ("schedules_keras", 7)] {
            var report = ParityReport("\(file) fixtures:", engine: "the host")
            let description = try FixtureValue(contentsOf: folder.file("optim", "\(file).json"))
            let cases = description["schedules"]?.array ?? []
            #expect(cases.count >= count)
            for fixture in cases {
                report.check("\(file) \(fixture["name"]?.text ?? "?")") { comparisons in
                    comparisons += try compare(fixture, isTorch: file == "schedules")
                }
            }
            report.finish()
        }
    }

    private func compare(
        _ fixture: FixtureValue, isTorch: Bool
    ) throws -> [FixtureComparison] {
        let known: Set = [
            "name", "scheduler", "baseLR", "hyper", "lr", "momentum", "metrics", "lrAfterLast",
            "rtol", "atol",
        ]
        guard let members = fixture.members, let name = fixture["scheduler"]?.text,
            let hyper = fixture["hyper"]?.members, let rates = fixture["lr"]?.numbers,
            let rtol = fixture["rtol"]?.number, let atol = fixture["atol"]?.number,
            known.isSuperset(of: members.keys)
        else { throw FixtureError("schedule", "has other members than the test knows") }
        let settings = FixtureSettings(hyper, of: name)
        let tolerance = FixtureTolerance(rtol: rtol, atol: atol)
        func row(_ numbers: [Double]) -> HostTensor {
            HostTensor(numbers, shape: [numbers.count])
        }
        func compared(_ name: String, _ got: [Double], _ expected: [Double]) -> FixtureComparison {
            FixtureComparison(row(got), row(expected), tolerance).named(name)
        }
        let base = fixture["baseLR"]?.number ?? .nan
        if let metrics = fixture["metrics"]?.numbers {
            return [
                compared(
                    "lr", try plateau(base, metrics, settings),
                    rates + [fixture["lrAfterLast"]?.number ?? .nan])
            ]
        }
        let schedule =
            isTorch
            ? try torchSchedule(name, base: base, settings) : try kerasSchedule(name, settings)
        var results = [compared("lr", rates.indices.map(schedule.rate), rates)]
        if let momentums = fixture["momentum"]?.numbers {
            let got = momentums.indices.map { schedule.momentum(at: $0) ?? .nan }
            results.append(compared("momentum", got, momentums))
        }
        return results
    }

    /// The rates of every step and after the last; the schedule is saved and read between steps.
    private func plateau(
        _ base: Double, _ metrics: [Double], _ settings: FixtureSettings
    ) throws -> [Double] {
        var schedule = try plateauSchedule(base: base, settings)
        var rates = [schedule.rate]
        for metric in metrics {
            schedule.update(metric)
            rates.append(schedule.rate)
            let saved = try JSONEncoder().encode(schedule)
            schedule = try JSONDecoder().decode(ReduceOnPlateau.self, from: saved)
        }
        return rates
    }
}
