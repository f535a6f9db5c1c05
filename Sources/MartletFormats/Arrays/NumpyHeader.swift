/// The header of an `.npy` file: a Python dictionary of three literals, parsed and never evaluated.
///
/// - Source: numpy.lib.format, "Format Version 1.0" to "3.0".
struct NumpyHeader {
    var kind: ElementKind
    var isColumnMajor: Bool
    var shape: [Int]
    /// Where the elements begin in the file.
    var contentOffset: Int

    init(_ file: FileContents) throws(FormatError) {
        guard file.bytes.holds([0x93] + Array("NUMPY".utf8)) else {
            throw FormatError(
                .malformed, file: file.name, offset: 0, expected: "the mark of npy, \\x93NUMPY",
                found: file.bytes.opening)
        }
        var cursor = ByteCursor(file, at: 6)
        let version = try cursor.byte("the version")
        _ = try cursor.byte("the version")
        guard (1...3).contains(version) else {
            throw FormatError(
                .unsupported, file: file.name, offset: 6, expected: "version 1, 2 or 3",
                found: "version \(version)")
        }
        let length = try cursor.size(version == 1 ? 2 : 4, "the length of the header")
        guard length <= 1 << 20 else {
            throw FormatError(
                .tooLarge, file: file.name, offset: 8, expected: "a header of at most 1 MiB",
                found: "\(length) bytes")
        }
        let range = try cursor.take(length, "the header")
        contentOffset = range.upperBound
        var literal = NumpyLiteral(file: file, position: range.lowerBound, end: range.upperBound)
        let fields = try literal.fields()
        guard case .text(let code)? = fields["descr"] else {
            throw literal.refusal(.unsupported, "a plain number as descr", "a list of fields")
        }
        kind = try Self.kind(code, file, offset: range.lowerBound)
        guard case .truth(let columnMajor)? = fields["fortran_order"],
            case .sizes(let sizes)? = fields["shape"]
        else {
            throw literal.refusal(
                .malformed, "fortran_order True or False, shape of sizes", "other")
        }
        (isColumnMajor, shape) = (columnMajor, sizes)
    }

    /// The element kind of a code such as `<f4`.
    static func kind(
        _ code: String, _ file: FileContents, offset: Int?
    ) throws(FormatError) -> ElementKind {
        var letters = Substring(code)
        let order = letters.first.flatMap { "<>|=".contains($0) ? letters.removeFirst() : nil }
        let forms: [String: (ElementKind.Form, Int)] = [
            "f2": (.float, 2), "f4": (.float, 4), "f8": (.float, 8),
            "i1": (.signed, 1), "i2": (.signed, 2), "i4": (.signed, 4), "i8": (.signed, 8),
            "u1": (.unsigned, 1), "u2": (.unsigned, 2), "u4": (.unsigned, 4), "u8": (.unsigned, 8),
            "b1": (.truth, 1),
        ]
        if let (form, byteCount) = forms[String(letters)] {
            return ElementKind(form: form, byteCount: byteCount, isBigEndian: order == ">")
        }
        let isObject = letters.hasPrefix("O")
        throw FormatError(
            isObject ? .forbidden : .unsupported, file: file.name, offset: offset,
            place: "descr", expected: "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 or b1",
            found: isObject ? "objects, which need pickle" : String(code.prefix(40)),
            fix: "save the array as numbers")
    }
}

/// Parses the one dictionary that an npy header is.
struct NumpyLiteral {
    enum Field {
        case text(String), truth(Bool), sizes([Int]), other
    }

    let file: FileContents
    var position: Int
    let end: Int

    mutating func fields() throws(FormatError) -> [String: Field] {
        try expect("{")
        var fields: [String: Field] = [:]
        while !(try accept("}")) {
            let name = try text()
            try expect(":")
            let field = try value()
            guard fields.updateValue(field, forKey: name) == nil else {
                throw refusal(.malformed, "every name once", "\(name) twice")
            }
            if try accept(",") { continue }
            try expect("}")
            break
        }
        skipSpaces()
        guard position == end else { throw refusal(.malformed, "the end of the header", "more") }
        guard Set(fields.keys) == ["descr", "fortran_order", "shape"] else {
            throw refusal(
                .malformed, "descr, fortran_order and shape", shortList(fields.keys.sorted()))
        }
        return fields
    }

    func refusal(_ kind: FormatError.Kind, _ expected: String, _ found: String) -> FormatError {
        FormatError(
            kind, file: file.name, offset: position, place: "header", expected: expected,
            found: found)
    }

    private mutating func value() throws(FormatError) -> Field {
        skipSpaces()
        guard position < end else { throw refusal(.malformed, "a value", "the end of the header") }
        switch file.bytes[position] {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "("): return .sizes(try sizes())
        case UInt8(ascii: "["):
            throw refusal(.unsupported, "one kind of number", "a record of several")
        default:
            if try accept("True") { return .truth(true) }
            if try accept("False") { return .truth(false) }
            let rest = String(
                decoding: file.bytes[position..<min(end, position + 24)], as: UTF8.self)
            throw refusal(.malformed, "a quoted text, True, False or sizes", rest)
        }
    }

    private mutating func text() throws(FormatError) -> String {
        skipSpaces()
        guard position < end,
            [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(file.bytes[position])
        else { throw refusal(.malformed, "a quoted text", "another character") }
        let quote = file.bytes[position]
        let start = position + 1
        guard let close = file.bytes[start..<end].firstIndex(of: quote) else {
            throw refusal(.malformed, "a closing quote", "the end of the header")
        }
        position = close + 1
        return String(decoding: file.bytes[start..<close], as: UTF8.self)
    }

    private mutating func sizes() throws(FormatError) -> [Int] {
        try expect("(")
        var sizes: [Int] = []
        while !(try accept(")")) {
            sizes.append(try size())
            guard sizes.count <= 64 else { throw refusal(.malformed, "at most 64 axes", "more") }
            if try accept(",") { continue }
            try expect(")")
            break
        }
        return sizes
    }

    private mutating func size() throws(FormatError) -> Int {
        skipSpaces()
        let digits = file.bytes[position..<end].prefix { (0x30...0x39).contains($0) }
        guard let size = Int(String(decoding: digits, as: UTF8.self)) else {
            let rest = file.bytes[position..<min(end, position + 24)]
            throw refusal(
                .malformed, "a size from 0 to 2^63 - 1", String(decoding: rest, as: UTF8.self))
        }
        position += digits.count
        _ = try accept("L")  // How Python 2 wrote large numbers.
        return size
    }

    private mutating func skipSpaces() {
        while position < end, [0x20, 0x09, 0x0A, 0x0D].contains(file.bytes[position]) {
            position += 1
        }
    }

    private mutating func accept(_ word: String) throws(FormatError) -> Bool {
        skipSpaces()
        guard position + word.utf8.count <= end, file.bytes.holds(Array(word.utf8), at: position)
        else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func expect(_ word: String) throws(FormatError) {
        guard try accept(word) else {
            let rest = file.bytes[position..<min(end, position + 24)]
            throw refusal(.malformed, "\(word)", String(decoding: rest, as: UTF8.self))
        }
    }
}
