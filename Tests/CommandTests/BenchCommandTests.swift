import Foundation
import Martlet
import Testing

@Suite struct BenchCommandTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    private struct Timing: Decodable {
        var recipe: String
        var batchSize: Int
        var stepMilliseconds: Double
        var picturesPerSecond: Double
        var predictions: [Prediction]

        struct Prediction: Decodable { var batchSize: Int }
    }

    @Test func timesARecipe() throws {
        let run = try folder.run(
            "bench", "digits", "--seconds", "0.01", "--batch-size", "4", "--json", "--quiet")
        #expect(run.status == 0 && run.messages.isEmpty, "\(run.messages)")
        let timings = try JSONDecoder().decode([Timing].self, from: Data(run.output.utf8))
        try #require(timings.count == 1)
        #expect(timings[0].recipe == "digits" && timings[0].batchSize == 4)
        let product = timings[0].stepMilliseconds * timings[0].picturesPerSecond
        #expect(abs(product - 4000) < 1e-6)
        #expect(timings[0].predictions.map(\.batchSize) == [1, 256])
        let table = try folder.run("bench", "digits", "--seconds", "0.01")
        #expect(table.output.hasPrefix("machine    "))
        #expect(table.output.contains("\nrecipe  batch  ms a step  "), "\(table.output)")
    }

    @Test func takesAPlanApart() throws {
        guard (try? Engines.make(.oneDNN)) != nil else {
            print("no oneDNN here: the steps of a plan are not looked at")
            return
        }
        let trace = folder.path("trace.json")
        let run = try folder.run(
            "bench", "digits", "--profile", "--runs", "3", "--trace", trace,
            environment: ["MARTLET_ENGINE": "onednn"])
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.contains("  median us   least us    part   GFLOP/s    GB/s  step\n"))
        #expect(run.messages == "note: the trace is in \(trace)\n")
        let object = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: trace)))
        let events = (object as? [String: Any])?["traceEvents"] as? [[String: Any]] ?? []
        let table = run.output.split(separator: "\n")
        #expect(events.count > 5 && table.count == events.count + 3)
        #expect(events.allSatisfy { $0["ph"] as? String == "X" && $0["dur"] is Double })
        let predicting = try folder.run(
            "bench", "digits", "--profile", "--predict", "2", "--runs", "2", "--json",
            environment: ["MARTLET_ENGINE": "onednn"])
        #expect(predicting.status == 0 && predicting.output.contains("\"medianMicroseconds\""))
    }

    @Test func anEngineWithoutStepsSaysSo() throws {
        let run = try folder.run("bench", "digits", "--profile", "--runs", "1")
        #expect(run.status == 69)
        #expect(run.messages.contains("error: the engine reference does not tell"))
    }
}
