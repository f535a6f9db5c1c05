import Foundation

/// Bytes that start on a cache line and begin as zeros.
final class AlignedMemory {
    static let alignment = 64
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Allocates at least one cache line.
    init(byteCount: Int) {
        self.byteCount = byteCount
        base = .allocate(byteCount: max(byteCount, 64), alignment: AlignedMemory.alignment)
        memset(base, 0, max(byteCount, 64))
    }

    deinit { base.deallocate() }
}
