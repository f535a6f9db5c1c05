import Foundation
import MartletReport

/// Where messages and progress go; results are printed to standard output.
enum Console {
    /// Writes a line to standard error at once; a reader that has gone away is no reason to fail.
    static func message(_ line: String) { show(line + "\n") }

    /// Writes a sentence, in lines of the terminal's width where it goes to one.
    static func sentence(_ text: String) {
        guard isTerminal, !text.contains("\n") else { return message(text) }
        let columns = TerminalStyle.current(descriptor: STDERR_FILENO).columns
        message(TerminalText.wrapped(text, to: columns))
    }

    /// Writes text to standard error as it is.
    static func show(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Whether messages go to a terminal, where a line can be written over.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Hands everything that was printed to the system.
    ///
    /// - Returns: why that failed, or `nil`. A reader that has gone away, as in `| head`, has what it
    ///   wanted.
    static func flush() -> String? {
        guard fflush(nil) != 0, errno != EPIPE else { return nil }
        return String(cString: strerror(errno))
    }
}
