import MartletGraph

/// Reads the bytes of one `.npy` file, header versions 1 to 3.
///
/// Little-endian `f4 f8 f2 i4 i8 u1 b1` in C order are known; `f2` is widened to `Float`.
public func readNumpyArray(_ bytes: [UInt8], file: String) throws -> HostTensor {
    var reader = ByteReader(bytes, file: file)
    guard try Array(reader.take(6)) == [0x93] + Array("NUMPY".utf8) else {
        throw FixtureError(file, "is not an .npy file", expected: "\\x93NUMPY", offset: 0)
    }
    let version = try reader.take(2).first ?? 0
    guard (1...3).contains(version) else {
        throw FixtureError(
            file, "has an unknown version", expected: "1, 2 or 3", found: "\(version)", offset: 6)
    }
    let headerLength = try reader.integer(bytes: version == 1 ? 2 : 4)
    let header = try NumpyHeader(
        String(decoding: try reader.take(headerLength), as: UTF8.self), file: file)
    let type = TensorType(header.dtype, header.shape)
    let stored = header.isHalf ? 2 : header.dtype.byteCount
    let content = try reader.take(header.elementCount * stored)
    guard reader.position == bytes.count else {
        throw FixtureError(
            file, "is longer than its header says", expected: "\(reader.position) bytes",
            found: "\(bytes.count)", offset: reader.position)
    }
    guard header.isHalf else { return HostTensor(type: type, bytes: Array(content)) }
    let low = stride(from: content.startIndex, to: content.endIndex, by: 2)
    return HostTensor(
        low.map { float(half: UInt16(content[$0]) | UInt16(content[$0 + 1]) << 8) },
        shape: header.shape)
}

/// The number that 16 bits in IEEE half precision stand for.
func float(half bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 1 ? -1 : 1
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = Float(bits & 0x3ff) / 1024
    return switch exponent {
    case 0: sign * Float(sign: .plus, exponent: -14, significand: 1) * fraction
    case 31: fraction == 0 ? sign * .infinity : .nan
    default: sign * Float(sign: .plus, exponent: exponent - 15, significand: 1) * (1 + fraction)
    }
}

/// The description of an array at the head of an `.npy` file.
private struct NumpyHeader {
    var dtype: DataType
    var isHalf: Bool
    var shape: [Int]
    var elementCount: Int

    /// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
    init(_ text: String, file: String) throws {
        func mistake(_ problem: String, _ expected: String) -> FixtureError {
            FixtureError(file, problem, expected: expected, found: text)
        }
        guard let code = Self.value(of: "descr", in: text)?.split(separator: "'").first,
            let order = Self.value(of: "fortran_order", in: text),
            let sizes = Self.value(of: "shape", in: text), sizes.first == "(",
            let close = sizes.firstIndex(of: ")")
        else { throw mistake("has an unreadable header", "descr, fortran_order and shape") }
        guard order.hasPrefix("False") else { throw mistake("is in Fortran order", "C order") }
        let types: [Substring: DataType] = [
            "<f4": .float32, "<f8": .float64, "<f2": .float32, "<i4": .int32, "<i8": .int64,
            "|u1": .uint8, "|b1": .bool,
        ]
        guard let dtype = types[code] else {
            throw mistake("has an unknown element type \(code)", types.keys.sorted().joined(" "))
        }
        (self.dtype, isHalf, shape, elementCount) = (dtype, code == "<f2", [], 1)
        for part in sizes[..<close].dropFirst().split(separator: ",") {
            guard let size = Int(part.filter { $0 != " " }), size >= 0 else {
                throw mistake("has an unreadable shape", "sizes from 0")
            }
            let (product, overflow) = elementCount.multipliedReportingOverflow(by: size)
            guard !overflow, product <= Int.max / 8 else {
                throw mistake("has an impossible shape", "fewer elements")
            }
            shape.append(size)
            elementCount = product
        }
    }

    /// The text that follows `'key':`.
    private static func value(of key: String, in text: String) -> Substring? {
        guard let name = text.firstRange(of: "'\(key)'") else { return nil }
        let rest = text[name.upperBound...].drop { $0 == " " }
        guard rest.first == ":" else { return nil }
        return rest.dropFirst().drop { $0 == " " }
    }
}

extension [Substring] {
    fileprivate func joined(_ separator: String) -> String { joined(separator: separator) }
}
