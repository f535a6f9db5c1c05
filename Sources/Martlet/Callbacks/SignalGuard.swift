import CKernels
import Foundation
import Synchronization

/// Lets training end well when the process is told to end.
///
///     let guarded = SignalGuard()
///     try trainer.fit(data, epochs: 10, callbacks: [ModelCheckpoint(folder), guarded])
///     if let stop = trainer.stop, stop.signal != nil { print(stop); exit(stop.exitCode) }
///
/// The first SIGINT or SIGTERM lets `fit` end after the step that runs; `ModelCheckpoint` then writes a
/// checkpoint. A second one ends the process at once, which harms no checkpoint that is complete.
/// While there are several guards, all of them see the signal. One that comes when all epochs are done
/// changes nothing, and once `fit` has ended signals do what they did before. A signal that the process
/// ignores, as a shell sets it for programs in the background, stays ignored.
public final class SignalGuard: TrainingCallback {
    private static let latest = Atomic<Int32>(0)
    private static let count = Mutex(0)
    /// What SIGINT and SIGTERM did before the first guard.
    private static let former = Mutex<[Int32: sigaction]>([:])

    private var isWatching = false

    /// Watches from now on, until `fit` has ended or the guard is gone; again in the next `fit`.
    public init() { watch() }

    private func watch() {
        guard !isWatching else { return }
        isWatching = true
        SignalGuard.count.withLock { count in
            count += 1
            guard count == 1 else { return }
            SignalGuard.latest.store(0, ordering: .sequentiallyConsistent)
            SignalGuard.former.withLock { former in
                for number in [SIGINT, SIGTERM] {
                    var before = sigaction()
                    let isHeard = SignalHandling.hear(number, before: &before) { number in
                        SignalGuard.latest.store(number, ordering: .sequentiallyConsistent)
                        // From here on a signal does what it does by default.
                        signal(SIGINT, SIG_DFL)
                        signal(SIGTERM, SIG_DFL)
                    }
                    former[number] = isHeard ? before : nil
                }
            }
        }
    }

    deinit { unwatch() }

    private func unwatch() {
        guard isWatching else { return }
        isWatching = false
        SignalGuard.count.withLock { count in
            count -= 1
            guard count == 0 else { return }
            SignalGuard.former.withLock { former in
                for (number, var before) in former { sigaction(number, &before, nil) }
            }
        }
    }

    /// The signal that came, if any.
    public var received: Int32? {
        let number = SignalGuard.latest.load(ordering: .sequentiallyConsistent)
        return number == 0 ? nil : number
    }

    /// The end that the signal asks for, if one came.
    public var stop: TrainingStop? {
        received.map { number in
            let names = [SIGINT: "SIGINT", SIGTERM: "SIGTERM"]
            return TrainingStop(
                "interrupted by \(names[number] ?? "signal \(number)")", signal: number)
        }
    }

    /// Asks for an end once a signal came.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        switch event {
        case .fitStarted: watch()
        case .fitEnded:
            unwatch()
            return
        default: break
        }
        if control.stop == nil, let stop { control.stop(stop) }
    }
}

/// How handlers of signals are set.
package enum SignalHandling {
    /// Lets a handler hear a signal, on a stack of its own; oneDNN's code bears no other.
    ///
    /// - Parameter before: Gets what the signal did, for `sigaction`.
    /// - Returns: False for a signal that the process ignores; it stays ignored.
    @discardableResult
    package static func hear(
        _ number: Int32, before: inout sigaction, _ handler: @convention(c) (Int32) -> Void
    ) -> Bool {
        ck_handle_signal(number, handler, &before)
    }
}
