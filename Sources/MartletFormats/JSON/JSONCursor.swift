/// Reads JSON piece by piece, strictly and without building a tree.
///
/// The caller asks for what it expects, so nothing is nested deeper and no more memory is taken
/// than the caller's own format has room for.
///
/// - Source: RFC 8259.
struct JSONCursor {
    let file: String
    let bytes: [UInt8]
    /// The next byte to read.
    var position: Int
    /// Where `bytes` begins in the file, added to the byte numbers of messages.
    var origin: Int

    init(_ bytes: [UInt8], file: String, at position: Int = 0, origin: Int = 0) {
        (self.bytes, self.file, self.position, self.origin) = (bytes, file, position, origin)
    }

    func refusal(_ expected: String, _ found: String? = nil) -> FormatError {
        let rest = bytes[min(position, bytes.count)...].prefix(24)
        let text = rest.isEmpty ? "the end" : String(decoding: rest, as: UTF8.self)
        return FormatError(
            .malformed, file: file, offset: origin + position, place: "JSON", expected: expected,
            found: found ?? text)
    }

    mutating func skipSpaces() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
            position += 1
        }
    }

    /// Moves over one mark such as a brace if it comes next.
    mutating func accept(_ mark: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ mark: Unicode.Scalar, _ what: String) throws(FormatError) {
        guard accept(mark) else { throw refusal(what) }
    }

    /// Reads an object; `member` is called behind every name and reads the value.
    mutating func object(
        _ what: String, _ member: (inout JSONCursor, String) throws(FormatError) -> Void
    ) throws(FormatError) {
        try expect("{", what)
        if accept("}") { return }
        repeat {
            skipSpaces()
            let name = try string("a name in quotes")
            try expect(":", "a colon")
            try member(&self, name)
        } while accept(",")
        try expect("}", "a comma or a closing brace")
    }

    /// Reads an array of whole numbers from zero on.
    mutating func sizes(_ what: String, most: Int) throws(FormatError) -> [Int] {
        try expect("[", what)
        var sizes: [Int] = []
        if accept("]") { return sizes }
        repeat {
            guard sizes.count < most else { throw refusal("at most \(most) numbers", "more") }
            sizes.append(try size(what))
        } while accept(",")
        try expect("]", "a comma or a closing bracket")
        return sizes
    }

    /// Reads a whole number from 0 to 2^63 - 1.
    mutating func size(_ what: String) throws(FormatError) -> Int {
        skipSpaces()
        let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
        let next = position + digits.count
        let isWhole = next >= bytes.count || ![0x2E, 0x45, 0x65].contains(bytes[next])
        let hasLeadingZero = digits.count > 1 && digits.first == 0x30
        guard digits.count <= 19, isWhole, !hasLeadingZero,
            let value = Int(String(decoding: digits, as: UTF8.self))
        else { throw refusal("\(what): a whole number from 0 to 2^63 - 1") }
        position = next
        return value
    }

    /// Reads a text.
    mutating func string(_ what: String) throws(FormatError) -> String {
        skipSpaces()
        guard position < bytes.count, bytes[position] == 0x22 else { throw refusal(what) }
        var end = position + 1
        while end < bytes.count, bytes[end] != 0x22, bytes[end] != 0x5C, bytes[end] >= 0x20 {
            end += 1
        }
        if end < bytes.count, bytes[end] == 0x22 {
            let text = try validated(bytes[position + 1..<end])
            position = end + 1
            return text
        }
        return try stringWithEscapes()
    }

    private func validated(_ part: ArraySlice<UInt8>) throws(FormatError) -> String {
        guard let text = String(validating: part, as: UTF8.self) else {
            throw refusal("a text in UTF-8", "other bytes")
        }
        return text
    }

    private mutating func stringWithEscapes() throws(FormatError) -> String {
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case 0x22: return try validated(text[...])
            case 0x5C: try readEscape(into: &text)
            case 0..<0x20:
                position -= 1
                throw refusal("a text without control characters", "byte \(byte)")
            default: text.append(byte)
            }
        }
        throw refusal("the closing quote of a text")
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(FormatError) {
        guard position < bytes.count else { throw refusal("an escape") }
        let letter = bytes[position]
        if let plain = Self.escapes[letter] {
            text.append(plain)
            position += 1
            return
        }
        guard letter == UInt8(ascii: "u") else {
            throw refusal("one of the escapes of JSON")
        }
        position += 1
        var value = try fourDigits()
        if (0xD800..<0xDC00).contains(value) {
            guard position + 1 < bytes.count, bytes[position] == 0x5C,
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw refusal("the second half of a surrogate pair") }
            position += 2
            let low = try fourDigits()
            guard (0xDC00..<0xE000).contains(low) else {
                throw refusal(
                    "the second half of a surrogate pair", hexadecimal(UInt64(low), digits: 4))
            }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw refusal("a Unicode scalar", hexadecimal(UInt64(value), digits: 4))
        }
        text += Array(String(scalar).utf8)
    }

    private mutating func fourDigits() throws(FormatError) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        let isHexadecimal = digits.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x46).contains($0 & 0xDF)
        }
        guard digits.count == 4, isHexadecimal,
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw refusal("four digits of base 16") }
        position += 4
        return value
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
        UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
    ]
}

/// The text as a JSON string in quotes; everything but quotes, backslashes and control characters
/// stands for itself.
func quotedForJSON(_ text: String) -> [UInt8] {
    var result: [UInt8] = [0x22]
    for byte in text.utf8 {
        switch byte {
        case 0x22, 0x5C: result += [0x5C, byte]
        case 0..<0x20: result += Array("\\u\(hexadecimal(UInt64(byte), digits: 4))".utf8)
        default: result.append(byte)
        }
    }
    return result + [0x22]
}
