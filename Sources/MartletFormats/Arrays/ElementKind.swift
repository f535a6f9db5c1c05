import MartletGraph

/// How one number is laid out in an array file.
struct ElementKind: Hashable {
    enum Form { case float, signed, unsigned, truth }

    var form: Form
    var byteCount: Int
    var isBigEndian = false

    /// The element type that holds every value of this kind exactly.
    var dataType: DataType {
        switch (form, byteCount) {
        case (.float, 8): .float64
        case (.float, _): .float32
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
            return HostTensor(type: type, bytes: Array(file.bytes[range]))
        }
        var tensor = HostTensor(zeros: type)
        switch (kind.form, kind.byteCount) {
        case (.float, 2): fill(&tensor) { Self.half(UInt16(truncatingIfNeeded: $0)) }
        case (.float, 4): fill(&tensor) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
        case (.float, _): fill(&tensor) { Double(bitPattern: $0) }
        case (.signed, 1): fill(&tensor) { Int32(Int8(truncatingIfNeeded: $0)) }
        case (.signed, 2): fill(&tensor) { Int32(Int16(truncatingIfNeeded: $0)) }
        case (.signed, 4): fill(&tensor) { Int32(truncatingIfNeeded: $0) }
        case (.signed, _): fill(&tensor) { Int64(truncatingIfNeeded: $0) }
        case (.unsigned, 1): fill(&tensor) { UInt8(truncatingIfNeeded: $0) }
        case (.unsigned, 2): fill(&tensor) { Int32(truncatingIfNeeded: $0) }
        case (.unsigned, 4): fill(&tensor) { Int64(truncatingIfNeeded: $0) }
        case (.unsigned, _):
            fill(&tensor) { Int64(truncatingIfNeeded: $0) }
            try refuseWrapped(tensor)
        case (.truth, _): fill(&tensor) { $0 != 0 }
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

    private func fill<Scalar: TensorScalar>(
        _ tensor: inout HostTensor, _ convert: (UInt64) -> Scalar
    ) {
        let (width, start) = (kind.byteCount, range.lowerBound)
        let strides = isColumnMajor ? sourceStrides : nil
        tensor.withUnsafeMutableScalars(as: Scalar.self) { target in
            file.bytes.withUnsafeBufferPointer { source in
                var index = [Int](repeating: 0, count: shape.count)
                var element = 0
                for position in 0..<target.count {
                    let at = start + (strides == nil ? position : element) * width
                    target[position] = convert(raw(source, at))
                    if let strides { advance(&index, &element, strides) }
                }
            }
        }
    }

    private func raw(_ source: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt64 {
        var value: UInt64 = 0
        for byte in 0..<kind.byteCount {
            let next = source[at + (kind.isBigEndian ? byte : kind.byteCount - 1 - byte)]
            value = value << 8 | UInt64(next)
        }
        return value
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
        let sign: Float = bits >> 15 == 1 ? -1 : 1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Float(bits & 1023)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31 where fraction == 0: return sign * .infinity
        case 31: return Float(bitPattern: UInt32(bits & 0x8000) << 16 | 0x7FC0_0000)
        default:
            return sign
                * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
    }
}
