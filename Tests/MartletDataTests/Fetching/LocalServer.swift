import Foundation

/// A server of HTTP on 127.0.0.1 that answers as a test tells it to, also wrongly.
final class LocalServer: @unchecked Sendable {
    struct Request: Sendable {
        var path: String
        /// The header fields, their names in lower case.
        var headers: [String: String]

        /// The first byte that a `Range` field asks for.
        var start: Int? {
            headers["range"].flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) }
        }
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        /// What `Content-Length` says; `nil` leaves the field out.
        var claimedLength: Int?
        /// After so many bytes of the body the connection is cut.
        var cut: Int?
        /// After so many bytes of the body nothing more comes.
        var stall: Int?
        /// Seconds before the answer.
        var delay = 0.0

        /// A whole file with its right length.
        static func file(_ bytes: [UInt8], tag: String? = nil) -> Answer {
            var answer = Answer(body: bytes, claimedLength: bytes.count)
            if let tag { answer.headers["ETag"] = tag }
            return answer
        }

        /// The rest of a file, as a server answers a range.
        static func rest(_ bytes: [UInt8], from start: Int, tag: String? = nil) -> Answer {
            var answer = file(Array(bytes[start...]), tag: tag)
            answer.status = 206
            answer.headers["Content-Range"] = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
            return answer
        }
    }

    /// Without this a connection that the other side closed would end the process.
    #if canImport(Darwin)
        private static let noSignal: Int32 = 0
    #else
        private static let noSignal = Int32(MSG_NOSIGNAL)
    #endif

    private let lock = NSLock()
    private let descriptor: Int32
    private let respond: @Sendable (Request, Int) -> Answer
    private var log: [Request] = []
    private var isStopped = false
    let port: UInt16

    /// Starts to listen; `respond` is given each request and how many there were before.
    init(_ respond: @escaping @Sendable (Request, Int) -> Answer) throws {
        self.respond = respond
        let descriptor = Self.newSocket()
        self.descriptor = descriptor
        guard descriptor >= 0, Self.withLoopback(0, { bind(descriptor, $0, $1) }) == 0,
            listen(descriptor, 16) == 0
        else { throw POSIXError(.EADDRNOTAVAIL) }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &size)
            }
        }
        guard code == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in accept() }
    }

    private static func newSocket() -> Int32 {
        #if canImport(Glibc)
            socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            socket(AF_INET, SOCK_STREAM, 0)
        #endif
    }

    /// Hands over the address of a port on this machine.
    @discardableResult private static func withLoopback(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// The address of a file on this server.
    func address(_ path: String = "") -> String { "http://127.0.0.1:\(port)/\(path)" }

    /// The requests so far.
    var requests: [Request] { lock.withLock { log } }

    /// Ends the server and every answer that still stalls.
    func stop() {
        lock.withLock { isStopped = true }
        // The thread that listens closes its socket itself, so that the number of the socket is not
        // given to another while it listens; a connection wakes it.
        let caller = Self.newSocket()
        Self.withLoopback(port) { connect(caller, $0, $1) }
        close(caller)
    }

    private var stopped: Bool { lock.withLock { isStopped } }

    private func accept() {
        while true {
            let connection = Foundation.accept(descriptor, nil, nil)
            if connection < 0 && (errno == EINTR || errno == ECONNABORTED) { continue }
            if connection < 0 || stopped {
                if connection >= 0 { close(connection) }
                close(descriptor)
                return
            }
            Thread.detachNewThread { [self] in
                serve(connection)
                close(connection)
            }
        }
    }

    private func serve(_ connection: Int32) {
        guard let request = read(connection) else { return }
        let count = lock.withLock {
            log.append(request)
            return log.count - 1
        }
        let answer = respond(request, count)
        if answer.delay > 0 { Thread.sleep(forTimeInterval: answer.delay) }
        var head = "HTTP/1.1 \(answer.status) Answer\r\nConnection: close\r\n"
        for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
        if let length = answer.claimedLength { head += "Content-Length: \(length)\r\n" }
        let end = min(answer.cut ?? Int.max, answer.stall ?? Int.max, answer.body.count)
        guard send(Array((head + "\r\n").utf8), connection),
            send(Array(answer.body.prefix(end)), connection)
        else { return }
        if answer.stall != nil {
            let limit = Date().addingTimeInterval(60)
            while !stopped && Date() < limit { Thread.sleep(forTimeInterval: 0.01) }
        }
        shutdown(connection, Int32(SHUT_WR))
    }

    private func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var position = 0
        while position < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.send(
                    connection, buffer.baseAddress.map { $0 + position }, buffer.count - position,
                    Self.noSignal)
            }
            if count <= 0 { return false }
            position += count
        }
        return true
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            bytes += buffer[..<count]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return Request(path: path, headers: headers)
    }
}
