import MartletGraph

/// A multi-dimensional array: numbers outside a trace, a node of the graph inside one.
///
/// Operations on tensors never throw and never stop the program. A mistake makes a poisoned tensor;
/// the error is thrown where numbers are read or where the trace ends. Tensors stay on the task
/// that made them; hand `HostTensor` to other tasks.
public struct Tensor {
    enum Content {
        case host(HostTensor)
        /// A number in the source text; beside another tensor it takes that one's element type.
        case literal(Double)
        case staged(Trace, Value)
        case poisoned(Poison)
    }

    /// A mistake with the type that the result would probably have had.
    final class Poison: Sendable {
        let error: ModelError
        let type: TensorType
        init(_ error: ModelError, _ type: TensorType) { (self.error, self.type) = (error, type) }
    }

    let content: Content

    /// Stands for a value that could not be made; holds one element per axis, whatever `type` says.
    static func placeholder(_ type: TensorType) -> Tensor {
        Tensor(HostTensor(zeros: type.with(shape: type.shape.map { _ in 1 })))
    }

    init(content: Content) { self.content = content }

    init(_ trace: Trace, _ value: Value) { content = .staged(trace, value) }

    init(poison error: ModelError, _ type: TensorType) { content = .poisoned(Poison(error, type)) }

    /// Numbers that exist already.
    public init(_ numbers: HostTensor) { content = .host(numbers) }

    /// Copies `values`, in row-major order, into a tensor of `shape`.
    ///
    ///     let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    ///
    /// - Errors: the number of values must be the product of `shape`.
    public init(
        _ values: [Float], shape: [Int], file: StaticString = #fileID, line: UInt = #line
    ) {
        self = Tensor.make(values, shape, file, line)
    }

    /// The same for elements of any type.
    @_disfavoredOverload
    public init<Scalar: TensorScalar>(
        _ values: [Scalar], shape: [Int], file: StaticString = #fileID, line: UInt = #line
    ) {
        self = Tensor.make(values, shape, file, line)
    }

    private static func make<Scalar: TensorScalar>(
        _ values: [Scalar], _ shape: [Int], _ file: StaticString, _ line: UInt
    ) -> Tensor {
        let type = TensorType(Scalar.dataType, shape)
        if type.isRepresentable, type.elementCount == values.count {
            return Tensor(HostTensor(values, shape: shape))
        }
        return named("Tensor", file, line) {
            mistake(
                "Tensor(\(values.count) values, shape: \(shape))", like: .placeholder(type),
                expected: "as many values as the shape has elements",
                received: "\(values.count) values")
        }
    }

    /// A list of numbers as a tensor with one axis.
    public init(_ values: [Float]) { self.init(HostTensor(values, shape: [values.count])) }

    /// One number of type f32, without axes.
    public init(_ value: Float) { self.init(HostTensor(value)) }

    /// One value without axes.
    public init<Scalar: TensorScalar>(scalar value: Scalar) { self.init(HostTensor(value)) }

    /// One number, rounded to `dtype`, repeated over `shape`.
    public init(repeating value: Double, shape: [Int], dtype: DataType = .float32) {
        self.init(HostTensor(repeating: value, TensorType(dtype, shape)))
    }

    /// Zeros.
    public static func zeros(_ shape: [Int], dtype: DataType = .float32) -> Tensor {
        Tensor(repeating: 0, shape: shape, dtype: dtype)
    }

    /// Ones.
    public static func ones(_ shape: [Int], dtype: DataType = .float32) -> Tensor {
        Tensor(repeating: 1, shape: shape, dtype: dtype)
    }

    /// The element type and the shape.
    public var type: TensorType {
        switch content {
        case .host(let numbers): numbers.type
        case .literal: TensorType(.float32, [])
        case .staged(let trace, let value): trace.builder.type(value)
        case .poisoned(let poison): poison.type
        }
    }

    /// The size of each axis, empty for a scalar; images are N, C, H, W.
    public var shape: [Int] { type.shape }

    /// The kind of each element.
    public var dtype: DataType { type.dtype }

    /// The number of axes.
    public var rank: Int { type.rank }

    /// The mistake that this tensor carries, if any.
    public var error: ModelError? {
        if case .poisoned(let poison) = content { poison.error } else { nil }
    }

    /// The numbers, if there are any.
    var numbers: HostTensor? {
        switch content {
        case .host(let numbers): numbers
        case .literal(let value): HostTensor(Float(value))
        case .staged, .poisoned: nil
        }
    }

    var isPoisoned: Bool { error != nil }
}

@available(*, unavailable, message: "hand a HostTensor to other tasks")
extension Tensor: Sendable {}
