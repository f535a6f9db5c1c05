import MartletFormats
import MartletGraph

/// How a program names its arrays and in which order their numbers stand.
public enum WeightConvention: String, Hashable, Sendable, CaseIterable {
    /// Names and orders as here: `conv1.weight`, `[units, inputs]`, `[filters, C, kh, kw]`.
    ///
    /// The prefix of a parallel or compiled model, `module.` or `_orig_mod.`, falls away, and the
    /// counter `num_batches_tracked` is left out.
    case pyTorch
    /// `layer/kernel`, kernels as `[inputs, units]` and `[kh, kw, C, filters]`, pictures as H, W, C.
    case keras
    /// Names as in PyTorch, `_mean` and `_variance` for statistics, dense kernels as in Keras.
    case paddle
}

/// An array with the name that a file gives it.
public struct NamedTensor: Hashable, Sendable {
    /// The name in the file.
    public var name: String
    /// The numbers.
    public var value: HostTensor

    /// Names an array.
    public init(_ name: String, _ value: HostTensor) { (self.name, self.value) = (name, value) }
}

/// What happens to an array on its way into a parameter.
public enum WeightChange: Hashable, Sendable, CustomStringConvertible {
    /// The axes change places: axis i is axis `order[i]` of the file.
    case transposed([Int])
    /// The features of a flattened picture go from the order H, W, C to C, H, W.
    case channelsFirst([Int])
    /// The features of a flattened picture of C, H, W go into the order H, W, C.
    case channelsLast([Int])
    /// The numbers get another shape.
    case reshaped([Int])
    /// The numbers get another type.
    case converted(DataType)

    /// The change in words.
    public var description: String {
        switch self {
        case .transposed(let order): "axes \(order)"
        case .channelsFirst(let shape): "features of \(shape) from H, W, C"
        case .channelsLast(let shape): "features of \(shape) to H, W, C"
        case .reshaped(let shape): "as \(shape)"
        case .converted(let dtype): "to \(dtype.rawValue)"
        }
    }
}
