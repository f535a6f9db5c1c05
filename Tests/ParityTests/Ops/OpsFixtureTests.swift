import Foundation
import Martlet
import MartletTestSupport
import Testing

@Suite("Operations against other frameworks")
struct OpsFixtureTests {
    @Test(
        "Every case has the values and gradients of the other framework", arguments: parityEngines)
    func everyCase(choice: EngineChoice) throws {
        guard let engine = parityEngine(choice, "ops fixtures") else { return }
        let cases = try OpsCase.all(in: FixtureFolder(bundled: bundledFixtures))
        let builders = OpsTable.builders
        var report = ParityReport("ops fixtures: cases", engine: engine.name)
        for fixture in cases {
            guard let builder = builders[fixture.op] else {
                report.fail(fixture.name, ["no expression for the operation \(fixture.op)"])
                continue
            }
            report.check(fixture.name) { try failures(of: fixture, builder, engine, &$0) }
        }
        report.finish()
    }

    /// Runs a case and compares everything it expects.
    private func failures(
        of fixture: OpsCase, _ builder: @escaping OpsBuilder, _ engine: any Engine,
        _ comparisons: inout [FixtureComparison]
    ) throws {
        let results = try runOps(fixture, builder, on: engine)
        for (name, expected) in fixture.outputs.sorted(by: { $0.key < $1.key }) {
            guard let got = results.outputs[name] else {
                throw FixtureError(fixture.name, "gives no output \(name)")
            }
            comparisons.append(FixtureComparison(got, expected, fixture.tolerance).named(name))
        }
        for (name, expected) in fixture.gradients.sorted(by: { $0.key < $1.key }) {
            guard let got = results.gradients[name] else {
                throw FixtureError(fixture.name, "gives no gradient of \(name)")
            }
            comparisons.append(
                FixtureComparison(got, expected, fixture.gradientTolerance)
                    .named("gradient of \(name)"))
        }
    }
}
