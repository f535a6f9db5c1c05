import MartletGraph

/// The kind of number that the elements of an ONNX tensor are, by its number in the format.
public struct ONNXElement: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the format.
    public var rawValue: Int

    /// Names the kind with that number, known or not.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The kind that holds the numbers of an element type.
    public init(_ dtype: DataType) {
        switch dtype {
        case .float32: self = .float32
        case .float64: self = .float64
        case .int32: self = .int32
        case .int64: self = .int64
        case .uint8: self = .uint8
        case .bool: self = .bool
        }
    }

    public static let float32 = ONNXElement(rawValue: 1), uint8 = ONNXElement(rawValue: 2)
    public static let int32 = ONNXElement(rawValue: 6), int64 = ONNXElement(rawValue: 7)
    public static let bool = ONNXElement(rawValue: 9), float64 = ONNXElement(rawValue: 11)

    private static let names = [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string",
        "bool", "float16", "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16",
    ]

    /// The name of the kind.
    public var description: String {
        Self.names.indices.contains(rawValue) ? Self.names[rawValue] : "type \(rawValue)"
    }

    /// How the elements lie in raw bytes, `nil` for kinds that are not read here.
    var kind: ElementKind? {
        switch rawValue {
        case 1: ElementKind(form: .float, byteCount: 4)
        case 2: ElementKind(form: .unsigned, byteCount: 1)
        case 3: ElementKind(form: .signed, byteCount: 1)
        case 4: ElementKind(form: .unsigned, byteCount: 2)
        case 5: ElementKind(form: .signed, byteCount: 2)
        case 6: ElementKind(form: .signed, byteCount: 4)
        case 7: ElementKind(form: .signed, byteCount: 8)
        case 9: ElementKind(form: .truth, byteCount: 1)
        case 10: ElementKind(form: .float, byteCount: 2)
        case 11: ElementKind(form: .float, byteCount: 8)
        case 12: ElementKind(form: .unsigned, byteCount: 4)
        case 13: ElementKind(form: .unsigned, byteCount: 8)
        default: nil
        }
    }

    /// The element type that holds every number of this kind, `nil` for kinds not read here.
    public var dtype: DataType? { kind?.dataType }
}

/// Numbers of an ONNX file with a name.
public struct ONNXTensor: Hashable, Sendable {
    /// The name of the value that the numbers are.
    public var name: String
    /// The numbers.
    public var value: HostTensor

    /// Gives numbers a name.
    public init(_ name: String, _ value: HostTensor) { (self.name, self.value) = (name, value) }

    init(_ field: ProtobufField, folder: ONNXFolder?) throws(FormatError) {
        var parts = ONNXTensorParts(file: field.file, offset: field.offset)
        try parts.read(field.reader("a tensor"))
        name = parts.name
        value = try parts.value(folder: folder)
    }

    func write(_ writer: inout ProtobufWriter) {
        writer.integers(1, value.type.shape.map { Int64($0) })
        writer.integer(2, Int64(ONNXElement(value.type.dtype).rawValue))
        writer.text(8, name)
        writer.bytes(9, Self.littleEndian(value))
    }

    private static func littleEndian(_ value: HostTensor) -> [UInt8] {
        #if _endian(little)
            return value.bytes
        #else
            let width = value.type.dtype.byteCount
            return stride(from: 0, to: value.bytes.count, by: width).flatMap {
                value.bytes[$0..<$0 + width].reversed()
            }
        #endif
    }
}

/// What a tensor message says, before it is known to be right.
private struct ONNXTensorParts {
    let file: FileContents
    let offset: Int
    var name = ""
    private var sizes: [Int64] = []
    private var element = ONNXElement(rawValue: 0)
    private var floats: [Float] = []
    private var integers: [Int64] = []
    private var doubles: [Double] = []
    private var raw: Range<Int>?
    private var isExternal = false
    private var external: [String: String] = [:]

    init(file: FileContents, offset: Int) { (self.file, self.offset) = (file, offset) }

