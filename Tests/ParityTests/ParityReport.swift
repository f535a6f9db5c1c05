import Foundation
import Martlet
import MartletTestSupport
import Testing

/// The engines that every fixture runs on.
let parityEngines: [EngineChoice] = [.reference, .oneDNN]

/// The engine of that kind; where it is absent, a line says that `what` skips it.
func parityEngine(_ choice: EngineChoice, _ what: String) -> (any Engine)? {
    do {
        return try Engines.make(choice)
    } catch {
        print("\(what): \(choice) is absent and skipped: \(error)")
        return nil
    }
}

/// Counts the cases that pass on one engine and collects what went wrong with the others.
struct ParityReport {
    private let subject: String
    private let engine: String
    private var count = 0
    private var failures: [String] = []
    /// The largest relative error and where it is.
    private var largest = (error: 0.0, place: "")

    /// Starts counting; `subject` opens the line that is printed, `ops fixtures: cases`.
    init(_ subject: String, engine: String) {
        (self.subject, self.engine) = (subject, engine)
    }

    /// Runs a case that appends its comparisons; errors and misses make it a failure.
    mutating func check(_ name: String, _ body: (inout [FixtureComparison]) throws -> Void) {
        var comparisons: [FixtureComparison] = []
        do {
            try body(&comparisons)
        } catch {
            return fail(name, ["\(error)"])
        }
        let misses = comparisons.filter { !$0.passes }
        guard misses.isEmpty, !comparisons.isEmpty else {
            return fail(name, misses.isEmpty ? ["compares nothing"] : misses.map(\.summary))
        }
        count += 1
        for comparison in comparisons where comparison.relativeError > largest.error {
            largest = (comparison.relativeError, " (\(name), \(comparison.name))")
        }
    }

    /// Counts a failure.
    mutating func fail(_ name: String, _ problems: [String]) {
        count += 1
        failures.append("\(name) on \(engine): " + problems.joined(separator: "; "))
    }

    /// Prints how many cases passed and records an issue when one did not.
    func finish() {
        let error = String(format: "%.1e", largest.error)
        print(
            "\(subject) \(count - failures.count) of \(count) pass on \(engine),"
                + " largest relative error \(error)\(largest.place)")
        for failure in failures { Issue.record("\(failure)") }
        #expect(count > 0)
    }
}
