import CCurl
import Foundation
import MartletFormats

/// One request for a file, whose bytes go to a part file as they come.
///
/// Everything happens on the thread that calls `run`.
final class HTTPTransfer {
    private let address: URL
    private let part: PartFile
    private let limit: Int
    private let settings: FetchSettings
    private let validator: String?
    /// The byte that the request starts from.
    let startsAt: Int

    private var head = ResponseHead()
    private var hasBegun = false
    private var descriptor: Int32 = -1
    /// The bytes in the part file, and how many there will be.
    private var (count, total): (Int, Int?) = (0, nil)
    private var failure: TransferFailure?
    private let clock = ContinuousClock()
    private var lastTurn: ContinuousClock.Instant
    private var lastByte: ContinuousClock.Instant
    private var onProgress: (_ count: Int, _ total: Int?) -> Void = { _, _ in }

    /// Redirections that are followed; servers of data sets need one or two.
    private static let mostRedirections = 5

    /// Asks `address`, and continues the bytes in `part` when they came from there.
    init(_ address: URL, into part: PartFile, limit: Int, _ settings: FetchSettings) {
        (self.address, self.part, self.limit) = (address, part, limit)
        self.settings = settings
        validator = part.validator(for: address.absoluteString)
        startsAt = validator == nil ? 0 : part.byteCount
        lastTurn = clock.now
        lastByte = clock.now
    }

    /// The number of bytes that this request added and that the next one can continue.
    var gained: Int {
        hasBegun && (validator ?? head.validator) != nil ? max(0, count - startsAt) : 0
    }

