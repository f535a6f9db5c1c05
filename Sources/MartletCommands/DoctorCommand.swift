import ArgumentParser
import Foundation
import Martlet
import MartletData

/// `martlet doctor`: what this machine has and which settings hold.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show the engine, its library, threads, data and the settings in force.")

    func run() throws {
        var rows = [("martlet", MartletCommand.configuration.version)]
        rows.append(("processors", String(ProcessInfo.processInfo.activeProcessorCount)))
        print(rows.map { "\($0.0)  \($0.1)" }.joined(separator: "\n"))
    }
}
