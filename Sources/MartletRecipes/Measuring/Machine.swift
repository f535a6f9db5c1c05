import CKernels
import Foundation
import Martlet

/// What the machine can do, measured.
package struct Machine: Sendable {
    package var processor: String
    package var threads: Int
    package var instructionSet: String
    /// 10^9 floating-point operations a second on registers, all threads.
    package var arithmetic: Double
    /// 10^9 bytes a second between the processor and memory, all threads.
    package var bandwidth: Double

    /// Measures for about a second.
    package static func measured(threads: Int) -> Machine {
        Machine(
            processor: processorName(), threads: threads,
            instructionSet: String(cString: ck_instruction_set()),
            arithmetic: ck_measure_arithmetic(0.4), bandwidth: ck_measure_bandwidth(128 << 20, 0.4))
    }

    /// The machine in a line.
    package var line: String {
        String(
            format: "machine    %@, %d threads, %@: %.0f GFLOP/s, %.1f GB/s", processor, threads,
            instructionSet, arithmetic, bandwidth)
    }

    private static func processorName() -> String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":").last.map(String.init) ?? "unknown processor"
        return name.trimmingCharacters(in: .whitespaces)
    }
}
