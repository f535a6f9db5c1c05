import Foundation
import MartletData
import Synchronization

/// Tells on standard error what happens while a data set is fetched.
struct FetchMessages: Sendable {
    private let line: StatusLine

    init(isTerminal: Bool) { line = StatusLine(isTerminal: isTerminal) }

    /// Shows one event.
    @Sendable func show(_ event: FetchEvent) {
        switch event {
        case .waiting(let folder):
            line.end("waiting for another process that fetches into \(folder.path)")
        case .started(let address, let offset):
            line.end(offset == 0 ? "fetching \(address)" : "going on with \(address)")
        case .received(let file, let count, let total):
            line.update("  \(file)  \(Self.progress(count, total))")
        case .failed(let address, let reason, let triesAgain):
            line.end("  \(address): \(reason)" + (triesAgain ? "; trying again" : ""))
        case .finished(let file): line.end("  verified \(file.path)")
        }
    }

    /// `12.3 of 26.4 MB`.
    static func progress(_ count: Int, _ total: Int?) -> String {
        let here = String(format: "%.1f", Double(count) / 1e6)
        return total.map { "\(here) of " + String(format: "%.1f MB", Double($0) / 1e6) }
            ?? "\(here) MB"
    }
}

/// A line that is written over again and again; without a terminal only its ends are written.
final class StatusLine: Sendable {
    private let isTerminal: Bool
    private let width = Mutex(0)

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    /// Shows a text in place of the last one.
    func update(_ text: String) {
        guard isTerminal else { return }
        width.withLock { width in
            Console.show("\r" + text + String(repeating: " ", count: max(0, width - text.count)))
            width = text.count
        }
    }

    /// Writes a whole line, after wiping what stood there.
    func end(_ text: String) {
        width.withLock { width in
            if width > 0 { Console.show("\r" + String(repeating: " ", count: width) + "\r") }
            width = 0
            Console.message(text)
        }
    }
}
