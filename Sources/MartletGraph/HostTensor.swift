/// Numbers in ordinary memory, row-major, together with their type; safe to hand between tasks.
///
/// Constants of a graph, batches of a data set and everything read back from an engine are host tensors.
public struct HostTensor: Hashable, Sendable {
    /// The element type and shape.
    public let type: TensorType
    /// The elements in row-major order and native byte order; `type.byteCount` bytes.
    public private(set) var bytes: [UInt8]

    /// Wraps bytes that are already in row-major order.
    ///
    /// - Precondition: `bytes.count == type.byteCount`.
    public init(type: TensorType, bytes: [UInt8]) {
        precondition(
            bytes.count == type.byteCount,
            "HostTensor: \(type) needs \(type.byteCount) bytes, got \(bytes.count)")
        self.type = type
        self.bytes = bytes
    }

    /// Copies `values`, in row-major order, into a tensor of `shape`.
    ///
    /// - Precondition: the number of values is the product of `shape`.
    public init<Scalar: TensorScalar>(_ values: [Scalar], shape: [Int]) {
        self.init(
            type: TensorType(Scalar.dataType, shape),
            bytes: values.withUnsafeBytes { Array($0) })
    }

    /// A tensor with no axes that holds one value.
    public init<Scalar: TensorScalar>(_ value: Scalar) {
        self.init([value], shape: [])
    }

    /// A tensor of zeros (`false` for `bool`).
    public init(zeros type: TensorType) {
        self.init(type: type, bytes: [UInt8](repeating: 0, count: type.byteCount))
    }

    /// One value of any element type, rounded to it, repeated over `type`.
    public init(repeating value: Double, _ type: TensorType) {
        self.init(zeros: type)
        let count = type.elementCount
        switch type.dtype {
        case .float32: fill(Float(value), count)
        case .float64: fill(value, count)
        case .int32: fill(Int32(clampingOrZero: value), count)
        case .int64: fill(Int64(clampingOrZero: value), count)
        case .uint8: fill(UInt8(clampingOrZero: value), count)
        case .bool: fill(value != 0, count)
        }
    }

    private mutating func fill<Scalar: TensorScalar>(_ value: Scalar, _ count: Int) {
        withUnsafeMutableScalars(as: Scalar.self) { target in
            for index in 0..<count { target[index] = value }
        }
    }

    /// The elements as a Swift array, or `nil` when the element type is another.
    public func scalars<Scalar: TensorScalar>(as: Scalar.Type = Scalar.self) -> [Scalar]? {
        guard Scalar.dataType == type.dtype else { return nil }
        return withUnsafeScalars(as: Scalar.self) { Array($0) }
    }

    /// Every element converted to `Double`, whatever the element type.
    public var doubles: [Double] {
        switch type.dtype {
        case .float32: withUnsafeScalars(as: Float.self) { $0.map { Double($0) } }
        case .float64: withUnsafeScalars(as: Double.self) { Array($0) }
        case .int32: withUnsafeScalars(as: Int32.self) { $0.map { Double($0) } }
        case .int64: withUnsafeScalars(as: Int64.self) { $0.map { Double($0) } }
        case .uint8: withUnsafeScalars(as: UInt8.self) { $0.map { Double($0) } }
        case .bool: withUnsafeScalars(as: Bool.self) { $0.map { $0 ? 1 : 0 } }
        }
    }

    /// Reads the elements in place.
    ///
    /// - Precondition: `Scalar` is the tensor's element type.
    public func withUnsafeScalars<Scalar: TensorScalar, Result>(
        as: Scalar.Type = Scalar.self, _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        precondition(Scalar.dataType == type.dtype, "HostTensor: \(type) read as \(Scalar.self)")
        return try bytes.withUnsafeBytes { try body($0.bindMemory(to: Scalar.self)) }
    }

    /// Changes the elements in place.
    ///
    /// - Precondition: `Scalar` is the tensor's element type.
    public mutating func withUnsafeMutableScalars<Scalar: TensorScalar, Result>(
        as: Scalar.Type = Scalar.self,
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        precondition(Scalar.dataType == type.dtype, "HostTensor: \(type) read as \(Scalar.self)")
        return try bytes.withUnsafeMutableBytes { try body($0.bindMemory(to: Scalar.self)) }
    }

    /// Changes the raw bytes in place.
    public mutating func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try bytes.withUnsafeMutableBytes { try body($0) }
    }

    /// The same elements under another shape with as many elements.
    ///
    /// - Precondition: the element counts agree.
    public func reshaped(_ shape: [Int]) -> HostTensor {
        HostTensor(type: type.with(shape: shape), bytes: bytes)
    }
}

extension FixedWidthInteger {
    /// The nearest value of this type, 0 for NaN; the one rule for float-to-integer conversion.
    public init<Source: BinaryFloatingPoint>(clampingOrZero value: Source) {
        if value.isNaN {
            self = 0
        } else if value >= Source(Self.max) {
            self = .max
        } else if value <= Source(Self.min) {
            self = .min
        } else {
            self = Self(value)
        }
    }
}
