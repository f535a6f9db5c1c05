import Foundation
import Synchronization

/// Threads that make batches ahead of the one that takes them.
///
/// The threads, and the memory of the batches, serve one epoch after the other. They end with this
/// object. Not safe for concurrent use.
final class BatchWorkers {
    private let line: BatchLine
    private let threads: [WorkerThread]

    /// Starts the threads that a plan asks for; `nil` when it asks for none, or the system gives
    /// none.
    init?(for plan: EpochPlan) {
        let count = plan.workerCount
        guard count > 0 else { return nil }
        let line = BatchLine(slotCount: plan.options.capacity + 1)
        self.line = line
        threads = (0..<count).compactMap { _ in WorkerThread { line.work() } }
        if threads.isEmpty { return nil }
    }

    deinit {
        line.end()
        for thread in threads { thread.join() }
    }

    /// Begins with an epoch at a batch; what was left of another is given up.
    ///
    /// - Returns: a ticket for `take`.
    func begin(_ plan: EpochPlan, at first: Int) -> Int { line.begin(plan, at: first) }

    /// Waits for a batch; the one taken before may be written over from then on.
    ///
    /// - Returns: `nil` when another epoch was begun since.
    /// - Errors: of a picture in this batch.
    func take(_ number: Int, ticket: Int) throws -> BatchSlot? {
        try line.take(number, ticket: ticket)
    }
}

/// The memory of one batch that was made ahead.
// Written by the thread that makes the batch and read by the one that took it; the lock of the line
// lies between. Hence the unchecked conformance.
final class BatchSlot: @unchecked Sendable {
    private(set) var images = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private(set) var targets = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    /// Makes room for a batch.
    func reserve(images imageBytes: Int, targets targetBytes: Int) {
        if images.count < imageBytes {
            images.deallocate()
            images = .allocate(byteCount: imageBytes, alignment: 64)
        }
        if targets.count < targetBytes {
            targets.deallocate()
            targets = .allocate(byteCount: targetBytes, alignment: 64)
        }
    }

    deinit {
        images.deallocate()
        targets.deallocate()
    }
}

/// A ring of batches between the threads that make them and the one that takes them.
// All stored variables but the cancel flag are guarded by the condition's lock. Hence the unchecked
// conformance.
private final class BatchLine: @unchecked Sendable {
    private enum State {
        case empty
        case made(Int)
        case failed(Int, any Error)
    }

    private let condition = NSCondition()
    private let slots: [BatchSlot]
    private var states: [State]
    private var plan: EpochPlan?
    /// Counts the epochs, so that a feed knows when the threads have left it.
    private var ticket = 0
    /// The batch that a thread takes up next.
    private var nextNumber = 0
    /// Batches before this one may be written over.
    private var firstHeld = 0
    /// The number of threads that are making a batch.
    private var busyCount = 0
    private var isEnded = false
    private let isCancelled = Atomic(false)

    init(slotCount: Int) {
        slots = (0..<slotCount).map { _ in BatchSlot() }
        states = Array(repeating: .empty, count: slotCount)
    }

    /// The life of one thread.
    func work() {
        var scratch = BatchScratch()
        condition.lock()
        defer { condition.unlock() }
        while true {
            guard let (plan, number) = waitForWork() else { return }
            condition.unlock()
            let slot = slots[number % slots.count]
            let failure = make(plan, number, slot, &scratch)
            condition.lock()
            busyCount -= 1
            let index = number % slots.count
            if let failure {
                states[index] = .failed(number, failure)
                // What would follow is of no use.
                nextNumber = max(nextNumber, plan.count)
            } else {
                states[index] = .made(number)
            }
            condition.broadcast()
        }
    }

    private func waitForWork() -> (EpochPlan, Int)? {
        while !isEnded {
            if let plan, !isCancelled.load(ordering: .relaxed), nextNumber < plan.count,
                nextNumber < firstHeld + slots.count
            {
                nextNumber += 1
                busyCount += 1
                return (plan, nextNumber - 1)
            }
            condition.wait()
        }
        return nil
    }

    private func make(
        _ plan: EpochPlan, _ number: Int, _ slot: BatchSlot, _ scratch: inout BatchScratch
    ) -> (any Error)? {
        let count = plan.sampleCount(of: number)
        let imageBytes = plan.imageType(count).byteCount
        let targetBytes = plan.targetType(count).byteCount
        slot.reserve(images: imageBytes, targets: targetBytes)
        do {
            try plan.writeImages(
                number, to: UnsafeMutableRawBufferPointer(rebasing: slot.images[..<imageBytes]),
                scratch: &scratch, isCancelled: { isCancelled.load(ordering: .relaxed) })
            plan.writeTargets(
                number, to: UnsafeMutableRawBufferPointer(rebasing: slot.targets[..<targetBytes]))
            return nil
        } catch {
            return error
        }
    }

    func begin(_ plan: EpochPlan, at first: Int) -> Int {
        condition.lock()
        defer { condition.unlock() }
        isCancelled.store(true, ordering: .relaxed)
        while busyCount > 0 { condition.wait() }
        isCancelled.store(false, ordering: .relaxed)
        states = Array(repeating: .empty, count: slots.count)
        (self.plan, nextNumber, firstHeld) = (plan, first, first)
        ticket += 1
        condition.broadcast()
        return ticket
    }

    func take(_ number: Int, ticket: Int) throws -> BatchSlot? {
        condition.lock()
        defer { condition.unlock() }
        guard ticket == self.ticket else { return nil }
        if number > firstHeld {
            firstHeld = number
            condition.broadcast()
        }
        while true {
            switch states[number % slots.count] {
            case .made(number): return slots[number % slots.count]
            case .failed(number, let error): throw error
            default: condition.wait()
            }
        }
    }

    func end() {
        condition.lock()
        defer { condition.unlock() }
        isEnded = true
        isCancelled.store(true, ordering: .relaxed)
        condition.broadcast()
    }
}
