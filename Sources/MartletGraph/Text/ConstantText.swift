/// How graph text writes the numbers of constants, bit for bit.
///
/// A scalar is a number, up to 16 elements are a list in row-major order, and more, or numbers
/// that have no spelling (NaN with a payload), are the little-endian bytes in base64.
enum ConstantText {
    private static let longestList = 16

    static func text(_ tensor: HostTensor) -> String {
        let count = tensor.type.elementCount
        guard count <= longestList, let words = words(tensor) else {
            return "base64 \(Base64.encode(tensor.bytes))"
        }
        return tensor.type.rank == 0 ? words[0] : "[" + words.joined(separator: ",") + "]"
    }

    private static func words(_ tensor: HostTensor) -> [String]? {
        switch tensor.type.dtype {
        case .float32:
            spelled(tensor.scalars(as: Float.self)) { $0.bitPattern == $1.bitPattern }
        case .float64:
            spelled(tensor.scalars(as: Double.self)) { $0.bitPattern == $1.bitPattern }
        case .int32: tensor.scalars(as: Int32.self)?.map(String.init)
        case .int64: tensor.scalars(as: Int64.self)?.map(String.init)
        case .uint8: tensor.scalars(as: UInt8.self)?.map(String.init)
        case .bool:
            tensor.bytes.allSatisfy { $0 < 2 }
                ? tensor.bytes.map { $0 == 0 ? "false" : "true" } : nil
        }
    }

    /// The numbers as words, or `nil` when one would not come back with the same bits.
    private static func spelled<Scalar: BinaryFloatingPoint & LosslessStringConvertible>(
        _ numbers: [Scalar]?, _ isSame: (Scalar, Scalar) -> Bool
    ) -> [String]? {
        var words: [String] = []
        for number in numbers ?? [] {
            let word = number.description
            guard let back: Scalar = float(word), isSame(back, number) else { return nil }
            words.append(word)
        }
        return words
    }

    /// A number from its word, or `nil` for other words and for finite numbers that are too big.
    static func float<Scalar: BinaryFloatingPoint & LosslessStringConvertible>(
        _ word: String
    ) -> Scalar? {
        guard let number = Scalar(word) else { return nil }
        return number.isInfinite && !word.contains("inf") ? nil : number
    }

    /// Reads the constant of a node whose type is known.
    static func parse(
        _ reader: inout LineReader, _ type: TensorType
    ) throws(GraphTextError) -> HostTensor {
        let before = reader
        var bytes: [UInt8] = []
        if reader.peek() == UInt8(ascii: "[") {
            guard type.rank > 0 else { throw before.error(expected: "one number for \(type)") }
            try reader.expect("[")
            if !reader.take("]") {
                repeat {
                    bytes += try element(&reader, type.dtype)
                } while reader.take(",")
                guard reader.take("]") else { throw reader.error(expected: "',' or ']'") }
            }
        } else {
            var word = reader
            if word.run().elementsEqual("base64".utf8) {
                reader = word
                return try base64(&reader, type)
            }
            guard type.rank == 0 else {
                throw before.error(expected: "a list [...] or base64 for \(type)")
            }
            bytes = try element(&reader, type.dtype)
        }
        guard bytes.count == type.byteCount else {
            throw before.error(expected: "\(type.elementCount) elements for \(type)")
        }
        return HostTensor(type: type, bytes: bytes)
    }

    private static func base64(
        _ reader: inout LineReader, _ type: TensorType
    ) throws(GraphTextError) -> HostTensor {
        let before = reader
        let text = reader.run(including: UInt8(ascii: "="))
        guard let bytes = Base64.decode(text, byteCount: type.byteCount),
            type.dtype != .bool || bytes.allSatisfy({ $0 < 2 })
        else {
            throw before.error(expected: "\(type.byteCount) bytes in base64 for \(type)")
        }
        return HostTensor(type: type, bytes: bytes)
    }

    private static func element(
        _ reader: inout LineReader, _ dtype: DataType
    ) throws(GraphTextError) -> [UInt8] {
        let expected = "a number of type \(dtype.rawValue)"
        return switch dtype {
        case .float32: bytes(try reader.scalar(expected) { float($0) as Float? })
        case .float64: bytes(try reader.scalar(expected) { float($0) as Double? })
        case .int32: bytes(try reader.scalar(expected) { Int32($0) })
        case .int64: bytes(try reader.scalar(expected) { Int64($0) })
        case .uint8: bytes(try reader.scalar(expected) { UInt8($0) })
        case .bool: [try reader.boolean() ? 1 : 0]
        }
    }

    private static func bytes<Scalar>(_ number: Scalar) -> [UInt8] {
        withUnsafeBytes(of: number) { Array($0) }
    }
}
