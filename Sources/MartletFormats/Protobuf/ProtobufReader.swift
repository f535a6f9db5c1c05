/// Reads the fields of one protobuf message in order; every step is checked against its end.
///
/// - Source: "Encoding", protobuf.dev, the wire format of versions 2 and 3.
struct ProtobufReader {
    let file: FileContents
    /// What the message is, for errors.
    let what: String
    private var position: Int
    private let end: Int

    /// Reads the whole file, or the part of it that a field holds.
    init(_ file: FileContents, _ what: String, range: Range<Int>? = nil) {
        (self.file, self.what) = (file, what)
        (position, end) = (range?.lowerBound ?? 0, range?.upperBound ?? file.bytes.count)
    }

    /// The next field, or `nil` at the end of the message.
    mutating func next() throws(FormatError) -> ProtobufField? {
        guard position < end else { return nil }
        let start = position
        let key = try varint()
        guard key >> 3 > 0, key >> 3 < 1 << 29 else {
            throw damaged(start, "a field number", "\(key >> 3)")
        }
        let content: ProtobufField.Content
        switch key & 7 {
        case 0: content = .varint(try varint())
        case 1: content = .fixed(littleEndian(try take(8)), count: 8)
        case 2:
            let length = try varint()
            guard length <= UInt64(end - position) else {
                throw damaged(start, "at most \(end - position) bytes", "\(length)")
            }
            content = .bytes(try take(Int(length)))
        case 5: content = .fixed(littleEndian(try take(4)), count: 4)
        default: throw damaged(start, "a wire type of 0, 1, 2 or 5", "\(key & 7)")
        }
        return ProtobufField(
            number: Int(key >> 3), content: content, offset: start, file: file, message: what)
    }

    /// The next number of up to ten bytes with seven bits each.
    mutating func varint() throws(FormatError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = file.bytes[try take(1).lowerBound]
            if shift == 63, byte > 1 { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw damaged(start, "a number of at most 64 bits", "a longer one")
    }

    /// The numbers of 4 or 8 bytes that fill the rest of the message.
    mutating func fixedNumbers(_ width: Int) throws(FormatError) -> [UInt64] {
        guard (end - position) % width == 0 else {
            throw damaged(position, "numbers of \(width) bytes", "\(end - position) bytes")
        }
        var numbers: [UInt64] = []
        numbers.reserveCapacity((end - position) / width)
        while position < end { numbers.append(littleEndian(try take(width))) }
        return numbers
    }

    var isAtEnd: Bool { position >= end }

    private mutating func take(_ count: Int) throws(FormatError) -> Range<Int> {
        guard count <= end - position else {
            throw damaged(position, "\(count) bytes", "\(end - position) before the end")
        }
        defer { position += count }
        return position..<position + count
    }

    private func littleEndian(_ range: Range<Int>) -> UInt64 {
        file.bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func damaged(_ offset: Int, _ expected: String, _ found: String) -> FormatError {
        FormatError(
            .malformed, file: file.name, offset: offset, place: what, expected: expected,
            found: found)
    }
}

/// One field of a message: its number and what it holds.
struct ProtobufField {
    enum Content {
        case varint(UInt64)
        /// 4 or 8 bytes as they stand.
        case fixed(UInt64, count: Int)
        /// Where the bytes of a text, a message or packed numbers lie.
        case bytes(Range<Int>)
    }

    let number: Int
    let content: Content
    let offset: Int
    let file: FileContents
    let message: String

    /// A whole number.
    func integer() throws(FormatError) -> Int64 {
        guard case .varint(let value) = content else { throw wrong("a whole number") }
        return Int64(bitPattern: value)
    }

    /// A single-precision number.
    func float() throws(FormatError) -> Float {
        guard case .fixed(let bits, count: 4) = content else { throw wrong("a number of 4 bytes") }
        return Float(bitPattern: UInt32(truncatingIfNeeded: bits))
    }

    /// A double-precision number.
    func double() throws(FormatError) -> Double {
        guard case .fixed(let bits, count: 8) = content else { throw wrong("a number of 8 bytes") }
        return Double(bitPattern: bits)
    }

    /// Where bytes lie in the file.
    func range() throws(FormatError) -> Range<Int> {
        guard case .bytes(let range) = content else { throw wrong("bytes") }
        return range
    }

    /// Bytes as they stand.
    func bytes() throws(FormatError) -> [UInt8] { Array(file.bytes[try range()]) }

    /// A text in UTF-8.
    func text() throws(FormatError) -> String {
        String(decoding: file.bytes[try range()], as: UTF8.self)
    }

    /// A message inside this one.
    func reader(_ what: String) throws(FormatError) -> ProtobufReader {
        ProtobufReader(file, what, range: try range())
    }

    /// Whole numbers, one or many packed together.
    func integers(into list: inout [Int64]) throws(FormatError) {
        guard case .bytes = content else { return list.append(try integer()) }
        var reader = try reader(message)
        while !reader.isAtEnd { list.append(Int64(bitPattern: try reader.varint())) }
    }

    /// Single-precision numbers, one or many packed together.
    func floats(into list: inout [Float]) throws(FormatError) {
        guard case .bytes = content else { return list.append(try float()) }
        var reader = try reader(message)
        list += try reader.fixedNumbers(4).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
    }

    /// Double-precision numbers, one or many packed together.
    func doubles(into list: inout [Double]) throws(FormatError) {
        guard case .bytes = content else { return list.append(try double()) }
        var reader = try reader(message)
        list += try reader.fixedNumbers(8).map { Double(bitPattern: $0) }
    }

    private func wrong(_ expected: String) -> FormatError {
        FormatError(
            .malformed, file: file.name, offset: offset, place: message,
            expected: "\(expected) in field \(number)", found: "another form")
    }
}
