extension TextName {
    /// The start of foreign text as messages show it, on one line.
    static func shown(_ text: String) -> String {
        let visible = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
        return visible ? text : self.text(text)
    }
}

extension LineReader {
    /// A name, plain or in quotes.
    mutating func name(_ expected: String) throws(GraphTextError) -> String {
        if peek() == UInt8(ascii: "\"") { return try quotedName() }
        let word = run()
        guard !word.isEmpty else { throw error(expected: expected) }
        return String(decoding: word, as: UTF8.self)
    }

    /// A path, where `-` stands for none.
    mutating func path() throws(GraphTextError) -> String {
        let isQuoted = peek() == UInt8(ascii: "\"")
        let path = try name("a path, or - for none")
        return !isQuoted && path == "-" ? "" : path
    }

    private mutating func quotedName() throws(GraphTextError) -> String {
        let before = self
        var bytes: [UInt8] = []
        _ = next()
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"): bytes += try escape()
            default: bytes.append(byte)
            }
        }
        throw before.error(expected: "a closing quote")
    }

    private mutating func escape() throws(GraphTextError) -> [UInt8] {
        let before = self
        switch next() {
        case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
        case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            guard next() == UInt8(ascii: "{"),
                let scalar = UInt32(String(decoding: run(), as: UTF8.self), radix: 16)
                    .flatMap(Unicode.Scalar.init),
                next() == UInt8(ascii: "}")
            else { fallthrough }
            return Array(String(Character(scalar)).utf8)
        default:
            throw before.error(expected: #"an escape: \", \\, \n, \r, \t or \u{…} after '\'"#)
        }
    }
}
