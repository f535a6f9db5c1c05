import Foundation

/// Reads brackets, commas and numbers of a JSON text while it is unpacked.
///
/// - Source: RFC 8259, section 6 for the form of numbers.
struct JSONNumberReader {
    private let file: FileContents
    private let stream: InflateStream?
    private var buffer: [UInt8]
    private var position = 0
    private var filled = 0
    /// The number of bytes of the text that came before the buffer.
    private var consumed = 0
    /// Where in the contents the reader is, for messages.
    var place = ""

    init(_ file: FileContents) throws(FormatError) {
        self.file = file
        if Packing.isGzip(file.bytes) {
            stream = try InflateStream(file, .gzip)
            buffer = [UInt8](repeating: 0, count: 1 << 16)
        } else {
            stream = nil
            buffer = file.bytes
            filled = buffer.count
        }
    }

    func refusal(_ expected: String, _ found: String) -> FormatError {
        FormatError(
            .malformed, file: file.name, offset: consumed + position,
            place: place + (stream == nil ? "" : "; unpacked text"), expected: expected,
            found: found)
    }

    /// The next byte without taking it; `nil` at the end.
    private mutating func peek() throws(FormatError) -> UInt8? {
        if position < filled { return buffer[position] }
        guard let stream else { return nil }
        consumed += filled
        filled = try buffer.withUnsafeMutableBufferPointer { (target) throws(FormatError) in
            try stream.read(target)
        }
        position = 0
        return filled > 0 ? buffer[0] : nil
    }

    private mutating func peekAfterSpaces() throws(FormatError) -> UInt8? {
        while let byte = try peek() {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    private func name(_ byte: UInt8?) -> String {
        guard let byte else { return "the end of the text" }
        return (33..<127).contains(byte)
            ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte \(byte)"
    }

    /// Takes the character if it comes next, after spaces.
    mutating func accept(_ character: Unicode.Scalar) throws(FormatError) -> Bool {
        guard let byte = try peekAfterSpaces(), UInt32(byte) == character.value else {
            return false
        }
        position += 1
        return true
    }

    /// Takes the character, or says what it would have begun or ended.
    mutating func expect(
        _ character: Unicode.Scalar, _ what: @autoclosure () -> String
    ) throws(FormatError) {
        guard try accept(character) else {
            throw refusal("\"\(character)\": \(what())", name(try peekAfterSpaces()))
        }
    }

    /// Fails unless only spaces are left.
    mutating func expectEnd() throws(FormatError) {
        if let byte = try peekAfterSpaces() { throw refusal("the end of the text", name(byte)) }
    }

    /// The next number, rounded once to single precision.
    mutating func float() throws(FormatError) -> Float {
        if let value = shortFloat() { return value }
        let value = try double()
        let float = Float(value)
        guard float.isFinite else { throw refusal("a number that float32 holds", "\(value)") }
        // Rounding twice can only differ when the first result lies between two floats exactly.
        if value.bitPattern & 0x1FFF_FFFF == 0x1000_0000 {
            return Float(String(decoding: token, as: UTF8.self)) ?? float
        }
        return float
    }

    /// The next number if it is short, lies whole in the buffer and has no exponent.
    ///
    /// Else it is `nil`, and nothing is taken. Nearly every number of a data set is of this kind.
    private mutating func shortFloat() -> Float? {
        let mostBytes = 20
        guard filled - position > mostBytes else { return nil }
        let (value, count) = buffer.withUnsafeBufferPointer { bytes -> (Double?, Int) in
            var at = position
            let isNegative = bytes[at] == UInt8(ascii: "-")
            if isNegative { at += 1 }
            let firstDigit = at
            var mantissa: UInt64 = 0
            var point: Int?
            while at - position < mostBytes {
                let byte = bytes[at]
                if byte >= 0x30 && byte <= 0x39 {
                    mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
                } else if byte == UInt8(ascii: "."), point == nil {
                    point = at
                } else {
                    break
                }
                at += 1
            }
            let integerCount = (point ?? at) - firstDigit
            let fractionCount = point.map { at - $0 - 1 } ?? 0
            let isWhole = integerCount > 0 && (point == nil || fractionCount > 0)
            let hasLeadingZero = integerCount > 1 && bytes[firstDigit] == 0x30
            let next = bytes[at]
            let isEnd = next == UInt8(ascii: ",") || next == UInt8(ascii: "]")
            guard isWhole, !hasLeadingZero, isEnd, integerCount + fractionCount <= 15 else {
                return (nil, 0)
            }
            let size = Double(mantissa) / Self.powersOfTen[fractionCount]
            return (isNegative ? -size : size, at - position)
        }
        guard let value, value.bitPattern & 0x1FFF_FFFF != 0x1000_0000 else { return nil }
        position += count
        return Float(value)
    }

    /// The characters of the number that was read last.
    private var token: [UInt8] = []

    /// The next number.
    mutating func double() throws(FormatError) -> Double {
        guard let first = try peekAfterSpaces(), first == UInt8(ascii: "-") || isDigit(first) else {
            throw refusal("a number", name(try peekAfterSpaces()))
        }
        token.removeAll(keepingCapacity: true)
        if first == UInt8(ascii: "-") { try take(first) }
        var mantissa: UInt64 = 0
        var (digitCount, fractionCount) = (0, 0)
        let firstDigit = try peek()
        let integerCount = try digits(&mantissa)
        guard integerCount > 0 else { throw refusal("a digit", name(try peek())) }
        guard integerCount == 1 || firstDigit != UInt8(ascii: "0") else {
            throw refusal("a number without a leading zero", "a leading zero")
        }
        digitCount = integerCount
        if try peek() == UInt8(ascii: ".") {
            try take(UInt8(ascii: "."))
            fractionCount = try digits(&mantissa)
            guard fractionCount > 0 else { throw refusal("a digit", name(try peek())) }
            digitCount += fractionCount
        }
        let hasExponent = try takeExponent()
        // Up to here numerator and power of ten are exact, so one division rounds correctly.
        if digitCount <= 15, !hasExponent {
            let size = Double(mantissa) / Self.powersOfTen[fractionCount]
            return first == UInt8(ascii: "-") ? -size : size
        }
        guard let value = Double(String(decoding: token, as: UTF8.self)), value.isFinite else {
            throw refusal("a finite number", String(decoding: token.prefix(40), as: UTF8.self))
        }
        return value
    }

    private static let powersOfTen: [Double] = (0...15).map { pow(10, Double($0)) }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private mutating func take(_ byte: UInt8) throws(FormatError) {
        guard token.count < 512 else { throw refusal("a number of at most 512 characters", "more") }
        token.append(byte)
        position += 1
    }

    private mutating func digits(_ mantissa: inout UInt64) throws(FormatError) -> Int {
        var count = 0
        while let byte = try peek(), isDigit(byte) {
            try take(byte)
            mantissa = mantissa &* 10 &+ UInt64(byte - 0x30)
            count += 1
        }
        return count
    }

    private mutating func takeExponent() throws(FormatError) -> Bool {
        guard let mark = try peek(), mark | 0x20 == UInt8(ascii: "e") else { return false }
        try take(mark)
        if let sign = try peek(), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            try take(sign)
        }
        var ignored: UInt64 = 0
        guard try digits(&ignored) > 0 else { throw refusal("a digit", name(try peek())) }
        return true
    }
}
