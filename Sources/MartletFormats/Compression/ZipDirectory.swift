/// Reads the directory at the end of a zip file.
enum ZipDirectory {
    private struct Place {
        var offset: Int
        var size: Int
        var count: Int
    }

    static func read(_ file: FileContents) throws(FormatError) -> [ZipArchive.Entry] {
        let place = try findDirectory(file)
        var cursor = ByteCursor(file, at: place.offset)
        // The smallest record has 46 bytes; a larger count is a lie that must not reserve memory.
        guard place.offset <= file.bytes.count, place.size <= cursor.remaining,
            place.count <= place.size / 46
        else {
            throw FormatError(
                .malformed, file: file.name, offset: place.offset,
                expected: "a directory of \(place.count) entries in \(place.size) bytes",
                found: "\(max(0, cursor.remaining)) bytes there")
        }
        var entries: [ZipArchive.Entry] = []
        entries.reserveCapacity(place.count)
        for _ in 0..<place.count { entries.append(try readEntry(&cursor)) }
        return entries
    }

    private static func readEntry(
        _ cursor: inout ByteCursor
    ) throws(FormatError) -> ZipArchive.Entry {
        let start = cursor.position
        let mark = try cursor.littleEndian(4, "the zip directory")
        guard mark == 0x0201_4B50 else {
            throw FormatError(
                .malformed, file: cursor.file.name, offset: start,
                expected: "an entry of the zip directory",
                found: "mark \(hexadecimal(mark, digits: 8))")
        }
        _ = try cursor.take(4, "the zip directory")
        let flags = try cursor.littleEndian(2, "flags")
        let method = try cursor.size(2, "the compression method")
        _ = try cursor.take(4, "the date")
        let checksum = try cursor.littleEndian(4, "the checksum")
        var numbers = [
            try cursor.size(4, "a packed size"), try cursor.size(4, "a size"),
        ]
        let nameLength = try cursor.size(2, "the length of a name")
        let extraLength = try cursor.size(2, "the length of extra fields")
        let commentLength = try cursor.size(2, "the length of a comment")
        _ = try cursor.take(8, "the zip directory")
        numbers.append(try cursor.size(4, "the place of an entry"))
        let name = try cursor.take(nameLength, "the name of an entry")
        let extra = try cursor.take(extraLength, "extra fields")
        _ = try cursor.take(commentLength, "a comment")
        try readWideNumbers(&numbers, in: extra, of: cursor.file)
        return ZipArchive.Entry(
            name: String(decoding: cursor.file.bytes[name], as: UTF8.self), method: method,
            packedSize: numbers[0], size: numbers[1],
            checksum: UInt32(truncatingIfNeeded: checksum),
            headerOffset: numbers[2], isEncrypted: flags & 1 == 1)
    }

    /// Replaces the numbers that are all ones by those of the 64-bit extra field.
    private static func readWideNumbers(
        _ numbers: inout [Int], in extra: Range<Int>, of file: FileContents
    ) throws(FormatError) {
        let wide = [1, 0, 2].filter { numbers[$0] == 0xFFFF_FFFF }
        if wide.isEmpty { return }
        var cursor = ByteCursor(file, at: extra.lowerBound)
        while cursor.position + 4 <= extra.upperBound {
            let tag = try cursor.size(2, "an extra field")
            let length = try cursor.size(2, "an extra field")
            let field = try cursor.take(length, "an extra field")
            guard tag == 1, field.upperBound <= extra.upperBound, length >= 8 * wide.count else {
                continue
            }
            cursor.position = field.lowerBound
            for index in wide { numbers[index] = try cursor.size(8, "a 64-bit size") }
            return
        }
        throw FormatError(
            .malformed, file: file.name, offset: extra.lowerBound,
            expected: "a 64-bit extra field with \(wide.count) numbers", found: "none")
    }

    private static func findDirectory(_ file: FileContents) throws(FormatError) -> Place {
        let end = try findEnd(file)
        var cursor = ByteCursor(file, at: end + 4)
        let disks = try cursor.littleEndian(4, "disk numbers")
        _ = try cursor.take(2, "the count of entries here")
        var place = Place(
            offset: 0, size: 0, count: try cursor.size(2, "the count of entries"))
        place.size = try cursor.size(4, "the size of the directory")
        place.offset = try cursor.size(4, "the place of the directory")
        let isWide =
            place.count == 0xFFFF || place.size == 0xFFFF_FFFF
            || place.offset == 0xFFFF_FFFF
        if isWide, end >= 20, file.bytes.holds([0x50, 0x4B, 0x06, 0x07], at: end - 20) {
            cursor.position = end - 12
            let wideEnd = try cursor.size(8, "the place of the 64-bit directory end")
            guard file.bytes.holds([0x50, 0x4B, 0x06, 0x06], at: wideEnd) else {
                throw FormatError(
                    .malformed, file: file.name, offset: end - 12,
                    expected: "the place of the 64-bit end of the directory", found: "\(wideEnd)")
            }
            cursor.position = wideEnd + 32
            place.count = try cursor.size(8, "the count of entries")
            place.size = try cursor.size(8, "the size of the directory")
            place.offset = try cursor.size(8, "the place of the directory")
        } else if disks != 0 {
            throw FormatError(
                .unsupported, file: file.name, offset: end + 4, expected: "a zip file in one part",
                found: "one of several parts")
        }
        return place
    }

    /// The end record lies in the last 22 bytes, or before a comment of at most 65,535 bytes.
    private static func findEnd(_ file: FileContents) throws(FormatError) -> Int {
        let bytes = file.bytes
        var position = bytes.count - 22
        let first = max(0, position - 0xFFFF)
        while position >= first {
            if bytes.holds([0x50, 0x4B, 0x05, 0x06], at: position) {
                let length = Int(bytes[position + 20]) | Int(bytes[position + 21]) << 8
                if position + 22 + length == bytes.count { return position }
            }
            position -= 1
        }
        throw FormatError(
            .malformed, file: file.name, offset: bytes.count,
            expected: "the directory at the end of a zip file",
            found: bytes.holds([0x50, 0x4B]) ? "none; the file is cut short" : bytes.opening)
    }
}
