import Foundation
import Testing

/// Training for long takes no more memory than training for a while.
@Suite struct SteadyMemoryTests {
    @Test func residentMemoryIsFlatOverTenThousandSteps() throws {
        guard FileManager.default.fileExists(atPath: "/proc/self/statm") else {
            print("steady memory: no /proc here, skipped")
            return
        }
        let run = try CommandRun(["steady", "--steps", "10000"], command: "martlet-bench")
        #expect(run.status == 0, "\(run.messages)")
        let line = run.output.split(separator: "\n").first { $0.hasPrefix("growth: ") }
        let growth = line.flatMap { Int($0.split(separator: " ")[1]) }
        print("steady memory: \(run.output.replacing("\n", with: "; "))")
        #expect((growth ?? .max) <= 128 * 1024, "\(run.output)")
    }
}
