import ArgumentParser
import Foundation

/// Runs the command line and turns every error into one message and an exit code.
public enum Entry {
    /// Runs the process's own arguments and ends the process.
    public static func main() -> Never {
        Interruption.watch()
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs `arguments`, without the program's name, and gives the exit code.
    public static func run(_ arguments: [String]) -> Int32 {
        var code: Int32 = 0
        do {
            try UnknownCommand.check(arguments)
            // What a shell asks for while it completes has forms of its own.
            let isCompletion = arguments.first?.hasPrefix("---") == true
            if !isCompletion { try GivenArguments.check(arguments) }
            var command = try MartletCommand.parseAsRoot(
                isCompletion ? arguments : GivenArguments.joined(arguments))
            if !isQuestion(arguments) {
                for warning in EnvironmentCheck.warnings() {
                    Console.message("warning: \(warning)")
                }
            }
            try command.run()
        } catch {
            let report = ErrorReport(error)
            if !report.output.isEmpty { print(report.output) }
            if !report.message.isEmpty { Console.message(report.message) }
            code = report.code
        }
        if let reason = Console.flush(), code == 0 {
            Console.message("error: cannot write to standard output: \(reason)")
            code = ExitStatus.inputOutput.rawValue
        }
        return code
    }

    /// Whether only help or the version is asked for.
    private static func isQuestion(_ arguments: [String]) -> Bool {
        arguments.isEmpty || arguments.first == "help"
            || arguments.contains { ["-h", "--help", "--version"].contains($0) }
    }
}
