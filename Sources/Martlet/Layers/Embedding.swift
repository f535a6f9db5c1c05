/// A table of rows that are looked up by number.
///
/// - Shapes: `x` is i32 or i64 of any shape `[…]`; the result is `[…, units]`.
/// - Creates: `weight` `[count, units]` (standard normal), on the first trace.
/// - Errors: the trace reports numbers that are not integers. A number outside `0 ..< count` gives a
///   row of zeros.
/// - Same as: `torch.nn.Embedding(count, units)`; Keras `Embedding(count, units)`, which starts with
///   `.uniform(from: -0.05, to: 0.05)`.
public final class Embedding: Layer {
    /// The number of rows.
    public let count: Int
    /// The length of a row.
    public let units: Int
    /// The table; tie it to another parameter to share it.
    public let weight = Parameter()
    private let initializer: Initializer

    /// Makes a layer.
    public init(
        _ count: Int, _ units: Int, initializer: Initializer = .normal(mean: 0, deviation: 1)
    ) {
        precondition(
            count > 0 && units > 0,
            "Embedding: count and units must be positive, got \(count) and \(units)")
        (self.count, self.units, self.initializer) = (count, units, initializer)
    }

    /// The settings as the structure print shows them.
    public var layerSettings: String { "\(count), \(units)" }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) {
            guard x.dtype == .int32 || x.dtype == .int64 else {
                return mistake(
                    "embedding(\(x.type), weight [\(count), \(units)])", like: x,
                    expected: "numbers of rows, i32 or i64", received: x.dtype.rawValue,
                    fix: "convert them first: x.cast(to: .int32)")
            }
            let dtype = weight.type?.dtype ?? .float32
            return weight([count, units], initializer, dtype: dtype).gathered(x)
        }
    }
}
