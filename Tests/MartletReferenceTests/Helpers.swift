import MartletGraph
import MartletReference

/// Evaluates one node and returns its elements; the type comes from the shape rules.
func evaluate<Scalar: TensorScalar>(
    _ op: Op, _ inputs: HostTensor..., as: Scalar.Type = Scalar.self
) throws -> [Scalar] {
    let result = try evaluate(op, inputs)
    guard let scalars = result.scalars(as: Scalar.self) else { throw WrongType(type: result.type) }
    return scalars
}

/// Evaluates one node.
func evaluate(_ op: Op, _ inputs: [HostTensor]) throws -> HostTensor {
    try Interpreter.evaluate(op, inputs, type: op.resultType(inputs.map(\.type)))
}

/// A result of another element type than the test reads.
struct WrongType: Error { var type: TensorType }

/// A tensor of `Float` with one axis.
func floats(_ values: Float...) -> HostTensor { HostTensor(values, shape: [values.count]) }

/// A tensor of `Double` with one axis.
func doubles(_ values: Double...) -> HostTensor { HostTensor(values, shape: [values.count]) }

/// A tensor whose elements count up from `start` and wrap at `period`: exact in every float type.
func pattern(_ shape: [Int], period: Int, start: Int) -> HostTensor {
    let count = shape.reduce(1, *)
    return HostTensor((0..<count).map { Double($0 % period + start) }, shape: shape)
}

/// The sum of the products of two tensors' elements.
func dot(_ a: HostTensor, _ b: HostTensor) -> Double {
    zip(a.doubles, b.doubles).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Whether two lists are the same, NaN counting as equal to NaN.
func same<Scalar: BinaryFloatingPoint>(_ a: [Scalar], _ b: [Scalar]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
}

/// Whether two lists agree but for rounding.
func close(_ a: [Double], _ b: [Double], tolerance: Double = 1e-12) -> Bool {
    a.count == b.count
        && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}
