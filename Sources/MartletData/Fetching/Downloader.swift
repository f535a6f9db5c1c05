import Foundation

/// Brings one file from the first address that has it, verified, into its place.
struct Downloader {
    let settings: FetchSettings
    let library: CurlLibrary
    let file: PublishedFile
    let dataset: String
    /// The folder that takes the file; its lock is held.
    let folder: URL

    /// Why the file is not there.
    enum Failure: Error {
        /// No address gave the right file.
        case unavailable([FetchError.Attempt])
        case unwritable(String)
        case cancelled
    }

    /// How one try ended when it did not bring the file.
    private enum Outcome {
        case tryAgain(String)
        case startOver(String)
        case nextAddress(String)
    }

    /// No address is asked more often than this, even when each try brings some bytes.
    private static let mostTries = 40

    /// Tries the addresses in their order.
    func download(from addresses: [String]) throws(Failure) {
        var attempts: [FetchError.Attempt] = []
        for address in addresses {
            guard let reason = try fetch(address) else { return }
            attempts.append(FetchError.Attempt(address: address, reason: reason))
        }
        throw .unavailable(attempts)
    }

    /// Tries one address, as often as it may help; the reason when it did not.
    private func fetch(_ address: String) throws(Failure) -> String? {
        guard let url = URL(string: address), ["http", "https"].contains(url.scheme?.lowercased()),
            url.host?.isEmpty == false
        else { return "not an address that begins with http:// or https://" }
        let part = PartFile(target: folder.appendingPathComponent(file.name))
        var (failures, tries, hasStartedOver) = (0, 0, false)
        while true {
            tries += 1
            let transfer = HTTPTransfer(url, into: part, limit: file.mostBytes ?? 1 << 34, settings)
            guard let outcome = try tryOnce(transfer, address, part) else { return nil }
            failures = transfer.gained > 0 ? 1 : failures + 1
            let mayTryAgain = failures < settings.patience.attempts && tries < Self.mostTries
            switch outcome {
            case .tryAgain(let reason) where mayTryAgain:
                settings.onEvent(.failed(address: address, reason: reason, triesAgain: true))
                try wait(settings.patience.backOff * Double(1 << min(failures - 1, 6)))
            case .startOver(let reason) where !hasStartedOver:
                settings.onEvent(.failed(address: address, reason: reason, triesAgain: true))
                hasStartedOver = true
                part.discard()
            case .tryAgain(let reason), .startOver(let reason), .nextAddress(let reason):
                settings.onEvent(.failed(address: address, reason: reason, triesAgain: false))
                return tries == 1 ? reason : "\(reason) (\(tries) tries)"
            }
        }
    }

    /// Sends one request; `nil` when the file is in its place.
    private func tryOnce(
        _ transfer: HTTPTransfer, _ address: String, _ part: PartFile
    ) throws(Failure) -> Outcome? {
        if settings.isCancelled() { throw .cancelled }
        settings.onEvent(.started(address: address, offset: transfer.startsAt))
        do {
            try transfer.run(library) { count, total in
                settings.onEvent(.received(file: file.name, count: count, total: total))
            }
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .unwritable(let words): throw .unwritable(words)
            case .cannotResume: return .startOver(error.reason)
            default:
                if error.spoilsPart { part.discard() }
                return error.isPassing ? .tryAgain(error.reason) : .nextAddress(error.reason)
            }
        }
        return try finish(part, isContinued: transfer.startsAt > 0)
    }

    /// Verifies what has come and gives it its name.
    private func finish(_ part: PartFile, isContinued: Bool) throws(Failure) -> Outcome? {
        let report = FileCheck(file: file, dataset: dataset, url: part.url).full()
        guard report.state == .verified else {
            part.discard()
            let reason = "the wrong bytes: expected \(report.expected), found \(report.found)"
            return isContinued ? .startOver(reason) : .nextAddress(reason)
        }
        do {
            try part.finish()
        } catch {
            throw .unwritable(error.found)
        }
        settings.onEvent(.finished(file: part.target))
        return nil
    }

    private func wait(_ seconds: Double) throws(Failure) {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if settings.isCancelled() { throw .cancelled }
            Thread.sleep(forTimeInterval: min(settings.patience.poll, seconds))
        }
    }
}