    mutating func read(_ reader: ProtobufReader) throws(FormatError) {
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1: try field.integers(into: &sizes)
            case 2: element = ONNXElement(rawValue: Int(try field.integer()))
            case 4: try field.floats(into: &floats)
            case 5, 7, 11: try field.integers(into: &integers)
            case 8: name = try field.text()
            case 9: raw = try field.range()
            case 10: try field.doubles(into: &doubles)
            case 13:
                let property = try ONNXProperty(field)
                external[property.key] = property.value
            case 14: isExternal = try field.integer() == 1
            default: break
            }
        }
    }

    /// The numbers; memory is taken only for those that are there.
    func value(folder: ONNXFolder?) throws(FormatError) -> HostTensor {
        guard let kind = element.kind else {
            throw refused(.unsupported, "numbers or truth values", "\(element)")
        }
        let shape = sizes.map { Int(clamping: $0) }
        let type = TensorType(kind.dataType, shape)
        guard type.isRepresentable, let count = checkedProduct(shape),
            let size = checkedProduct([count, kind.byteCount])
        else { throw refused(.malformed, "a shape of at most 2^48 elements", "\(sizes)") }
        if isExternal { return try outside(kind, shape, size, folder) }
        if let raw {
            guard raw.count == size else {
                throw refused(
                    .malformed, "\(size) bytes for \(element) \(shape)", "\(raw.count) bytes")
            }
            return try ElementReader(file: file, kind: kind, range: raw, shape: shape).tensor()
        }
        return try listed(type, count)
    }

    /// Numbers in the lists of the message, not in raw bytes.
    private func listed(_ type: TensorType, _ count: Int) throws(FormatError) -> HostTensor {
        let found = floats.count + doubles.count + integers.count
        guard found == count else {
            throw refused(.malformed, "\(count) numbers for \(element) \(sizes)", "\(found)")
        }
        let shape = type.shape
        switch (element.rawValue, type.dtype) {
        case (10, _) where integers.count == count:
            return HostTensor(
                integers.map { ElementReader.half(UInt16(truncatingIfNeeded: $0)) }, shape: shape)
        case (_, .float32) where floats.count == count: return HostTensor(floats, shape: shape)
        case (_, .float64) where doubles.count == count: return HostTensor(doubles, shape: shape)
        case (_, .int32) where integers.count == count:
            return HostTensor(integers.map { Int32(truncatingIfNeeded: $0) }, shape: shape)
        case (_, .int64) where integers.count == count: return HostTensor(integers, shape: shape)
        case (_, .uint8) where integers.count == count:
            return HostTensor(integers.map { UInt8(truncatingIfNeeded: $0) }, shape: shape)
        case (_, .bool) where integers.count == count:
            return HostTensor(integers.map { $0 != 0 }, shape: shape)
        default: throw refused(.malformed, "numbers in the list for \(element)", "another list")
        }
    }

    /// Numbers in another file, which must lie in the model's folder or below it.
    private func outside(
        _ kind: ElementKind, _ shape: [Int], _ size: Int, _ folder: ONNXFolder?
    ) throws(FormatError) -> HostTensor {
        let location = external["location"] ?? ""
        guard ONNXFolder.isInside(location) else {
            throw refused(
                .unsupported, "weights in the model's own folder", "a file at \(location)")
        }
        guard let folder else {
            throw refused(.unsupported, "weights in the model itself", "a file at \(location)")
        }
        let other = try folder.contents(location, of: file.name)
        let start = external["offset"].map { Int($0) ?? -1 } ?? 0
        let length = external["length"].map { Int($0) ?? -1 } ?? size
        guard start >= 0, length == size, size <= other.bytes.count,
            start <= other.bytes.count - size
        else {
            throw refused(
                .malformed, "\(size) bytes in \(location)",
                "\(length) from byte \(start) of \(other.bytes.count)")
        }
        return try ElementReader(
            file: other, kind: kind, range: start..<start + size, shape: shape
        ).tensor()
    }

    private func refused(
        _ kind: FormatError.Kind, _ expected: String, _ found: String
    ) -> FormatError {
        FormatError(
            kind, file: file.name, offset: offset,
            place: name.isEmpty ? "a tensor" : "tensor \(name)", expected: expected, found: found)
    }
}
