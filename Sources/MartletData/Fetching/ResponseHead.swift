/// What the header of a response says, as far as a download needs it.
struct ResponseHead {
    /// The status code; `nil` before the first response.
    private(set) var status: Int?
    private var fields: [String: String] = [:]

    private static let names: Set<String> = [
        "content-length", "content-range", "etag", "last-modified",
    ]

    /// Takes in one line; a status line begins a new response.
    mutating func take(_ line: String) {
        let line = line.trimmedOfSpace
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ")
            (status, fields) = (words.count > 1 ? Int(words[1]) : nil, [:])
        } else if let colon = line.firstIndex(of: ":") {
            let name = line[..<colon].lowercased()
            guard Self.names.contains(name) else { return }
            fields[name] = line[line.index(after: colon)...].trimmedOfSpace
        }
    }

    /// Whether the response leads to another address.
    var isRedirection: Bool { status.map { (300..<400).contains($0) } ?? false }

    /// The number of bytes that follow.
    var length: Int? { fields["content-length"].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 } }

    /// The tag of the file, unless it is a weak one, which promises equal meaning, not equal bytes.
    var tag: String? { fields["etag"].flatMap { $0.hasPrefix("\"") ? $0 : nil } }

    /// What identifies the file: its tag or else its date.
    var validator: String? { tag ?? fields["last-modified"] }

    /// Whether the bytes that follow begin at `offset` of the file.
    func starts(at offset: Int) -> Bool {
        fields["content-range"]?.lowercased().hasPrefix("bytes \(offset)-") ?? false
    }
}

extension StringProtocol {
    /// The text without white space and line ends at both sides.
    fileprivate var trimmedOfSpace: String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
