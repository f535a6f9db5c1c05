/// One header block of a tar archive.
struct TarHeader {
    var name: String
    var size: Int
    /// The kind of the entry: `0` for a file, `5` for a folder, letters for extensions.
    var kind: UInt8

    /// Whether bytes follow the header; links, devices, folders and pipes have none.
    var hasContents: Bool { !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(kind) }

    init(_ block: [UInt8], _ source: TarSource, at offset: Int) throws(FormatError) {
        func refused(_ place: String, _ expected: String, _ found: String) -> FormatError {
            FormatError(
                .malformed, file: source.file.name, offset: offset, place: place,
                expected: expected, found: found)
        }
        // The sum counts its own eight bytes as spaces.
        let sum = (block[..<148] + block[156...]).reduce(8 * 32) { $0 + Int($1) }
        let claimed = Self.number(block[148..<156])
        guard claimed == sum else {
            throw refused(
                "checksum of a header", "\(sum)",
                offset == 0 ? block.opening : claimed.map { "\($0)" } ?? "no number")
        }
        guard let size = Self.number(block[124..<136]) else {
            throw refused("size of a file", "a number", "something else")
        }
        let isPOSIX = block.holds(Array("ustar".utf8), at: 257) && block[262] == 0
        let (name, prefix) = (Self.text(block[0..<100]), Self.text(block[345..<500]))
        self.name = isPOSIX && !prefix.isEmpty ? prefix + "/" + name : name
        (self.size, kind) = (size, block[156])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A number in octal digits, or in base 256 when the first bit is set; at most 2^62.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        var value = 0
        if first & 0x80 != 0 {
            for byte in [first & 0x7F] + bytes.dropFirst() {
                guard value < 1 << 54 else { return nil }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = bytes.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
        for digit in digits {
            guard (48..<56).contains(digit), value < 1 << 58 else { return nil }
            value = value << 3 | Int(digit - 48)
        }
        return value
    }

    /// The records `length key=value` of an extended header.
    static func records(
        _ bytes: [UInt8], _ source: TarSource
    ) throws(FormatError) -> [(key: String, value: String)] {
        var records: [(key: String, value: String)] = []
        var start = 0
        while start < bytes.count {
            let rest = bytes[start...]
            let digits = rest.prefix { (48..<58).contains($0) }
            guard digits.count <= 6, let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 1, length <= rest.count,
                rest[start + digits.count] == 32, rest[start + length - 1] == 10,
                let equals = rest.prefix(length).firstIndex(of: UInt8(ascii: "=")),
                equals > start + digits.count
            else {
                throw FormatError(
                    .malformed, file: source.file.name, offset: source.position,
                    place: "extended header, byte \(start)",
                    expected: "a record of length, key and value", found: "something else")
            }
            let key = bytes[start + digits.count + 1..<equals]
            let value = bytes[equals + 1..<start + length - 1]
            records.append(
                (String(decoding: key, as: UTF8.self), String(decoding: value, as: UTF8.self)))
            start += length
        }
        return records
    }
}
