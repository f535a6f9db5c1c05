/// Reads one line of graph text from left to right; every mistake is thrown with its line.
struct LineReader {
    /// The number of the line, counted from 1.
    let line: Int
    private var rest: ArraySlice<UInt8>

    init(line: Int, _ bytes: ArraySlice<UInt8>) { (self.line, self.rest) = (line, bytes) }

    /// The error that something else should stand here.
    func error(expected: String) -> GraphTextError {
        GraphTextError(line: line, expected: expected, found: Self.shown(rest))
    }

    /// The first word of `bytes`, or the start of it, as messages show it.
    static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        let bytes = bytes.drop { $0 == UInt8(ascii: " ") }
        let word = bytes.prefix { $0 != UInt8(ascii: " ") }
        guard !word.isEmpty else { return "the end of the line" }
        let limit = 48
        return TextName.shown(String(decoding: word.prefix(limit), as: UTF8.self))
            + (word.count > limit ? "…" : "")
    }

    /// The next byte that is no space.
    mutating func peek() -> UInt8? {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == 9 || $0 == 13 }
        return rest.first
    }

    /// The next byte, spaces included.
    mutating func next() -> UInt8? { rest.popFirst() }

    /// Steps over `symbol` when it comes next.
    mutating func take(_ symbol: StaticString) -> Bool {
        _ = peek()
        let found = symbol.withUTF8Buffer { rest.starts(with: $0) }
        if found { rest = rest.dropFirst(symbol.utf8CodeUnitCount) }
        return found
    }

    mutating func expect(_ symbol: StaticString) throws(GraphTextError) {
        guard take(symbol) else { throw error(expected: "'\(symbol)'") }
    }

    mutating func expectEnd() throws(GraphTextError) {
        guard peek() == nil else { throw error(expected: "the end of the line") }
    }

    /// Reads the longest run of plain bytes, and `extra`; empty when there is none.
    mutating func run(including extra: UInt8? = nil) -> ArraySlice<UInt8> {
        _ = peek()
        let word = rest.prefix { TextName.isPlain($0) || $0 == extra }
        rest = rest.dropFirst(word.count)
        return word
    }

    /// Steps over a whole word.
    mutating func expect(word: StaticString) throws(GraphTextError) {
        let before = self
        guard String(decoding: run(), as: UTF8.self) == "\(word)" else {
            throw before.error(expected: "'\(word)'")
        }
    }

    /// A number or a word in the form that `convert` takes.
    mutating func scalar<Result>(
        _ expected: String, _ convert: (String) -> Result?
    ) throws(GraphTextError) -> Result {
        let before = self
        guard let result = convert(String(decoding: run(), as: UTF8.self)) else {
            throw before.error(expected: expected)
        }
        return result
    }

    mutating func integer() throws(GraphTextError) -> Int {
        try scalar("a whole number") { Int($0) }
    }

    mutating func boolean() throws(GraphTextError) -> Bool {
        try scalar("true or false") { Bool($0) }
    }

    mutating func double() throws(GraphTextError) -> Double {
        try scalar("a number") { ConstantText.float($0) }
    }

    mutating func dataType(expected: String) throws(GraphTextError) -> DataType {
        try scalar(expected) { DataType(rawValue: $0) }
    }

    /// A list without spaces, `[1,2,3]`.
    mutating func integers() throws(GraphTextError) -> [Int] {
        var numbers: [Int] = []
        try expect("[")
        if take("]") { return numbers }
        repeat { numbers.append(try integer()) } while take(",")
        guard take("]") else { throw error(expected: "',' or ']'") }
        return numbers
    }

    /// A value by its number, `%17`.
    mutating func value() throws(GraphTextError) -> Value {
        let before = self
        guard take("%"), let byte = rest.first, byte != UInt8(ascii: "-"),
            byte != UInt8(ascii: "+"),
            let index = Int(String(decoding: run(), as: UTF8.self))
        else { throw before.error(expected: "a value such as %1") }
        return Value(index)
    }

    /// A type of a size that memory could hold, `f32[100,1,28,28]`.
    mutating func type() throws(GraphTextError) -> TensorType {
        let dtype = try dataType(expected: "a type such as f32[2,3]")
        let before = self
        let type = TensorType(dtype, try integers())
        guard type.isRepresentable else {
            throw before.error(expected: TensorType.representable)
        }
        return type
    }
}

extension DataType {
    /// All names for messages, `f32, f64 …`.
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
