/// The static type of a value: its element type and its shape, known before anything runs.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
    /// The kind of each element.
    public var dtype: DataType
    /// The size of each axis; empty for a scalar.
    ///
    /// Images are N, C, H, W.
    public var shape: [Int]

    /// Makes a type from an element type and a shape.
    public init(_ dtype: DataType, _ shape: [Int]) {
        self.dtype = dtype
        self.shape = shape
    }

    /// The number of axes.
    public var rank: Int { shape.count }

    /// The number of elements, 1 for a scalar.
    public var elementCount: Int { shape.reduce(1, *) }

    /// The number of bytes in row-major order without gaps.
    public var byteCount: Int { elementCount * dtype.byteCount }

    /// The row-major distance between neighbours along each axis, in elements.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        return strides
    }

    /// The same element type with another shape.
    public func with(shape: [Int]) -> TensorType { TensorType(dtype, shape) }

    /// The same shape with another element type.
    public func with(dtype: DataType) -> TensorType { TensorType(dtype, shape) }

    /// The form used in graph text and errors: `f32[100,1,28,28]`.
    public var description: String {
        dtype.rawValue + "[" + shape.map(String.init).joined(separator: ",") + "]"
    }
}
