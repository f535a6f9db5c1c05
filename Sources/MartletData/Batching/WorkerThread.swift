import Foundation

/// A thread of the system that can be waited for.
final class WorkerThread {
    private final class Task {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }

        static func run(_ address: UnsafeMutableRawPointer) {
            Unmanaged<Task>.fromOpaque(address).takeRetainedValue().body()
        }
    }

    private let thread: pthread_t

    /// Starts a thread; `nil` when the system has none to give.
    init?(_ body: @escaping @Sendable () -> Void) {
        let task = Unmanaged.passRetained(Task(body))
        #if canImport(Darwin)
            var started: pthread_t?
            let status = pthread_create(
                &started, nil,
                {
                    Task.run($0); return nil
                }, task.toOpaque())
        #else
            var identifier = pthread_t()
            let status = pthread_create(
                &identifier, nil,
                { address in
                    if let address { Task.run(address) }
                    return nil
                }, task.toOpaque())
            let started: pthread_t? = identifier
        #endif
        guard status == 0, let started else {
            task.release()
            return nil
        }
        thread = started
    }

    /// Waits until the thread has ended; to be called once.
    func join() { pthread_join(thread, nil) }
}
