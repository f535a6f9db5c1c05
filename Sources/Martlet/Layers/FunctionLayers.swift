/// An activation as a layer of its own; in a `Sequential` block `Activation.relu` is enough.
///
/// - Same as: `torch.nn.ReLU()` and the like; Keras `Activation("relu")`.
public final class ActivationLayer: Layer {
    /// The function.
    public let activation: Activation

    /// Wraps an activation.
    public init(_ activation: Activation) { self.activation = activation }

    /// The settings as the structure print shows them.
    public var layerSettings: String { ".\(activation.name)" }

    /// Applies the activation.
    public func callAsFunction(_ x: Tensor) -> Tensor { running(x) { activation(x) } }
}

/// A function without parameters as a layer; in a `Sequential` block the function is enough.
public final class FunctionLayer: Layer {
    private let function: (Tensor) -> Tensor

    /// Wraps a function; parameters that it captures are not found.
    public init(_ function: @escaping (Tensor) -> Tensor) { self.function = function }

    /// Applies the function.
    public func callAsFunction(_ x: Tensor) -> Tensor { running(x) { function(x) } }
}

/// Exponentials over their sum along an axis, which gives probabilities.
///
/// - Same as: `torch.nn.Softmax(dim)`, Keras `Softmax(axis)`. For training on labels end the model
///   with logits and use `crossEntropy`.
public final class Softmax: Layer {
    /// The axis whose elements add up to 1.
    public let axis: Int

    /// Makes a layer.
    public init(axis: Int = -1) { self.axis = axis }

    /// The settings as the structure print shows them.
    public var layerSettings: String { SettingsText().with("axis", axis, default: -1).text }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor { running(x) { softmax(x, axis: axis) } }
}

/// The logarithm of `Softmax`, computed without overflow; belongs to `negativeLogLikelihood`.
///
/// - Same as: `torch.nn.LogSoftmax(dim)`.
public final class LogSoftmax: Layer {
    /// The axis over which the exponentials add up to 1.
    public let axis: Int

    /// Makes a layer.
    public init(axis: Int = -1) { self.axis = axis }

    /// The settings as the structure print shows them.
    public var layerSettings: String { SettingsText().with("axis", axis, default: -1).text }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        running(x) { logSoftmax(x, axis: axis) }
    }
}
