/// Everything a graph can compute: one closed set, so that a missing rule is a compile error.
///
/// Elementwise operands have equal types; broadcasting is a node of its own (`broadcast`).
/// Images are N, C, H, W and convolution weights are O, C/groups, KH, KW.
public enum Op: Hashable, Sendable {
    // Sources.
    /// A value given anew at every run. No operands.
    case input(String, TensorType)
    /// Named state that lives from run to run. No operands; read before any assignment of the run.
    case variable(String, TensorType)
    /// Numbers known while tracing. No operands.
    case constant(HostTensor)
    /// Counts 0, 1, 2 … along `axis`. No operands.
    case iota(TensorType, axis: Int)
    /// Counter-based random numbers; the operand is `key`, i64[2] = (seed, step). See `Philox`.
    case random(RandomDistribution, TensorType, stream: Int)

    // Elementwise.
    /// One operand, one result element per element.
    case unary(UnaryOp)
    /// Two operands of equal type.
    case binary(BinaryOp)
    /// Two operands of equal type; the result is `bool`.
    case compare(Comparison)
    /// Operands condition (bool), a, b, all of one shape: a where the condition holds, else b.
    case select
    /// Changes the element type; floats to integers truncate and saturate, NaN becomes 0.
    case cast(DataType)

    // Shape.
    /// Repeats along new leading axes and axes of size 1 (NumPy's rule) up to the given shape.
    case broadcast([Int])
    /// The same elements in row-major order under another shape.
    case reshape([Int])
    /// Result axis i is operand axis `permutation[i]`.
    case transpose([Int])
    /// A strided box of the operand.
    case slice(SliceAttributes)
    /// Borders, and gaps between elements, filled with a value.
    case pad(PadAttributes)
    /// Any number of operands joined along `axis`.
    case concatenate(axis: Int)
    /// The order of elements turned round along the given axes.
    case reverse([Int])

    // Reductions.
    /// Folds the given axes away (ascending, without repeats).
    case reduce(Reduction, axes: [Int])
    /// The i64 index of the first extreme element along `axis`, which disappears.
    case argReduce(ArgReduction, axis: Int)
    /// Running sum along `axis`, from the end when `reverse`.
    case cumulativeSum(axis: Int, reverse: Bool)

    // Linear algebra and windows.
    /// Products over the last two axes; leading axes are batch axes and must be equal.
    case matmul(MatmulAttributes)
    /// Operands x, weight.
    case conv2D(Conv2DAttributes)
    /// Operands dy, weight; `size` is the height and width of the input.
    case conv2DInputGradient(Conv2DAttributes, size: [Int])
    /// Operands dy, x; `kernel` is the height and width of the weight.
    case conv2DWeightGradient(Conv2DAttributes, kernel: [Int])
    /// Largest element of each window; padding counts as minus infinity.
    case maxPool2D(PoolAttributes)
    /// Operands x, dy: sends dy to the first largest element of each window in row-major order.
    case maxPool2DGradient(PoolAttributes)
    /// Operands x, t: picks from t the element at the first largest place of x in each window.
    case maxPool2DTangent(PoolAttributes)
    /// Mean of each window.
    case averagePool2D(PoolAttributes)
    /// Operand dy; `size` is the height and width of the input.
    case averagePool2DGradient(PoolAttributes, size: [Int])

    // Normalisation.
    /// exp(x) over its sum along `axis`.
    case softmax(axis: Int)
    /// The logarithm of `softmax`, computed without overflow.
    case logSoftmax(axis: Int)
    /// (x − mean) / √(variance + ε) over `axes`, with the biased variance.
    case standardize(axes: [Int], epsilon: Double)
    /// Operands x, dy: the gradient of `standardize` with respect to x.
    case standardizeGradient(axes: [Int], epsilon: Double)

    // Indexing.
    /// Operands x, indices (i32 or i64, any shape): rows of `axis` by number; the indices' shape
    /// takes the axis' place. An index outside the axis selects zeros.
    case gather(axis: Int)
    /// Operands updates, indices: the transpose of `gather`; `size` is the length of `axis`.
    case scatterAdd(axis: Int, size: Int)
    /// Operands x, indices of the same rank: result[.., i, ..] = x[.., indices[.., i, ..], ..].
    case gatherAlong(axis: Int)
    /// Operands updates, indices of the same shape: the transpose of `gatherAlong`.
    case scatterAddAlong(axis: Int, size: Int)
    /// Operand i32 or i64 indices; a new last axis of size `classes` holds 1 at the index, else 0.
    /// An index outside 0 ..< classes gives a row of zeros.
    case oneHot(classes: Int, DataType)

    /// True when each result element depends on the operands' elements at the same place alone.
    package var isElementwise: Bool {
        switch self {
        case .unary, .binary, .compare, .select, .cast: true
        default: false
        }
    }
}

/// Elementwise functions of one operand.
public enum UnaryOp: String, Hashable, Sendable, CaseIterable {
    case negate, abs, sign, exp, expm1, log, log1p, sqrt, rsqrt, reciprocal
    case sin, cos, erf, tanh, sigmoid, relu, floor, logicalNot
}

/// Elementwise functions of two operands of equal type.
public enum BinaryOp: String, Hashable, Sendable, CaseIterable {
    case add, subtract, multiply, divide, power, maximum, minimum, logicalAnd, logicalOr
}

/// Elementwise comparisons; any comparison with NaN is false but `notEqual`.
public enum Comparison: String, Hashable, Sendable, CaseIterable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}

/// How a reduction folds elements together.
public enum Reduction: String, Hashable, Sendable, CaseIterable {
    case sum, product, max, min
}

/// Which extreme an index reduction looks for.
public enum ArgReduction: String, Hashable, Sendable, CaseIterable {
    case max, min
}

/// The distributions that `random` draws from.
public enum RandomDistribution: String, Hashable, Sendable, CaseIterable {
    /// Uniform on [0, 1).
    case uniform
    /// Standard normal.
    case normal
}
