import Foundation
import Martlet
import MartletData

/// What each step of a plan costs, as a table and as events for a trace viewer.
package struct ProfileText {
    private let profile: PlanProfile
    private let machine: Machine

    /// Takes a profile, and the machine that it is held against.
    package init(_ profile: PlanProfile, _ machine: Machine) {
        (self.profile, self.machine) = (profile, machine)
    }

    /// A line on the whole plan.
    package var heading: String {
        let threads = profile.portion == nil ? 1 : machine.threads
        let scope = profile.portion.map {
            "\($0.examples) of \($0.batch) examples on one thread: "
        }
        return (scope ?? "")
            + String(
                format: "%d steps, %.1f us (least %.1f); %.4f GFLOP, %.1f us at the peak",
                profile.steps.count, whole, profile.steps.reduce(0) { $0 + $1.minimum },
                profile.flops / 1e9,
                profile.flops / machine.arithmetic * Double(threads) / 1000)
    }

    /// A line for each step, the most expensive first unless they keep their order.
    package func table(inOrder: Bool) -> String {
        let numbered = Array(profile.steps.enumerated())
        let ordered =
            inOrder ? numbered : numbered.sorted { $0.element.median > $1.element.median }
        let head = "  median us   least us    part   GFLOP/s    GB/s  step"
        return ([head] + ordered.map { line($0.offset, $0.element) }).joined(separator: "\n")
    }

    private var whole: Double { profile.steps.reduce(0) { $0 + $1.median } }

    private func line(_ number: Int, _ step: PlanProfile.Step) -> String {
        let seconds = max(step.median, 1e-3) * 1e-6
        return String(
            format: "%11.2f %10.2f %6.1f%% %9.1f %7.1f  ", step.median, step.minimum,
            100 * step.median / max(whole, 1e-9), step.flops / seconds / 1e9,
            Double(step.bytes) / seconds / 1e9) + "\(number) \(step.label)  \(step.path)"
    }

    /// Writes trace events, one for each step of the last run; Perfetto and Chrome show them.
    ///
    /// - Throws: `FormatError` when the file cannot be written.
    package func writeTrace(to file: URL) throws {
        let events = profile.steps.map { step in
            TraceEvent(
                name: step.label, cat: step.path, ts: step.start, dur: step.times.last ?? 0,
                args: .init(bytes: step.bytes, flops: step.flops))
        }
        try AtomicFile.write(
            Array(try JSONText.encode(["traceEvents": events]).utf8), to: file)
    }

    /// A record for programs, a step each, in the order in which they run.
    package var records: [StepRecord] {
        profile.steps.map {
            StepRecord(
                label: $0.label, path: $0.path, medianMicroseconds: $0.median,
                leastMicroseconds: $0.minimum, flops: $0.flops, bytes: $0.bytes)
        }
    }

    /// What one step costs.
    package struct StepRecord: Encodable {
        var label: String
        var path: String
        var medianMicroseconds: Double
        var leastMicroseconds: Double
        var flops: Double
        var bytes: Int
    }
}

/// An event with a beginning and a duration, by the names of the trace format.
private struct TraceEvent: Encodable {
    struct Arguments: Encodable {
        var bytes: Int
        var flops: Double
    }

    var name: String
    var cat: String
    var ph = "X"
    var pid = 1
    var tid = 1
    /// Microseconds.
    var ts: Double
    var dur: Double
    var args: Arguments
}
