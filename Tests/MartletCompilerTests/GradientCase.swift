import MartletCompiler
import MartletGraph
import MartletTestSupport
import Testing

/// One line of the gradient table: how to use an operation, and where.
struct GradientCase: Sendable, CustomTestStringConvertible {
    /// One of `Op.allNames`.
    var op: String
    /// What sets this line apart from others of the same operation.
    var variant: String
    var inputs: [TensorType]
    var sampler: GradientSampler
    var order: Int
    var tolerance: Double
    var step: Double
    var build: @Sendable (inout GraphBuilder, [Value]) -> Value

    /// A line whose inputs are f64 of the given shapes.
    init(
        _ op: String, _ variant: String = "", _ shapes: [[Int]] = [[2, 3]],
        sampler: GradientSampler = .awayFromZero, order: Int = 2, tolerance: Double = 1e-7,
        step: Double = 2e-4, build: @escaping @Sendable (inout GraphBuilder, [Value]) -> Value
    ) {
        (self.op, self.variant, self.sampler) = (op, variant, sampler)
        (self.order, self.tolerance, self.step) = (order, tolerance, step)
        self.inputs = shapes.map { TensorType(.float64, $0) }
        self.build = build
    }

    /// A line that applies one operation to its inputs.
    init(
        _ op: Op, _ variant: String = "", _ shapes: [[Int]] = [[2, 3]],
        sampler: GradientSampler = .awayFromZero, order: Int = 2
    ) {
        self.init(op.name, variant, shapes, sampler: sampler, order: order) { g, inputs in
            g.applying(op, inputs)
        }
    }

    var testDescription: String { variant.isEmpty ? op : "\(op), \(variant)" }

    /// Every operation with a gradient.
    static let all =
        elementwise + shape + reduction + matrix + convolution + pooling + normalization
        + indexing
}

extension GraphBuilder {
    /// Appends a node whose operands are right by construction.
    mutating func applying(_ op: Op, _ inputs: [Value]) -> Value {
        do {
            return try append(op, inputs)
        } catch {
            preconditionFailure("the test's graph is wrong: \(error)")
        }
    }

    /// Whole numbers as a constant.
    mutating func indices(_ numbers: [Int64], _ shape: [Int]) -> Value {
        constant(HostTensor(numbers, shape: shape))
    }
}
