import ArgumentParser

/// The command `martlet`; the work is done by its subcommands.
public struct MartletCommand: ParsableCommand {
    /// What `martlet --help` shows.
    public static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Train, judge and use image classifiers.",
        discussion: """
            Results go to standard output, progress and messages to standard error.

            Exit codes: 0 done, 1 failure, 64 bad usage, 65 bad data, 66 missing input, \
            69 missing device or engine, 73 output that cannot be written.
            """,
        version: "martlet \(version)",
        subcommands: [TrainCommand.self, ReportCommand.self, DemoCommand.self, DoctorCommand.self])

    /// The version of the command and the library.
    static let version = "0.1.0"

    /// Makes the command without arguments, as the parser needs it.
    public init() {}
}
