import Foundation
import Martlet
import MartletFormats
import Synchronization

/// Lets SIGINT and SIGTERM end the process with a message and an exit code.
///
/// What was printed so far is written, and no file is left that is only begun. A second signal ends
/// the process at once. While `train` steps, its own guard hears the signals instead.
enum Interruption {
    /// The writing end of the pipe through which the handler tells a thread of the signal.
    private static let writingEnd = Atomic<Int32>(-1)
    /// How long printed text may wait for a reader, in seconds.
    private static let patience = 0.5

    /// Watches from now on; a signal that the parent process has switched off stays so.
    static func watch() {
        defer { unblock() }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        writingEnd.store(ends[1], ordering: .sequentiallyConsistent)
        let reader = ends[0]
        Thread.detachNewThread { end(by: awaited(reader)) }
        for number in [SIGINT, SIGTERM] {
            var before = sigaction()
            SignalHandling.hear(number, before: &before) { number in
                let code = errno
                // From here on a signal does what it does by default.
                signal(SIGINT, SIG_DFL)
                signal(SIGTERM, SIG_DFL)
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Interruption.writingEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
                errno = code
            }
        }
    }

    /// Lets the signals through, which a program that starts this one may have blocked.
    ///
    /// Threads of libdispatch block them, and whatever such a thread starts inherits that.
    private static func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        sigprocmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Waits for the number of a signal.
    private static func awaited(_ reader: Int32) -> Int32 {
        var byte: UInt8 = 0
        while read(reader, &byte, 1) != 1 {
            // An end that nobody can write to would be a pipe without a handler.
            if errno != EINTR { return SIGINT }
        }
        return Int32(byte)
    }

    private static func end(by signal: Int32) -> Never {
        let isTerminated = signal == SIGTERM
        WholeFile.abandon {
            // The terminal shows ^C where the cursor stands.
            let start = Console.isTerminal ? "\n" : ""
            let isWritten = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                Console.message(start + (isTerminated ? "terminated" : "interrupted"))
                _ = Console.flush()
                isWritten.signal()
            }
            // Where nobody reads what was printed, writing it would take for ever.
            _ = isWritten.wait(timeout: .now() + patience)
            _exit((isTerminated ? ExitStatus.terminated : .interrupted).rawValue)
        }
    }
}
