import ArgumentParser
import Foundation
import MartletData

/// Runs the command line and turns every error into one message and an exit code.
public enum Entry {
    /// Runs the process's own arguments and ends the process.
    public static func main() -> Never {
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs `arguments`, without the program's name, and gives the exit code.
    public static func run(_ arguments: [String]) -> Int32 {
        do {
            var command = try MartletCommand.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let error as DataError {
            Console.message("error: \(error)")
            return code(of: error)
        } catch let error as FetchError {
            Console.message("error: \(error)")
            return error.exitCode
        } catch let error as EngineUnavailable {
            Console.message("error: \(error.reason)")
            return 69
        } catch {
            return report(error)
        }
    }

    /// The codes of sysexits.h: input that is missing, output that fails, data that is wrong.
    private static func code(of error: DataError) -> Int32 {
        switch error.kind {
        case .missing: 66
        case .unwritable: 73
        default: 65
        }
    }

    /// Help and version go to standard output; bad usage (64) and all else (1) to standard error.
    private static func report(_ error: any Error) -> Int32 {
        let code = MartletCommand.exitCode(for: error)
        var text = MartletCommand.fullMessage(for: error)
        if code.isSuccess {
            if !text.isEmpty { print(text) }
        } else if !text.isEmpty {
            if text.hasPrefix("Error: ") { text = "error: " + text.dropFirst(7) }
            Console.message(text)
        }
        return code.rawValue
    }
}
