import ArgumentParser
import Foundation
import Martlet
import MartletData

/// `martlet doctor`: what this machine has and which settings hold.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show the engine with its library and threads, the data, and the settings.",
        discussion: """
            Ends with 69 when the engine that MARTLET_ENGINE asks for is not there.

            Example:
              martlet doctor
              MARTLET_ENGINE=reference martlet doctor
            """)

    @OptionGroup var output: OutputOptions

    func run() throws {
        var rows = [("martlet", MartletCommand.version)]
        var missing: EngineUnavailable?
        do {
            let engine = try EngineUnavailable.check()
            rows.append(("engine", engine.name))
            rows += Engines.details(of: engine).map { ($0.name, $0.value) }
        } catch {
            missing = error
            rows.append(("engine", "none"))
        }
        rows.append(("processors", String(ProcessInfo.processInfo.activeProcessorCount)))
        rows.append(("digits", digits))
        rows += Settings.variableNames.map { name in
            let value = ProcessInfo.processInfo.environment[name] ?? ""
            return (name, value.isEmpty ? "not set" : value)
        }
        if output.json {
            try output.printJSON(Dictionary(rows) { first, _ in first })
        } else {
            let width = rows.map(\.0.count).max() ?? 0
            for (name, value) in rows {
                print(name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + value)
            }
        }
        if let missing { throw missing }
    }

    private var digits: String {
        do {
            return "\(try Dataset.digits().count) pictures"
        } catch {
            return "missing: \(error.description.split(separator: "\n").first ?? "")"
        }
    }
}
