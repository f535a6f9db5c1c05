import Foundation
import Synchronization

/// Keeps prepared pictures in memory, up to a limit, for the epochs after the first.
///
/// The first pictures of the set are kept, as many as fit; the others are decoded each time, so
/// that memory never exceeds the limit. Pages of pictures that were not read yet take no memory.
// The bytes of a slot are written by the one thread that moved its state from empty to filling, and
// read only after the state was published as full; hence the unchecked conformance.
final class PictureCache: @unchecked Sendable {
    private enum State {
        static let empty: UInt8 = 0
        static let filling: UInt8 = 1
        static let full: UInt8 = 2
    }

    /// The number of pictures that fit.
    let slotCount: Int
    private let imageSize: Int
    private let bytes: UnsafeMutableRawPointer
    private let states: UnsafeMutablePointer<Atomic<UInt8>>

    init(count: Int, imageSize: Int, limit: Int) {
        slotCount = imageSize > 0 ? max(0, min(count, limit / imageSize)) : 0
        self.imageSize = imageSize
        bytes = .allocate(byteCount: max(1, slotCount * imageSize), alignment: 64)
        states = .allocate(capacity: max(1, slotCount))
        for slot in 0..<slotCount { (states + slot).initialize(to: Atomic(State.empty)) }
    }

    deinit {
        states.deinitialize(count: slotCount)
        states.deallocate()
        bytes.deallocate()
    }

    /// Copies a kept picture; false when it is not there.
    func read(_ slot: Int, into target: UnsafeMutableRawBufferPointer) -> Bool {
        guard slot < slotCount, states[slot].load(ordering: .acquiring) == State.full else {
            return false
        }
        target.copyMemory(
            from: UnsafeRawBufferPointer(start: bytes + slot * imageSize, count: imageSize))
        return true
    }

    /// Keeps a picture if there is room for it and nobody else is doing so.
    func keep(_ slot: Int, _ pixels: UnsafeRawBufferPointer) {
        guard slot < slotCount,
            states[slot].compareExchange(
                expected: State.empty, desired: State.filling, ordering: .relaxed
            ).exchanged
        else { return }
        UnsafeMutableRawBufferPointer(start: bytes + slot * imageSize, count: imageSize)
            .copyMemory(from: pixels)
        states[slot].store(State.full, ordering: .releasing)
    }

    /// An eighth of the memory that the process may use, in bytes: the machine's, or its container's
    /// where that is less.
    static var defaultLimit: Int {
        limit(
            physicalMemory: Int(clamping: ProcessInfo.processInfo.physicalMemory),
            groupLimit: try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8))
    }

    /// The limit for a machine and the text of its control group's `memory.max`, a number or `max`.
    static func limit(physicalMemory: Int, groupLimit: String?) -> Int {
        let text = groupLimit?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return min(physicalMemory, max(0, Int(text) ?? physicalMemory)) / 8
    }
}
