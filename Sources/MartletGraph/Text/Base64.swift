/// Bytes as text after RFC 4648, for constants too long to read.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The value of each character; 255 marks the others.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// The number of characters that `byteCount` bytes become.
    static func length(_ byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(length(bytes.count))
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var word = 0
            for offset in 0..<3 {
                word = word << 8 | (offset < count ? Int(bytes[start + offset]) : 0)
            }
            for digit in 0..<4 {
                text.append(
                    digit <= count ? alphabet[word >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes behind `text`, or `nil` when it does not stand for exactly `byteCount` bytes.
    static func decode(_ text: ArraySlice<UInt8>, byteCount: Int) -> [UInt8]? {
        guard text.count == length(byteCount) else { return nil }
        let padding = (3 - byteCount % 3) % 3
        guard text.suffix(padding).allSatisfy({ $0 == UInt8(ascii: "=") }) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        var (word, bits) = (0, 0)
        for character in text.dropLast(padding) {
            let value = values[Int(character)]
            guard value != 255 else { return nil }
            word = (word << 6 | Int(value)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> bits))
            }
        }
        guard word & ((1 << bits) - 1) == 0 else { return nil }
        return bytes
    }
}
