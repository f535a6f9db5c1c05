/// Walks over the blocks of a tar archive.
struct TarReader {
    private let source: TarSource
    /// Bytes of the current file that were not read, and the filling behind them.
    private var remaining = 0
    private var filling = 0
    private var name = ""
    private var isAtEnd = false
    /// The size that an extended header gives to the file that follows it.
    private var longSize: Int?

    /// The longest extended header that is read; names and numbers need far less.
    private static let longestHeader = 1 << 16

    init(_ file: FileContents, limit: Int) throws(FormatError) {
        source = try TarSource(file, limit: limit)
    }

    /// The next ordinary file; `nil` at the end of the archive.
    mutating func next() throws(FormatError) -> TarArchive.Entry? {
        var longName: String?
        while let header = try nextHeader() {
            switch header.kind {
            case UInt8(ascii: "L"):
                longName = String(decoding: try text().prefix { $0 != 0 }, as: UTF8.self)
            case UInt8(ascii: "x"):
                for (key, value) in try TarHeader.records(try text(), source) {
                    if key == "path" { longName = value }
                    if key == "size" { longSize = try size(value) }
                }
            case UInt8(ascii: "0"), UInt8(ascii: "7"), 0:
                name = longName ?? header.name
                // Old archives mark folders by a slash only.
                if !name.hasSuffix("/") { return TarArchive.Entry(name: name, size: remaining) }
                longName = nil
            case UInt8(ascii: "K"), UInt8(ascii: "g"): break
            default: longName = nil
            }
        }
        return nil
    }

    /// The contents of the file that `next` returned last, once.
    mutating func contents(limit: Int) throws(FormatError) -> [UInt8] {
        guard remaining <= limit else {
            throw FormatError(
                .tooLarge, file: source.file.name, offset: source.position, place: name,
                expected: "at most \(limit) bytes", found: "\(remaining) bytes")
        }
        try source.expect(remaining, name)
        let bytes = try source.read(remaining, "the contents of \(name)")
        remaining = 0
        return bytes
    }

    /// Passes over what is left of the last file and reads the header behind it.
    private mutating func nextHeader() throws(FormatError) -> TarHeader? {
        if isAtEnd { return nil }
        try source.skip(remaining, "the contents of \(name)")
        try source.skip(filling, "the filling after \(name)")
        (remaining, filling) = (0, 0)
        let start = source.position
        let block = try source.block()
        guard let block, block.contains(where: { $0 != 0 }) else {
            // Two blocks of zeros end the archive; some writers leave one out, or both.
            if block == nil && start == 0 {
                throw FormatError(
                    .malformed, file: source.file.name, offset: 0, expected: "a tar archive",
                    found: "an empty one")
            }
            isAtEnd = true
            return nil
        }
        let header = try TarHeader(block, source, at: start)
        remaining = header.hasContents ? header.size : 0
        let isExtended = [UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L")]
            .contains(header.kind)
        if !isExtended, let size = longSize {
            if header.hasContents { remaining = size }
            longSize = nil
        }
        filling = (512 - remaining % 512) % 512
        name = header.name
        return header
    }

    /// The contents of an extended header.
    private mutating func text() throws(FormatError) -> [UInt8] {
        try contents(limit: Self.longestHeader)
    }

    private func size(_ text: String) throws(FormatError) -> Int {
        guard let size = Int(text), size >= 0 else {
            throw FormatError(
                .malformed, file: source.file.name, offset: source.position,
                place: "extended header", expected: "a size", found: String(text.prefix(24)))
        }
        return size
    }
}
