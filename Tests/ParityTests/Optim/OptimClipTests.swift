import Martlet
import MartletTestSupport
import Testing

@Suite("Gradient clipping against PyTorch")
struct OptimClipTests {
    @Test("Every case has the gradients of PyTorch", arguments: parityEngines)
    func everyCase(choice: EngineChoice) throws {
        guard let engine = parityEngine(choice, "clipping fixtures") else { return }
        let folder = FixtureFolder(bundled: bundledFixtures)
        let description = try FixtureValue(contentsOf: folder.file("optim", "clip.json"))
        let archive = try FixtureArchive(contentsOf: folder.file("optim", "clip.npz"))
        let count = try #require(description["tensors"]?.integer)
        let raw = try (0..<count).map { try archive.array("grad\($0)") }
        var report = ParityReport("clipping fixtures:", engine: engine.name)
        let cases = description["cases"]?.array ?? []
        #expect(cases.count >= 6)
        for fixture in cases {
            let name = fixture["name"]?.text ?? "?"
            report.check(name) { comparisons in
                guard let clipping = try described(fixture) else { return }
                let tolerance = FixtureTolerance(
                    rtol: fixture["rtol"]?.number ?? 0, atol: fixture["atol"]?.number ?? 0)
                let function = try compile(inputs: raw.map(\.type), engine: engine) { inputs in
                    let (gradients, norm) = clipping(inputs)
                    return gradients + (norm.map { [$0] } ?? [])
                }
                let results = try function(raw)
                for index in 0..<count {
                    let expected = try archive.array("\(name).grad\(index)")
                    comparisons.append(
                        FixtureComparison(results[index], expected, tolerance)
                            .named("grad\(index)"))
                }
                if let norm = fixture["totalNorm"]?.number {
                    guard results.count > count else { throw FixtureError(name, "has no norm") }
                    comparisons.append(
                        FixtureComparison(results[count], HostTensor(Float(norm)), tolerance)
                            .named("norm"))
                }
            }
        }
        report.finish()
    }
}
