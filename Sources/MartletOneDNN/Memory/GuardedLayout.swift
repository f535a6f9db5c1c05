import Foundation
import MartletCompiler

/// A layout for finding mistakes: every buffer has memory of its own, followed by guard bytes.
struct GuardedLayout {
    static let guardBytes = 64
    static let pattern: UInt8 = 0xA5
    let offsets: [Int]
    let totalBytes: Int
    private let ends: [Int]

    init(_ requests: [MemoryRequest]) {
        var offsets: [Int] = [], ends: [Int] = []
        var next = 0
        for request in requests {
            offsets.append(next)
            ends.append(next + request.byteCount)
            next = (next + request.byteCount + GuardedLayout.guardBytes + 63) / 64 * 64
        }
        (self.offsets, self.ends, totalBytes) = (offsets, ends, next)
    }

    /// Fills the guards of an arena and tells where they are.
    func fill(_ arena: AlignedMemory) -> [(after: Int, address: UnsafeMutableRawPointer)] {
        ends.enumerated().map { number, end in
            memset(arena.base + end, Int32(GuardedLayout.pattern), GuardedLayout.guardBytes)
            return (number, arena.base + end)
        }
    }
}
