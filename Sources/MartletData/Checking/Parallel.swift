import Foundation
import Synchronization

/// Splits `0 ..< count` into pieces, works on them with several threads, and joins their results in
/// order.
func inParallel<Result: Sendable>(
    _ count: Int, pieceSize: Int = 64, _ body: @Sendable (Range<Int>) -> [Result]
) -> [Result] {
    let pieces = (count + pieceSize - 1) / pieceSize
    let results = Mutex([[Result]](repeating: [], count: pieces))
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
        let start = piece * pieceSize
        let part = body(start..<min(count, start + pieceSize))
        results.withLock { $0[piece] = part }
    }
    return results.withLock { $0.flatMap { $0 } }
}
