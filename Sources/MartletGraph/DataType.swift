/// The kind of number that one element of a tensor holds.
public enum DataType: String, Hashable, Sendable, CaseIterable {
    case float32 = "f32"
    case float64 = "f64"
    case int32 = "i32"
    case int64 = "i64"
    case uint8 = "u8"
    case bool = "bool"

    /// The size of one element in bytes.
    public var byteCount: Int {
        switch self {
        case .uint8, .bool: 1
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    /// True for the types that gradients flow through.
    public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

    /// True for the signed and unsigned whole-number types, not for `bool`.
    public var isInteger: Bool { self == .int32 || self == .int64 || self == .uint8 }
}

/// A Swift type whose values can be the elements of a tensor.
public protocol TensorScalar: Sendable, Hashable {
    /// The element type that stores `Self`.
    static var dataType: DataType { get }
}

extension Float: TensorScalar { public static var dataType: DataType { .float32 } }
extension Double: TensorScalar { public static var dataType: DataType { .float64 } }
extension Int32: TensorScalar { public static var dataType: DataType { .int32 } }
extension Int64: TensorScalar { public static var dataType: DataType { .int64 } }
extension UInt8: TensorScalar { public static var dataType: DataType { .uint8 } }
extension Bool: TensorScalar { public static var dataType: DataType { .bool } }