    /// Sends the request and waits until everything has come or something went wrong.
    func run(
        _ library: CurlLibrary, onProgress: @escaping (_ count: Int, _ total: Int?) -> Void
    ) throws(TransferFailure) {
        self.onProgress = onProgress
        defer {
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
        (lastTurn, lastByte) = (clock.now, clock.now)
        let (code, words) = send(library)
        if let failure { throw failure }
        if code != CCURL_OK.rawValue { throw trouble(code, words) }
        // A response without a body has not begun yet.
        try begin()
        onProgress(count, total)
    }

    /// Lets libcurl send the request; its outcome and its words.
    private func send(_ library: CurlLibrary) -> (UInt32, String) {
        var headers = ["Accept-Encoding: identity"]
        if let validator, startsAt > 0 {
            headers += ["Range: bytes=\(startsAt)-", "If-Range: \(validator)"]
        }
        func variable(_ names: String...) -> String? {
            names.lazy.compactMap { self.settings.environment[$0] }.first { !$0.isEmpty }
        }
        // This machine is never behind a proxy.
        let direct = [variable("no_proxy", "NO_PROXY"), "localhost,127.0.0.1,::1"]
            .compactMap { $0 }.joined(separator: ",")
        let texts = [address.absoluteString, direct] + headers
        var copies = texts.map { strdup($0) }
        copies.append(variable("CURL_CA_BUNDLE", "SSL_CERT_FILE").flatMap { strdup($0) })
        defer { copies.forEach { free($0) } }
        let pointers = copies.map { UnsafePointer($0) }
        var message = [CChar](repeating: 0, count: 256)
        let size = message.count
        let code = pointers.withUnsafeBufferPointer { texts in
            var request = ccurl_request()
            (request.address, request.no_proxy) = (texts[0], texts[1])
            request.headers = texts.baseAddress.map { $0 + 2 }
            request.header_count = headers.count
            request.certificates = texts[texts.count - 1]
            request.most_redirects = Self.mostRedirections
            request.connect_milliseconds = Self.milliseconds(settings.patience.stall)
            request.turn_milliseconds = Int32(Self.milliseconds(settings.patience.poll))
            request.context = Unmanaged.passUnretained(self).toOpaque()
            request.on_header = { HTTPTransfer.from($0)?.takeHeader($1, $2) }
            request.on_body = { HTTPTransfer.from($0)?.takeBody($1, $2) ?? false }
            request.on_turn = { HTTPTransfer.from($0)?.takeTurn() ?? false }
            return ccurl_get(library.pointer, &request, &message, size)
        }
        let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return (UInt32(bitPattern: code), String(decoding: text, as: UTF8.self))
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer? {
        context.map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
    }

    private static func milliseconds(_ seconds: Double) -> Int {
        Int(min(max(seconds * 1000, 1), 1e9).rounded(.up))
    }

    // MARK: - What libcurl reports

    private func takeHeader(_ bytes: UnsafePointer<CChar>?, _ count: Int) {
        lastByte = clock.now
        let line = UnsafeRawBufferPointer(start: bytes, count: count)
        head.take(String(decoding: line, as: UTF8.self))
    }

    private func takeBody(_ bytes: UnsafeRawPointer?, _ count: Int) -> Bool {
        lastByte = clock.now
        do throws(TransferFailure) {
            try begin()
            try write(UnsafeRawBufferPointer(start: bytes, count: count))
        } catch {
            failure = error
        }
        return failure == nil
    }

    /// Looks at the clock, and lets others look at the progress; false ends the transfer.
    private func takeTurn() -> Bool {
        let now = clock.now
        guard now - lastTurn >= .seconds(settings.patience.poll) else { return true }
        lastTurn = now
        if hasBegun { onProgress(count, total) }
        if settings.isCancelled() {
            failure = .cancelled
        } else if now - lastByte > .seconds(settings.patience.stall) {
            failure = .stalled(settings.patience.stall)
        }
        return failure == nil
    }

    /// Opens the part file for what the response promises, once.
    private func begin() throws(TransferFailure) {
        if hasBegun { return }
        var offset = 0
        switch head.status {
        case nil: throw .connection("the answer is not HTTP")
        case 200?: break
        case 206? where startsAt > 0:
            offset = startsAt
            guard head.starts(at: offset), let validator,
                head.tag == nil || !validator.hasPrefix("\"") || head.tag == validator
            else { throw .cannotResume }
        case 416? where startsAt > 0: throw .cannotResume
        case let status?: throw .status(status)
        }
        total = head.length.map { $0.addingReportingOverflow(offset).partialValue }
        if let total, !(offset...max(offset, limit)).contains(total) {
            throw .tooLong(limit: limit)
        }
        if offset == 0 {
            do {
                try part.note(address: address.absoluteString, validator: head.validator)
            } catch {
                throw .unwritable(error.plainReason)
            }
        }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (offset == 0 ? O_TRUNC : O_APPEND)
        descriptor = open(part.url.path, flags, 0o644)
        guard descriptor >= 0 else { throw .unwritable(String(cString: strerror(errno))) }
        (count, hasBegun) = (offset, true)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(TransferFailure) {
        guard bytes.count <= limit - min(count, limit) else { throw .tooLong(limit: limit) }
        var rest = bytes
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw .unwritable(String(cString: strerror(errno))) }
            count += written
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
    }

    /// What an outcome of libcurl means for the download.
    private func trouble(_ code: UInt32, _ words: String) -> TransferFailure {
        if let status = head.status, !hasBegun, status >= 400 { return .status(status) }
        switch ccurl_outcome(code) {
        case CCURL_UNKNOWN_HOST: return .refused("the name of the server is not known")
        case CCURL_UNKNOWN_PROXY: return .refused("the name of the proxy is not known")
        case CCURL_CANNOT_CONNECT: return .connection("the server cannot be reached")
        case CCURL_TIMED_OUT: return .connection("the server did not answer in time")
        case CCURL_PARTIAL_FILE, CCURL_GOT_NOTHING, CCURL_SEND_ERROR, CCURL_RECEIVE_ERROR:
            let whole = (total ?? head.length).map { " of \($0)" } ?? ""
            return .connection("the connection was cut after \(count)\(whole) bytes")
        case CCURL_TOO_MANY_REDIRECTS:
            return .refused("more than \(Self.mostRedirections) redirections")
        case CCURL_UNSUPPORTED_PROTOCOL where head.isRedirection:
            return .refused("a redirection away from the web")
        case CCURL_BAD_CERTIFICATE:
            return .refused("the certificate of the server is not accepted: \(words)")
        case CCURL_BAD_CERTIFICATE_FILE:
            return .refused(
                "there are no certificates to trust (package ca-certificates): \(words)")
        case CCURL_UNSUPPORTED_PROTOCOL: return .refused(words)
        default: return .connection(words)
        }
    }
}
