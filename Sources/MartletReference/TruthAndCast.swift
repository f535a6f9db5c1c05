import MartletGraph

extension Interpreter {
    /// True where `x` is false.
    static func logicalNot(_ x: HostTensor) -> HostTensor {
        truths(x.type) { !isTrue(x.bytes[$0]) }
    }

    /// Conjunction or disjunction of truth values.
    static func logical(_ op: BinaryOp, _ a: HostTensor, _ b: HostTensor) throws -> HostTensor {
        switch op {
        case .logicalAnd: truths(a.type) { isTrue(a.bytes[$0]) && isTrue(b.bytes[$0]) }
        case .logicalOr: truths(a.type) { isTrue(a.bytes[$0]) || isTrue(b.bytes[$0]) }
        default: throw unsupported(.binary(op), a.type)
        }
    }

    /// Truth values as the numbers 0 and 1; any byte but 0 is true.
    static func numbers(fromTruths x: HostTensor) -> HostTensor {
        HostTensor(
            type: x.type.with(dtype: .uint8), bytes: x.bytes.map { isTrue($0) ? 1 : 0 })
    }

    /// Another element type for the same numbers.
    ///
    /// Floats become the nearest integer towards zero that fits, NaN becomes 0; integers keep
    /// their low bits; `bool` is true for everything but 0.
    static func cast(_ x: HostTensor, to dtype: DataType) -> HostTensor {
        if x.type.dtype == dtype { return x }
        let type = x.type.with(dtype: dtype)
        switch x.type.dtype {
        case .float32: return cast(reals: widened(x, of: Float.self), type)
        case .float64: return cast(reals: widened(x, of: Double.self), type)
        case .int32: return cast(integers: integers(x, of: Int32.self), type)
        case .int64: return cast(integers: integers(x, of: Int64.self), type)
        case .uint8: return cast(integers: integers(x, of: UInt8.self), type)
        case .bool: return cast(integers: x.bytes.map { isTrue($0) ? 1 : 0 }, type)
        }
    }

    private static func cast(reals values: [Double], _ type: TensorType) -> HostTensor {
        switch type.dtype {
        case .float32: HostTensor(values.map { Float($0) }, shape: type.shape)
        case .float64: HostTensor(values, shape: type.shape)
        case .int32: HostTensor(values.map { Int32(converting: $0) }, shape: type.shape)
        case .int64: HostTensor(values.map { Int64(converting: $0) }, shape: type.shape)
        case .uint8: HostTensor(values.map { UInt8(converting: $0) }, shape: type.shape)
        case .bool: truths(type) { values[$0] != 0 }
        }
    }

    private static func cast(integers values: [Int64], _ type: TensorType) -> HostTensor {
        switch type.dtype {
        case .float32: HostTensor(values.map { Float($0) }, shape: type.shape)
        case .float64: HostTensor(values.map { Double($0) }, shape: type.shape)
        case .int32: HostTensor(values.map { Int32(converting: $0) }, shape: type.shape)
        case .int64: HostTensor(values, shape: type.shape)
        case .uint8: HostTensor(values.map { UInt8(converting: $0) }, shape: type.shape)
        case .bool: truths(type) { values[$0] != 0 }
        }
    }

    private static func widened<Scalar: Real>(_ x: HostTensor, of: Scalar.Type) -> [Double] {
        x.withUnsafeScalars(as: Scalar.self) { $0.map { $0.wide } }
    }

    private static func integers<Scalar: FixedWidthInteger & TensorScalar>(
        _ x: HostTensor, of: Scalar.Type
    ) -> [Int64] {
        x.withUnsafeScalars(as: Scalar.self) { $0.map { Int64($0) } }
    }

    @inline(__always)
    private static func isTrue(_ byte: UInt8) -> Bool { byte != 0 }

    @inline(__always)
    private static func truths(_ type: TensorType, _ body: (Int) -> Bool) -> HostTensor {
        HostTensor(type.with(dtype: .bool), of: Bool.self) { y in
            for index in y.indices { y[index] = body(index) }
        }
    }
}
