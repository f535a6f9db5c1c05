import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletFormats
import MartletInterchange

/// What an error becomes at the end of the command: a text and an exit code.
struct ErrorReport {
    /// The code.
    var code: Int32
    /// The text for standard error; may be empty.
    var message = ""
    /// The text for standard output: help, version, a completion script; mostly empty.
    var output = ""

    /// The one place that knows what every kind of error means.
    init(_ error: any Error) {
        if let status = Self.status(of: error) {
            let text = Self.text(error)
            self.init(code: status.rawValue, message: text.isEmpty ? "" : "error: \(text)")
        } else {
            self.init(ofParser: error)
        }
    }

    private init(code: Int32, message: String) { (self.code, self.message) = (code, message) }

    /// What is printed of a known error; advice names flags, and nothing steers the terminal.
    private static func text(_ error: any Error) -> String {
        ((error as? NonFiniteLossError)?.text(clipping: "--clip-grad-norm 1") ?? "\(error)")
            .withoutSwiftAdvice.visible(keepingLines: true)
    }

    /// The code of a known error.
    private static func status(of error: any Error) -> ExitStatus? {
        switch error {
        case let error as CommandFailure: error.status
        case is EngineUnavailable: .unavailable
        case let error as DataError: status(error)
        case let error as FormatError: status(error)
        case let error as FetchError: ExitStatus(rawValue: error.exitCode) ?? .failure
        case let error as CheckpointError: status(error)
        case is ModelError, is MappingError: .badData
        case is NonFiniteLossError: .notANumber
        case is EngineError: .failure
        case is CancellationError: .interrupted
        case let error as CocoaError: status(error)
        case is POSIXError: .inputOutput
        default: nil
        }
    }

    private static func status(_ error: DataError) -> ExitStatus {
        switch error.kind {
        case .missing: .noInput
        case .unwritable: .cannotCreate
        default: .badData
        }
    }

    private static func status(_ error: FormatError) -> ExitStatus {
        switch error.kind {
        case .missing: .noInput
        case .unwritable: .cannotCreate
        default: .badData
        }
    }

    private static func status(_ error: CheckpointError) -> ExitStatus {
        switch error.kind {
        case .missing: .noInput
        case .unwritable: .cannotCreate
        default: .badData
        }
    }

    private static func status(_ error: CocoaError) -> ExitStatus {
        switch error.code {
        case .fileNoSuchFile, .fileReadNoSuchFile, .fileReadNoPermission: .noInput
        case .fileWriteNoPermission, .fileWriteVolumeReadOnly, .fileWriteFileExists: .cannotCreate
        default: .inputOutput
        }
    }

    /// Help and version go to standard output, bad usage (64) and all else (1) to standard error.
    private init(ofParser error: any Error) {
        let exit = MartletCommand.exitCode(for: error)
        let text = MartletCommand.fullMessage(for: error)
        code = exit.rawValue
        if exit.isSuccess {
            output = text
        } else {
            message = text.hasPrefix("Error: ") ? "error: " + text.dropFirst(7) : text
        }
    }
}
