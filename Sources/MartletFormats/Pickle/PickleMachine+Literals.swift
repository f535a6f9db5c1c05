import Foundation

/// Instructions that push numbers, texts and bytes.
extension PickleMachine {
    mutating func runLiteral(_ code: UInt8) throws(FormatError) -> Bool {
        switch code {
        case UInt8(ascii: "N"): pushShared(.none, key: -1)
        case 0x88: pushShared(.truth(true), key: -2)
        case 0x89: pushShared(.truth(false), key: -3)
        case UInt8(ascii: "I"): try pushDecimalOrTruth()
        case UInt8(ascii: "K"):
            let value = Int(try cursor.byte("a number"))
            pushShared(.integer(value), key: value)
        case UInt8(ascii: "M"): push(.integer(try cursor.size(2, "a number")))
        case UInt8(ascii: "J"):
            let bits = try cursor.littleEndian(4, "a number")
            push(.integer(Int(Int32(truncatingIfNeeded: bits))))
        case UInt8(ascii: "L"): try pushLongDecimal()
        case 0x8A: try pushLong(Int(cursor.byte("the length of a number")))
        case 0x8B: try pushLong(length(4, "a number"))
        case UInt8(ascii: "F"): try pushDecimalFraction()
        case UInt8(ascii: "G"):
            push(.number(Double(bitPattern: try cursor.bigEndian(8, "a number"))))
        case UInt8(ascii: "S"): try pushQuoted()
        case UInt8(ascii: "U"): try pushBytes(Int(cursor.byte("the length of a text")))
        case UInt8(ascii: "T"): try pushBytes(length(4, "a text"))
        case UInt8(ascii: "C"): try pushBytes(Int(cursor.byte("the length of bytes")))
        case UInt8(ascii: "B"): try pushBytes(Int(cursor.littleEndian(4, "the length of bytes")))
        case 0x8E, 0x96: try pushBytes(cursor.size(8, "the length of bytes"))
        case UInt8(ascii: "V"): try pushText(escaped: line())
        case 0x8C: try pushText(Int(cursor.byte("the length of a text")))
        case UInt8(ascii: "X"): try pushText(Int(cursor.littleEndian(4, "the length of a text")))
        case 0x8D: try pushText(cursor.size(8, "the length of a text"))
        default: return false
        }
        return true
    }

    /// A signed length, of which only those from zero on make sense.
    private mutating func length(_ count: Int, _ what: String) throws(FormatError) -> Int {
        let bits = try cursor.littleEndian(count, "the length of \(what)")
        let length = Int(Int32(truncatingIfNeeded: bits))
        guard length >= 0 else {
            throw refusal(.malformed, "a length of 0 or more", "\(length)")
        }
        return length
    }

    private mutating func pushDecimalOrTruth() throws(FormatError) {
        let digits = try line()
        switch String(decoding: digits.prefix(3), as: UTF8.self) {
        case "00" where digits.count == 2: push(.truth(false))
        case "01" where digits.count == 2: push(.truth(true))
        default: push(.integer(try decimal(digits)))
        }
    }

    private mutating func pushLongDecimal() throws(FormatError) {
        var digits = try line()
        if digits.last == UInt8(ascii: "L") { digits.removeLast() }
        let body = digits.first == UInt8(ascii: "-") ? digits.dropFirst() : digits
        guard !body.isEmpty, body.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw refusal(
                .malformed, "a whole number", String(decoding: digits.prefix(40), as: UTF8.self))
        }
        let value = digits.count > 20 ? nil : Int(String(decoding: digits, as: UTF8.self))
        push(value.map { .integer($0) } ?? .wideInteger)
    }

    /// A number in two's complement, the lowest byte first.
    private mutating func pushLong(_ length: Int) throws(FormatError) {
        let bytes = file.bytes[try cursor.take(length, "a number")]
        guard bytes.count <= 8 else { return push(.wideInteger) }
        let isNegative = bytes.last.map { $0 >= 128 } ?? false
        let value = bytes.reversed().reduce(isNegative ? Int(-1) : 0) { $0 << 8 | Int($1) }
        push(.integer(value))
    }

    private mutating func pushDecimalFraction() throws(FormatError) {
        let digits = try line()
        let text = String(decoding: digits.prefix(64), as: UTF8.self)
        guard digits.count <= 64, let value = Double(text) else {
            throw refusal(.malformed, "a number", text)
        }
        push(.number(value))
    }

    private mutating func pushBytes(_ length: Int) throws(FormatError) {
        push(.bytes(Array(file.bytes[try cursor.take(length, "bytes")])))
    }

    private mutating func pushText(_ length: Int) throws(FormatError) {
        let bytes = file.bytes[try cursor.take(length, "a text")]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(.malformed, "a text in UTF-8", "other bytes")
        }
        push(.text(text))
    }

    /// The literal of protocol 0: bytes between quotes with Python's escapes.
    private mutating func pushQuoted() throws(FormatError) {
        let literal = Array(try line())
        guard literal.count >= 2, let quote = literal.first, quote == literal.last,
            quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
        else { throw refusal(.malformed, "a text in quotes", "another line") }
        var bytes: [UInt8] = []
        var rest = literal.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard let escape = rest.popFirst() else {
                throw refusal(.malformed, "an escape", "the end of the text")
            }
            if escape == UInt8(ascii: "x") {
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else {
                    throw refusal(.malformed, "two digits of base 16", digits)
                }
                rest = rest.dropFirst(2)
                bytes.append(value)
            } else if let value = Self.escapes[escape] {
                bytes.append(value)
            } else {
                bytes += [byte, escape]
            }
        }
        push(.bytes(bytes))
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "\\"): 92,
        UInt8(ascii: "'"): 39, UInt8(ascii: "\""): 34, UInt8(ascii: "0"): 0,
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "v"): 11,
    ]

    /// The text of protocol 0: Latin-1 with `\uXXXX` and `\UXXXXXXXX`.
    private mutating func pushText(escaped line: ArraySlice<UInt8>) throws(FormatError) {
        var scalars = String.UnicodeScalarView()
        var rest = line
        while let byte = rest.popFirst() {
            let isEscape = byte == UInt8(ascii: "\\")
            let count =
                isEscape ? [UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][rest.first ?? 0] : nil
            guard let count else {
                scalars.append(Unicode.Scalar(byte))
                continue
            }
            let digits = String(decoding: rest.dropFirst().prefix(count), as: UTF8.self)
            guard digits.utf8.count == count, let value = UInt32(digits, radix: 16) else {
                throw refusal(.malformed, "\(count) digits of base 16", digits)
            }
            scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            rest = rest.dropFirst(count + 1)
        }
        push(.text(String(scalars)))
    }
}
