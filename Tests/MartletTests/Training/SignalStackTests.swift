import Foundation
import Martlet
import Synchronization
import Testing

@Suite struct SignalStackTests {
    private static let heard = Atomic<Int>(0)

    /// Trains a net on a thread of its own while `disturb` is called with that thread.
    private static func train(
        _ disturb: @escaping @Sendable (pthread_t) -> Void
    ) throws -> [String: HostTensor] {
        let result = Mutex<Result<[String: HostTensor], any Error>?>(nil)
        let (started, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let thread = Mutex(pthread_self())
        let isDone = Atomic(false)
        Thread.detachNewThread {
            // Threads of libdispatch, which run tests, block signals.
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGUSR1)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            thread.withLock { $0 = pthread_self() }
            started.signal()
            let numbers = Result {
                let net = Sequential {
                    Conv2D(16, kernelSize: 3, padding: .same, activation: .relu)
                    MaxPool2D(2)
                    Conv2D(32, kernelSize: 3, padding: .same, activation: .relu)
                    Flatten()
                    Dense(64, activation: .relu)
                    Dense(10)
                }
                let trainer = try net.compile(
                    inputShape: [1, 8, 8], optimizer: Adam(), loss: .crossEntropy)
                try trainer.fit(.digits(.train), epochs: 20, batchSize: 32)
                return trainer.model.parameterValues
            }
            result.withLock { $0 = numbers }
            isDone.store(true, ordering: .sequentiallyConsistent)
            ended.wait()
        }
        started.wait()
        let number = thread.withLock { $0 }
        while !isDone.load(ordering: .sequentiallyConsistent) { disturb(number) }
        ended.signal()
        return try #require(result.withLock { $0 }).get()
    }

    /// oneDNN's code keeps numbers where a handler on the same stack writes.
    @Test func handlersDoNotHarmAStepThatRuns() throws {
        var before = sigaction()
        let isHeard = SignalHandling.hear(SIGUSR1, before: &before) { _ in
            SignalStackTests.heard.add(1, ordering: .relaxed)
        }
        defer { sigaction(SIGUSR1, &before, nil) }
        try #require(isHeard)
        let disturbed = try Self.train { thread in
            pthread_kill(thread, SIGUSR1)
            usleep(50)
        }
        #expect(Self.heard.load(ordering: .relaxed) > 0)
        let isFinite = disturbed.values.allSatisfy { $0.isFinite }
        #expect(isFinite)
    }
}
