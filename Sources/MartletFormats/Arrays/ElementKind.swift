import MartletGraph

/// How one number is laid out in an array file.
struct ElementKind: Hashable {
    enum Form {
        case float, signed, unsigned, truth
        /// The upper half of a single-precision number, `bfloat16`.
        case brainFloat
    }

    var form: Form
    var byteCount: Int
    var isBigEndian = false

    /// The element type that holds every value of this kind exactly.
    var dataType: DataType {
        switch (form, byteCount) {
        case (.float, 8): .float64
        case (.float, _), (.brainFloat, _): .float32
        case (.signed, 8), (.unsigned, 4), (.unsigned, 8): .int64
        case (.unsigned, 1): .uint8
        case (.truth, _): .bool
        default: .int32
        }
    }

    /// The way NumPy writes it, without the byte order.
    var name: String {
        switch form {
        case .float: "f\(byteCount)"
        case .signed: "i\(byteCount)"
        case .unsigned: "u\(byteCount)"
        case .truth: "b1"
        case .brainFloat: "bfloat16"
        }
    }
}

extension ElementKind {
    /// The usual name of the number type: `float32`, `uint8`, ...
    var typeName: String {
        switch form {
        case .float: "float\(byteCount * 8)"
        case .brainFloat: "bfloat16"
        case .signed: "int\(byteCount * 8)"
        case .unsigned: "uint\(byteCount * 8)"
        case .truth: "bool"
        }
    }
}

/// Widens the raw numbers of a file into a tensor of the host's byte order.
struct ElementReader {
    var file: FileContents
    var kind: ElementKind
    /// Where the numbers lie in the file.
    var range: Range<Int>
    var shape: [Int]
    /// True when the first axis runs fastest, as in Fortran.
    var isColumnMajor = false

    func tensor() throws(FormatError) -> HostTensor {
        let type = TensorType(kind.dataType, shape)
        precondition(range.count == type.elementCount * kind.byteCount, "internal: sizes differ")
        if isAlreadyRight {
            let isWhole = range == 0..<file.bytes.count
            return HostTensor(type: type, bytes: isWhole ? file.bytes : Array(file.bytes[range]))
        }
        var tensor = HostTensor(zeros: type)
        switch (kind.form, kind.byteCount) {
        case (.float, 2): fill(&tensor, UInt16.self, Self.half)
        case (.float, 4): fill(&tensor, UInt32.self) { Float(bitPattern: $0) }
        case (.float, _): fill(&tensor, UInt64.self) { Double(bitPattern: $0) }
        case (.brainFloat, _):
            fill(&tensor, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case (.signed, 1): fill(&tensor, Int8.self) { Int32($0) }
        case (.signed, 2): fill(&tensor, Int16.self) { Int32($0) }
        case (.signed, 4): fill(&tensor, Int32.self) { $0 }
        case (.signed, _): fill(&tensor, Int64.self) { $0 }
        case (.unsigned, 1): fill(&tensor, UInt8.self) { $0 }
        case (.unsigned, 2): fill(&tensor, UInt16.self) { Int32($0) }
        case (.unsigned, 4): fill(&tensor, UInt32.self) { Int64($0) }
        case (.unsigned, _):
            fill(&tensor, Int64.self) { $0 }
            try refuseWrapped(tensor)
        case (.truth, _): fill(&tensor, UInt8.self) { $0 != 0 }
        }
        return tensor
    }

    /// True when the bytes of the file are those of the tensor.
    private var isAlreadyRight: Bool {
        #if _endian(little)
            let isNative = !kind.isBigEndian || kind.byteCount == 1
        #else
            let isNative = kind.isBigEndian || kind.byteCount == 1
        #endif
        let isSameKind = kind.byteCount == kind.dataType.byteCount && kind.form != .truth
        return isNative && isSameKind && !(kind.form == .unsigned && kind.byteCount > 1)
            && !isColumnMajor
    }

    /// Unsigned 64-bit numbers from 2^63 on have no element type that holds them.
    private func refuseWrapped(_ tensor: HostTensor) throws(FormatError) {
        let index = tensor.withUnsafeScalars(as: Int64.self) { $0.firstIndex { $0 < 0 } }
        guard let index else { return }
        throw FormatError(
            .unsupported, file: file.name, place: "element \(index)",
            expected: "unsigned numbers below 2^63", found: "a larger one",
            fix: "save the array as float64 or int64")
    }

    private func fill<Raw: FixedWidthInteger, Scalar: TensorScalar>(
        _ tensor: inout HostTensor, _: Raw.Type, _ convert: (Raw) -> Scalar
    ) {
        precondition(MemoryLayout<Raw>.size == kind.byteCount, "internal: widths differ")
        let isBigEndian = kind.isBigEndian
        tensor.withUnsafeMutableScalars(as: Scalar.self) { target in
            file.bytes.withUnsafeBytes { bytes in
                let source = UnsafeRawBufferPointer(rebasing: bytes[range])
                func number(_ element: Int) -> Scalar {
                    let raw = source.loadUnaligned(
                        fromByteOffset: element * MemoryLayout<Raw>.size, as: Raw.self)
                    return convert(isBigEndian ? Raw(bigEndian: raw) : Raw(littleEndian: raw))
                }
                guard isColumnMajor else {
                    for position in 0..<target.count { target[position] = number(position) }
                    return
                }
                let strides = sourceStrides
                var index = [Int](repeating: 0, count: shape.count)
                var element = 0
                for position in 0..<target.count {
                    target[position] = number(element)
                    advance(&index, &element, strides)
                }
            }
        }
    }

    private var sourceStrides: [Int] {
        var strides: [Int] = []
        var next = 1
        for size in shape {
            strides.append(next)
            next *= size
        }
        return strides
    }

    /// Steps to the next element in row-major order.
    private func advance(_ index: inout [Int], _ element: inout Int, _ strides: [Int]) {
        for axis in shape.indices.reversed() {
            index[axis] += 1
            element += strides[axis]
            if index[axis] < shape[axis] { return }
            element -= strides[axis] * shape[axis]
            index[axis] = 0
        }
    }

    /// The single-precision number that equals a half-precision one (IEEE 754 binary16).
    static func half(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let fraction = UInt32(bits & 1023)
        switch bits >> 10 & 31 {
        case 0:
            let size = Float(fraction) * 0x1p-24
            return Float(bitPattern: sign | size.bitPattern)
        case 31: return Float(bitPattern: sign | (fraction == 0 ? 0x7F80_0000 : 0x7FC0_0000))
        case let exponent:
            return Float(bitPattern: sign | (UInt32(exponent) + 112) << 23 | fraction << 13)
        }
    }
}
