import Foundation

extension TrainingReport {
    /// Where and how the process runs: rows for `environment`.
    ///
    /// - Parameters:
    ///   - engine: the engine with its version, as `martlet doctor` names it.
    ///   - threads: the number of threads that compute.
    ///   - seed: what the random numbers start from.
    ///   - date: when the run ended.
    ///   - arguments: the command line.
    public static func environment(
        engine: String, threads: Int? = nil, seed: String? = nil, date: Date = Date(),
        arguments: [String] = CommandLine.arguments
    ) -> [Fact] {
        var facts: [Fact] = [("engine", engine)]
        if let threads { facts.append(("threads", String(threads))) }
        if let seed { facts.append(("seed", seed)) }
        facts.append(("processors", String(ProcessInfo.processInfo.activeProcessorCount)))
        facts.append(("system", ProcessInfo.processInfo.operatingSystemVersionString))
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space)
        facts.append(("date", "\(date.formatted(style).prefix(16)) UTC"))
        if let program = arguments.first {
            let name = URL(fileURLWithPath: program).lastPathComponent
            let words = [name] + arguments.dropFirst()
            facts.append(("command", words.map(quoted).joined(separator: " ")))
        }
        return facts
    }

    /// A word as a shell reads it back.
    static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "-_./:=,+@%".unicodeScalars.contains(scalar)
        }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
