import ArgumentParser

/// The command `martlet`; the work is done by its subcommands.
public struct MartletCommand: ParsableCommand {
    /// What `martlet --help` shows.
    public static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Train, judge and use image classifiers.",
        discussion: """
            Example:
              martlet train mnist-keras --epochs 3
              martlet evaluate runs/mnist-keras-1
              martlet predict runs/mnist-keras-1 seven.png

            Results go to standard output, progress and messages to standard error. With \
            --generate-completion-script bash, zsh or fish it prints what the shell needs to complete \
            names, paths and choices.

            Exit codes:
            \(ExitStatus.table)
            """,
        version: "martlet \(version)",
        subcommands: [
            TrainCommand.self, ReportCommand.self, PredictCommand.self, EvaluateCommand.self,
            SummaryCommand.self, ConvertCommand.self, ShowCommand.self, DataCommand.self,
            BenchCommand.self, DemoCommand.self, DoctorCommand.self,
        ])

    /// The version of the command and the library.
    static let version = "0.1.0"

    /// Makes the command without arguments, as the parser needs it.
    public init() {}
}
