import Martlet

/// The small convolutional network of the PyTorch text for 28×28 grey pictures.
///
///     conv 5×5 · pool 2 · relu · conv 5×5 · channel dropout · pool 2 · relu · dense · dropout · dense
///
/// 21,840 parameters; 155,606 in the wide form. Ends with log-probabilities.
public final class DropoutCNN: Layer {
    private let conv1: Conv2D, conv2: Conv2D
    private let conv2Drop = ChannelDropout(0.5), drop = Dropout(0.5)
    private let fc1: Dense, fc2 = Dense(10)

    /// Makes the network with 10 and 20 filters and 50 units, or with 32, 64 and 100.
    public init(isWide: Bool = false) {
        conv1 = Conv2D(isWide ? 32 : 10, kernelSize: 5)
        conv2 = Conv2D(isWide ? 64 : 20, kernelSize: 5)
        fc1 = Dense(isWide ? 100 : 50)
    }

    /// Applies the network to `[N, 1, 28, 28]`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        var x = relu(maxPool2D(conv1(x), 2))
        x = relu(maxPool2D(conv2Drop(conv2(x)), 2))
        x = drop(relu(fc1(x.flattened())))
        return logSoftmax(fc2(x), axis: 1)
    }
}
