import Martlet

/// One weighted sum of all pixels: the network of the PaddlePaddle text, 785 parameters.
public final class LinearRegression: Layer {
    private let fc = Dense(1)

    /// Makes the network.
    public init() {}

    /// Applies the network; the result is one number for each picture, `[N, 1]`.
    public func callAsFunction(_ x: Tensor) -> Tensor { fc(x.flattened()) }
}

/// The network of the PyTorch text on dense layers: three hidden ones of 64 units.
///
/// 59,210 parameters; ends with log-probabilities.
public final class DigitsMLP: Layer {
    private let fc1 = Dense(64, activation: .relu), fc2 = Dense(64, activation: .relu)
    private let fc3 = Dense(64, activation: .relu), fc4 = Dense(10)

    /// Makes the network.
    public init() {}

    /// Applies the network to pictures of any size.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        logSoftmax(fc4(fc3(fc2(fc1(x.flattened())))), axis: 1)
    }
}

/// The convolutional network of the Keras text for 28×28 grey pictures, 121,930 parameters, with
/// Keras' first values.
public final class KerasCNN: Layer {
    private let conv1 = Conv2D(32, kernelSize: 3, activation: .relu, initialization: .glorot)
    private let conv2 = Conv2D(64, kernelSize: 3, activation: .relu, initialization: .glorot)
    private let fc1 = Dense(64, activation: .relu, initialization: .glorot)
    private let fc2 = Dense(10, initialization: .glorot)

    /// Makes the network.
    public init() {}

    /// Applies the network to `[N, 1, 28, 28]`; the result is logits.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let features = maxPool2D(conv2(maxPool2D(conv1(x), 2)), 2)
        return fc2(fc1(features.flattened()))
    }
}

/// LeNet-5 for 32×32 colour pictures as the CIFAR-10 text has it, 62,006 parameters.
///
/// - Source: LeCun et al., "Gradient-based learning applied to document recognition", 1998, with
///   max pooling and a third convolution in place of the first dense layer.
public final class LeNet5: Layer {
    private let conv1 = Conv2D(6, kernelSize: 5), conv2 = Conv2D(16, kernelSize: 5)
    private let conv3 = Conv2D(120, kernelSize: 5)
    private let fc1 = Dense(84, activation: .sigmoid), fc2: Dense

    /// Makes the network.
    public init(classCount: Int = 10) { fc2 = Dense(classCount) }

    /// Applies the network to `[N, 3, 32, 32]`; the result is logits.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        var x = maxPool2D(sigmoid(conv1(x)), 2)
        x = maxPool2D(sigmoid(conv2(x)), 2)
        return fc2(fc1(conv3(x).flattened()))
    }
}
