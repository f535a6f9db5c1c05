/// Writes the instructions of a pickle, protocol 2.
///
/// - Source: Python's `pickletools`.
struct PickleWriter {
    private var bytes: [UInt8] = [0x80, 2]

    /// The pickle, closed by STOP.
    func finished() -> [UInt8] { bytes + Array(".".utf8) }

    mutating func mark() { bytes += "(".utf8 }

    /// Everything above the last mark as a tuple.
    mutating func tuple() { bytes += "t".utf8 }

    /// Everything above the last mark as keys and values of the dictionary below it.
    mutating func setItems() { bytes += "u".utf8 }

    /// Calls the function below the top with the tuple on top.
    mutating func call() { bytes += "R".utf8 }

    /// The top as a reference to something outside the pickle.
    mutating func persistent() { bytes += "Q".utf8 }

    mutating func falsehood() { bytes.append(0x89) }

    mutating func emptyDictionary() {
        name("collections", "OrderedDict")
        bytes += ")".utf8
        call()
    }

    mutating func name(_ module: String, _ name: String) { bytes += "c\(module)\n\(name)\n".utf8 }

    mutating func text(_ text: String) {
        bytes += "X".utf8
        append(text.utf8.count, 4)
        bytes += text.utf8
    }

    mutating func integer(_ value: Int) {
        switch value {
        case 0..<256: bytes += [UInt8(ascii: "K"), UInt8(value)]
        case Int(Int32.min)...Int(Int32.max):
            bytes += "J".utf8
            append(value, 4)
        default:
            bytes += [0x8A, 8]
            append(value, 8)
        }
    }

    mutating func sizes(_ sizes: [Int]) {
        mark()
        for size in sizes { integer(size) }
        tuple()
    }

    private mutating func append(_ value: Int, _ count: Int) {
        for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}
