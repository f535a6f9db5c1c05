/// Why one request did not bring the file.
enum TransferFailure: Error, Hashable {
    /// The server answered with this status.
    case status(Int)
    /// The connection failed or was cut, in words.
    case connection(String)
    /// The request cannot succeed, in words.
    case refused(String)
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
        // 408 is a request that took too long, 429 too many of them.
        case .status(let code): code >= 500 || code == 408 || code == 429
        case .connection, .stalled: true
        default: false
        }
    }

    /// Whether the bytes that are here already are of no use.
    var spoilsPart: Bool {
        switch self {
        case .status(let code): code == 404 || code == 410
        case .tooLong, .cannotResume: true
        default: false
        }
    }

    /// The failure in words.
    var reason: String {
        switch self {
        case .status(let code): "the server answered with status \(code)"
        case .connection(let words), .refused(let words): words
        case .stalled(let seconds): "no bytes came for \(seconds) seconds"
        case .tooLong(let limit): "the server sends more than the \(limit) bytes it may have"
        case .cannotResume: "the server cannot continue the download"
        case .unwritable(let words): "the file cannot be written: \(words)"
        case .cancelled: "cancelled"
        }
    }
}
