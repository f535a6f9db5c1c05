/// The stack machine that a pickle is a program for; this one can only build values.
struct PickleMachine {
    let file: FileContents
    let rules: PickleRules
    var cursor: ByteCursor
    var nodes: [PickleNode] = []
    /// Indices of values; the innermost marked part of the stack begins at the last of `marks`.
    var stack: [Int] = []
    var marks: [Int] = []
    var memo: [Int: Int] = [:]
    /// Where the instruction in hand begins.
    var start = 0
    /// Where the names stand that are kept without being called.
    var names: [String: Int] = [:]
    /// How many bytes `_codecs.encode` and joined names may still make; texts that are used again
    /// and again could otherwise make any number.
    var encodable: Int
    /// The most values that one pickle may hold.
    static let mostNodes = 1 << 26
    /// Values that are so frequent that each is kept once, by their instruction and number.
    private var constants: [Int: Int] = [:]

    init(_ file: FileContents, rules: PickleRules = .values, at position: Int = 0) {
        (self.file, self.rules) = (file, rules)
        cursor = ByteCursor(file, at: position)
        encodable = 4 * file.bytes.count + 65_536
    }

    /// Runs to the instruction STOP and returns the index of the one value that is left.
    mutating func run() throws(FormatError) -> Int {
        while true {
            start = cursor.position
            guard nodes.count < Self.mostNodes else {
                throw refusal(.tooLarge, "fewer than \(Self.mostNodes) values", "more")
            }
            let code = try cursor.byte("the next instruction; a pickle ends with STOP")
            if code == UInt8(ascii: ".") { break }
            if try runStack(code) { continue }
            if try runLiteral(code) { continue }
            if try runContainer(code) { continue }
            if try runCall(code) { continue }
            throw refusal(
                .malformed, "an instruction of pickle protocols 0 to 5",
                "0x\(hexadecimal(UInt64(code), digits: 2))")
        }
        guard stack.count == 1, marks.isEmpty else {
            throw refusal(.malformed, "one value at the end", "\(stack.count)")
        }
        return stack[0]
    }

    // MARK: Steps that other parts use

    func refusal(
        _ kind: FormatError.Kind, _ expected: String, _ found: String, fix: String = ""
    ) -> FormatError {
        FormatError(
            kind, file: file.name, offset: start, place: "pickle", expected: expected, found: found,
            fix: fix)
    }

    mutating func push(_ node: PickleNode) {
        stack.append(nodes.count)
        nodes.append(node)
    }

    /// Pushes a value that never changes and may therefore be shared.
    mutating func pushShared(_ node: PickleNode, key: Int) {
        if let index = constants[key] {
            stack.append(index)
        } else {
            constants[key] = nodes.count
            push(node)
        }
    }

    /// Takes the top of the stack, but never below a mark.
    mutating func pop(_ what: String) throws(FormatError) -> Int {
        guard stack.count > (marks.last ?? 0), let top = stack.popLast() else {
            throw refusal(.malformed, what, "nothing on the stack")
        }
        return top
    }

    /// Takes everything above the last mark, and the mark.
    mutating func popToMark() throws(FormatError) -> [Int] {
        guard let mark = marks.popLast() else {
            throw refusal(.malformed, "a mark on the stack", "none")
        }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    func top(_ what: String) throws(FormatError) -> Int {
        guard stack.count > (marks.last ?? 0), let top = stack.last else {
            throw refusal(.malformed, what, "nothing on the stack")
        }
        return top
    }

    /// The bytes up to the end of the line, and moves behind it.
    mutating func line() throws(FormatError) -> ArraySlice<UInt8> {
        let rest = file.bytes[cursor.position...]
        guard let end = rest.firstIndex(of: 0x0A) else {
            throw refusal(.malformed, "a line", "the end of the file")
        }
        cursor.position = end + 1
        return rest[..<end]
    }

    // MARK: The stack, the memo and the frame

    private mutating func runStack(_ code: UInt8) throws(FormatError) -> Bool {
        switch code {
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"):
            if marks.last == stack.count { marks.removeLast() } else { _ = try pop("a value") }
        case UInt8(ascii: "1"): _ = try popToMark()
        case UInt8(ascii: "2"): stack.append(try top("a value to repeat"))
        case UInt8(ascii: "p"): try remember(try decimal(line()))
        case UInt8(ascii: "q"): try remember(Int(cursor.byte("a memo number")))
        case UInt8(ascii: "r"): try remember(cursor.size(4, "a memo number"))
        case 0x94: try remember(memo.count)
        case UInt8(ascii: "g"): try recall(try decimal(line()))
        case UInt8(ascii: "h"): try recall(Int(cursor.byte("a memo number")))
        case UInt8(ascii: "j"): try recall(cursor.size(4, "a memo number"))
        case 0x80:
            let version = try cursor.byte("the protocol")
            guard version <= 5 else {
                throw refusal(.unsupported, "protocol 0 to 5", "protocol \(version)")
            }
        // A frame only says how much to read at once; the instructions go on as without it.
        case 0x95: _ = try cursor.littleEndian(8, "the length of a frame")
        default: return false
        }
        return true
    }

    private mutating func remember(_ key: Int) throws(FormatError) {
        memo[key] = try top("a value to remember")
    }

    private mutating func recall(_ key: Int) throws(FormatError) {
        guard let value = memo[key] else {
            throw refusal(.malformed, "a value remembered as \(key)", "none")
        }
        stack.append(value)
    }

    func decimal(_ digits: ArraySlice<UInt8>) throws(FormatError) -> Int {
        guard digits.count <= 20, let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw refusal(
                .malformed, "a whole number", String(decoding: digits.prefix(40), as: UTF8.self))
        }
        return value
    }
}
