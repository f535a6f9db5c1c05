import Foundation
import MartletData
import Testing

@Suite struct DemoTests {
    /// The plain engine, so that the test does not depend on what is installed.
    private let plain = ["MARTLET_ENGINE": "reference"]

    @Test func learnsAndWritesAReport() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let run = try CommandRun(
            ["demo", "--epochs", "3", "--out", folder.path], environment: plain)
        #expect(run.status == 0, "\(run.messages)")
        let words = run.output.split(separator: "\n")[0].split(separator: " ")
        let accuracy = try #require(Double(words[2].dropLast()))
        // Chance is 10 %; three passes with seed 0 reach about 87 %.
        #expect(accuracy > 75, "\(run.output)")
        #expect(run.output.contains("truth │  0  1  2  3  4  5  6  7  8  9 │ recall"))
        #expect(run.output.contains("██"))
        #expect(run.messages.contains("epoch 3/3  "))
        #expect(!run.messages.contains("\r") && !run.messages.contains("\u{1B}"))
        let page = try String(
            contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
        #expect(page.contains("\(words[2])</b>"))
        // The first pictures are shown in their order, whatever was made of them.
        let samples = page.components(separatedBy: ">Sample predictions</h2>")[1]
        let shown = samples.matches(of: /alt="(\d)">/).compactMap { Int32($0.1) }
        let labels = try Dataset.digits(.test).labels.prefix(24)
        #expect(shown == Array(labels))
        let model = folder.appendingPathComponent("model.martlet").path
        let judged = try CommandRun(["evaluate", model, "--json"], environment: plain)
        #expect(judged.status == 0, "\(judged.messages)")
        let result = try JSONDecoder().decode(
            Result.self, from: Data(judged.output.utf8))
        #expect(String(format: "%.2f", 100 * result.accuracy) == words[2].dropLast())
    }

    private struct Result: Decodable { var accuracy: Double }

    @Test func asJSONItTellsItsNumbersAndPlaces() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let run = try CommandRun(
            ["demo", "--epochs", "1", "--json", "--quiet", "--out", folder.path],
            environment: plain)
        #expect(run.status == 0 && run.messages.isEmpty, "\(run.messages)")
        let result = try JSONDecoder().decode(Result.self, from: Data(run.output.utf8))
        #expect((0.1...1).contains(result.accuracy))
        #expect(run.output.contains("\(folder.path)/report.html"))
    }

    @Test func theSameSeedGivesTheSameNumbersAndAnotherOthers() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let losses = try ["5", "5", "6"].map { seed in
            let run = try CommandRun(
                ["demo", "--epochs", "1", "--seed", seed, "--out", folder.path],
                environment: plain)
            // Times differ from run to run.
            let start = try #require(run.messages.range(of: "loss "))
            return run.messages[start.lowerBound...].prefix { $0 != "\n" }
        }
        #expect(losses[0] == losses[1])
        #expect(losses[0] != losses[2])
    }

    @Test func aReportThatCannotBeWrittenEndsWith73() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("file")
        try Data([1]).write(to: file)
        let run = try CommandRun(
            ["demo", "--epochs", "1", "--quiet", "--out", file.path], environment: plain)
        #expect(run.status == 73)
        // It is said before anything is trained.
        #expect(run.messages.hasPrefix("error: cannot write \(file.path)\n"), "\(run.messages)")
        #expect(run.messages.hasSuffix("  fix        name another folder with --out\n"))
    }

    private func temporaryFolder() -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-\(UUID().uuidString)")
    }
}
