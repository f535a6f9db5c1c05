/// Reads numbers from bytes in order; every step is checked against the end.
struct ByteCursor {
    let file: FileContents
    /// The next byte to read.
    var position: Int
    /// The first byte that may not be read.
    let end: Int

    init(_ file: FileContents, at position: Int = 0) {
        (self.file, self.position, end) = (file, position, file.bytes.count)
    }

    /// The number of bytes that are left.
    var remaining: Int { end - position }

    /// Moves over the next `count` bytes, and returns where they were.
    mutating func take(_ count: Int, _ what: String) throws(FormatError) -> Range<Int> {
        guard count >= 0, count <= remaining else {
            throw FormatError(
                .malformed, file: file.name, offset: position,
                expected: "\(count) bytes of \(what)",
                found: "\(remaining) bytes before the end of the file",
                fix: "the file was cut short; get it again")
        }
        defer { position += count }
        return position..<position + count
    }

    /// The next byte.
    mutating func byte(_ what: String) throws(FormatError) -> UInt8 {
        file.bytes[try take(1, what).lowerBound]
    }

    /// The next unsigned number of 1 to 8 bytes, the lowest byte first.
    mutating func littleEndian(_ count: Int, _ what: String) throws(FormatError) -> UInt64 {
        file.bytes[try take(count, what)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The next unsigned number of 1 to 8 bytes, the highest byte first.
    mutating func bigEndian(_ count: Int, _ what: String) throws(FormatError) -> UInt64 {
        file.bytes[try take(count, what)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The next unsigned number, the lowest byte first, as a size that `Int` can hold.
    mutating func size(_ count: Int, _ what: String) throws(FormatError) -> Int {
        let start = position
        let value = try littleEndian(count, what)
        guard let size = Int(exactly: value) else {
            throw FormatError(
                .malformed, file: file.name, offset: start, expected: "\(what) below 2^63",
                found: "\(value)")
        }
        return size
    }
}

extension Array where Element == UInt8 {
    /// The bytes from `offset` on, compared with `mark`; false when there are fewer.
    func holds(_ mark: [UInt8], at offset: Int = 0) -> Bool {
        offset >= 0 && count - offset >= mark.count
            && self[offset..<offset + mark.count].elementsEqual(mark)
    }

    /// The first bytes in a form for messages: readable text, or numbers.
    package var opening: String {
        if isEmpty { return "an empty file" }
        var text = String(decoding: prefix(24), as: UTF8.self)
        // A letter that is cut in the middle says nothing about the file.
        if count > 24, text.last == "\u{FFFD}" { text.removeLast() }
        let isText = text.unicodeScalars.allSatisfy { letter in
            letter.properties.isWhitespace
                || (letter.properties.generalCategory != .control && letter != "\u{FFFD}")
        }
        if isText {
            return "text: " + text.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
        return "bytes "
            + prefix(8).map { hexadecimal(UInt64($0), digits: 2) }.joined(separator: " ")
    }
}

/// The number in base 16 with at least `digits` digits.
func hexadecimal(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// The product of sizes, or `nil` when one is negative or the product does not fit `Int`.
///
/// The product of the sizes that are not zero must fit too, so that strides can be computed.
func checkedProduct(_ sizes: some Sequence<Int>) -> Int? {
    var product = 1
    var isEmpty = false
    for size in sizes {
        guard size >= 0 else { return nil }
        if size == 0 {
            isEmpty = true
            continue
        }
        let (next, overflow) = product.multipliedReportingOverflow(by: size)
        if overflow { return nil }
        product = next
    }
    return isEmpty ? 0 : product
}
