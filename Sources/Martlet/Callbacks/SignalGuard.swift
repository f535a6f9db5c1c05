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
/// changes nothing, and once `fit` has ended signals do what they do by default.
public final class SignalGuard: TrainingCallback {
    private static let latest = Atomic<Int32>(0)
    private static let count = Mutex(0)

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
            setSignalHandlers { number in
                SignalGuard.latest.store(number, ordering: .sequentiallyConsistent)
                // From here on a signal does what it does by default.
                setSignalHandlers(SIG_DFL)
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
            setSignalHandlers(SIG_DFL)
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

/// Sets what SIGINT and SIGTERM do; may be called by a handler.
private func setSignalHandlers(_ handler: (@convention(c) (Int32) -> Void)?) {
    signal(SIGINT, handler)
    signal(SIGTERM, handler)
}
