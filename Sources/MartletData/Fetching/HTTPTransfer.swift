import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Why one request did not bring the file.
enum TransferFailure: Error, Hashable {
    /// The server answered with this status.
    case status(Int)
    /// The connection failed or was cut, in words.
    case connection(String)
    /// No byte came for so many seconds.
    case stalled(Double)
    /// The server has more bytes than the file may have.
    case tooLong(limit: Int)
    /// The server cannot continue where the last attempt ended.
    case cannotResume
    /// The part file could not be written.
    case unwritable(String)
    case cancelled

    /// Whether another try may help.
    var isPassing: Bool {
        switch self {
        case .status(let code): code >= 500
        case .connection, .stalled: true
        default: false
        }
    }

    /// The failure in words.
    var reason: String {
        switch self {
        case .status(let code): "the server answered with status \(code)"
        case .connection(let words): words
        case .stalled(let seconds): "no bytes came for \(seconds) seconds"
        case .tooLong(let limit): "the server sends more than the \(limit) bytes it may have"
        case .cannotResume: "the server cannot continue the download"
        case .unwritable(let words): "the file cannot be written: \(words)"
        case .cancelled: "cancelled"
        }
    }
}

/// One request for a file, whose bytes go to a part file as they come.
///
/// The session calls the delegate on a queue of its own while `run` waits, so the state is behind a
/// lock; that makes the class safe to share.
final class HTTPTransfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let address: URL
    private let part: PartFile
    private let limit: Int
    private let lock = NSLock()
    private let done = DispatchSemaphore(value: 0)

    // Everything below is read and written under `lock`.
    private var offset = 0
    private var validator: String?
    private var descriptor: Int32 = -1
    private var count = 0
    private var total: Int?
    private var failure: TransferFailure?
    private var redirects = 0
    private var isOver = false

    /// Asks `address`, and continues the bytes in `part` when they came from there.
    init(_ address: URL, into part: PartFile, limit: Int) {
        (self.address, self.part, self.limit) = (address, part, limit)
        super.init()
        validator = part.validator(for: address.absoluteString)
        offset = validator == nil ? 0 : part.byteCount
    }

    /// The byte that the request starts from.
    var startsAt: Int { lock.withLock { offset } }

    /// Sends the request and waits until everything has come or something went wrong.
    func run(
        _ patience: FetchSettings.Patience, isCancelled: () -> Bool,
        onProgress: (_ count: Int, _ total: Int?) -> Void
    ) throws(TransferFailure) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        // The watch below is the only clock; the session's own must not run out before it.
        configuration.timeoutIntervalForRequest = patience.stall * 4 + 60
        let session = URLSession(
            configuration: configuration, delegate: self, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        let task = session.dataTask(with: request())
        task.resume()
        var (lastCount, lastChange) = (-1, Date())
        while done.wait(timeout: .now() + patience.poll) == .timedOut {
            let (count, total) = lock.withLock { (self.count, self.total) }
            if count != lastCount {
                (lastCount, lastChange) = (count, Date())
                onProgress(count, total)
            } else if Date().timeIntervalSince(lastChange) > patience.stall {
                stop(.stalled(patience.stall))
                task.cancel()
                break
            }
            if isCancelled() {
                stop(.cancelled)
                task.cancel()
                break
            }
        }
        let (failure, count, total) = lock.withLock { (self.failure, self.count, self.total) }
        closePart()
        if let failure { throw failure }
        onProgress(count, total)
        if let total, count < total {
            throw .connection("the connection ended after \(count) of \(total) bytes")
        }
    }

    private func request() -> URLRequest {
        var request = URLRequest(url: address)
        request.cachePolicy = .reloadIgnoringLocalCacheData
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if let validator, offset > 0 {
            request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range")
            request.setValue(validator, forHTTPHeaderField: "If-Range")
        }
        return request
    }

    /// Remembers the first failure; later ones follow from it.
    private func stop(_ failure: TransferFailure) {
        lock.withLock {
            if self.failure == nil { self.failure = failure }
            isOver = true
        }
    }

    private func closePart() {
        lock.withLock {
            isOver = true
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    // MARK: - What the session reports

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        do throws(TransferFailure) {
            guard let response = response as? HTTPURLResponse else {
                throw .connection("the answer is not HTTP")
            }
            try begin(response)
            completionHandler(.allow)
        } catch {
            stop(error)
            completionHandler(.cancel)
            done.signal()
        }
    }

    /// Opens the part file for what the response promises.
    private func begin(_ response: HTTPURLResponse) throws(TransferFailure) {
        func header(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
        lock.lock()
        defer { lock.unlock() }
        guard !isOver else { throw .cancelled }
        let isPacked = !["", "identity"].contains(header("Content-Encoding") ?? "")
        let length = isPacked ? nil : header("Content-Length").flatMap(Int.init)
        // A weak tag promises equal meaning, not equal bytes.
        let tag = header("ETag").flatMap { $0.hasPrefix("W/") ? nil : $0 }
        switch response.statusCode {
        case 200:
            offset = 0
            total = length
        case 206 where offset > 0:
            guard header("Content-Range")?.hasPrefix("bytes \(offset)-") == true, !isPacked,
                tag == nil || validator?.hasPrefix("\"") != true || tag == validator
            else { throw .cannotResume }
            total = length.map { $0 + offset }
        case 416 where offset > 0: throw .cannotResume
        default: throw .status(response.statusCode)
        }
        if let total, total > limit { throw .tooLong(limit: limit) }
        do {
            if offset == 0 {
                let mark = isPacked ? nil : tag ?? header("Last-Modified")
                try part.note(address: address.absoluteString, validator: mark)
            }
        } catch {
            throw .unwritable("\(error)")
        }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (offset == 0 ? O_TRUNC : O_APPEND)
        descriptor = open(part.url.path, flags, 0o644)
        guard descriptor >= 0 else { throw .unwritable(String(cString: strerror(errno))) }
        count = offset
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        do throws(TransferFailure) {
            try write(data)
        } catch {
            stop(error)
            dataTask.cancel()
            done.signal()
        }
    }

    private func write(_ data: Data) throws(TransferFailure) {
        lock.lock()
        defer { lock.unlock() }
        guard !isOver, descriptor >= 0 else { return }
        guard count + data.count <= limit else { throw .tooLong(limit: limit) }
        let code: Int32 = data.withUnsafeBytes { bytes in
            var position = 0
            while position < bytes.count, let base = bytes.baseAddress {
                let written = Foundation.write(
                    descriptor, base + position, bytes.count - position)
                if written < 0 && errno == EINTR { continue }
                if written <= 0 { return errno }
                position += written
            }
            return 0
        }
        guard code == 0 else { throw .unwritable(String(cString: strerror(code))) }
        count += data.count
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        let count = lock.withLock {
            redirects += 1
            return redirects
        }
        let isWeb = ["http", "https"].contains(request.url?.scheme?.lowercased() ?? "")
        guard count <= 10, isWeb else {
            stop(
                .connection(
                    isWeb ? "more than 10 redirections" : "a redirection away from the web"))
            completionHandler(nil)
            task.cancel()
            done.signal()
            return
        }
        completionHandler(request)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        if let error { stop(.connection(Self.words(error))) }
        done.signal()
    }

    private static func words(_ error: any Error) -> String {
        guard let code = (error as? URLError)?.code else { return error.localizedDescription }
        return switch code {
        case .cannotFindHost, .dnsLookupFailed: "the name of the server is not known"
        case .cannotConnectToHost: "the server cannot be reached"
        case .networkConnectionLost: "the connection was cut"
        case .notConnectedToInternet: "there is no network"
        case .timedOut: "the server did not answer in time"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate:
            "the certificate of the server is not accepted"
        default: error.localizedDescription
        }
    }
}
