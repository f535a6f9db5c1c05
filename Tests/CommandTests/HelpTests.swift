import Foundation
import Testing

/// The help of each command as it is kept in `Snapshots`.
///
/// A change on purpose is written there by `COLUMNS=80 martlet COMMAND --help`.
@Suite struct HelpTests {
    @Test(arguments: [
        "train", "report", "predict", "evaluate", "summary", "convert", "show", "data",
        "data list", "data fetch", "data verify", "data info", "data check", "bench", "demo",
        "doctor",
    ])
    func helpIsAsItIsKept(command: String) throws {
        let run = try CommandRun(command.split(separator: " ").map(String.init) + ["--help"])
        let name = command.replacingOccurrences(of: " ", with: "-") + ".txt"
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Snapshots").appendingPathComponent(name)
        #expect(run.status == 0 && run.messages.isEmpty)
        #expect(run.output == (try String(contentsOf: file, encoding: .utf8)))
        #expect(run.output.contains("\nExample:\n  martlet \(command)"))
        // The line of usage is never broken.
        let lines = run.output.split(separator: "\n").filter { !$0.hasPrefix("USAGE: ") }
        #expect(lines.allSatisfy { $0.count <= 80 })
    }
}
