import Martlet

/// A convolution with batch norm and relu after it.
private func block(_ filters: Int, padding: Padding = .same) -> [any Layer] {
    [
        Conv2D(filters, kernelSize: 3, padding: padding, usesBias: false), BatchNorm(),
        ActivationLayer(.relu),
    ]
}

/// Five small convolutions with batch norm, for digits with augmentation; about 200,000 parameters.
public final class NormalizedCNN: Layer {
    private let features = Sequential {
        block(24, padding: .valid)
        block(24, padding: .valid)
        MaxPool2D(2)
        block(48)
        block(48, padding: .valid)
        MaxPool2D(2)
        block(96, padding: .valid)
    }
    private let drop = Dropout(0.3)
    private let fc1 = Dense(128, activation: .relu), fc2: Dense

    /// Makes the network.
    public init(classCount: Int = 10) { fc2 = Dense(classCount) }

    /// Applies the network to `[N, C, 28, 28]`; the result is logits.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        fc2(drop(fc1(drop(features(x).flattened()))))
    }
}

/// A compact residual network for small colour pictures; about 2 million parameters.
///
/// It begins with sums and differences of colours and neighbouring pixels, which need not be learned;
/// batch norm gives each the same share. The convolutions that widen the features are pooled before
/// they are normalised, which leaves a quarter of the numbers to normalise. The largest value of each
/// feature decides, and logits are made small, so that large learning rates do well and few epochs are
/// enough. In use the logits of a picture and of its mirror image are averaged.
///
/// - Source: residual blocks after He et al., arXiv:1512.03385; the form of the net and its beginning
///   after Jordan, arXiv:2404.00498, which whitens patches by their measured covariance.
public final class CompactResNet: Layer {
    private let features: Sequential
    private let fc: Dense

    /// Makes the network.
    ///
    /// - Parameter width: The filters of the first learned convolution; later ones have four times as
    ///   many.
    public init(classCount: Int = 10, width: Int = 64) {
        func halving(_ filters: Int) -> [any Layer] {
            [
                Conv2D(filters, kernelSize: 3, padding: .same, usesBias: false), MaxPool2D(2),
                BatchNorm(), ActivationLayer(.relu),
            ]
        }
        features = Sequential {
            neighbourhoods
            BatchNorm()
            Activation.relu
            for filters in [width, 4 * width, 4 * width] {
                halving(filters)
                Residual { block(filters) }
            }
        }
        fc = Dense(classCount, usesBias: false)
    }

    /// Applies the network to pictures of three colours and at least 8×8 pixels; the result is logits.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        averagedOverMirrorImages(x) { fc(features($0).max(axes: [2, 3])) * 0.125 }
    }
}

/// For each 2×2 pixels of three colours the sums and differences along both axes of grey, red against
/// blue, and green against both; then the opposites of these twelve numbers.
private func neighbourhoods(_ x: Tensor) -> Tensor {
    let colours: [[Float]] = [[1, 1, 1], [1, 0, -1], [1, -2, 1]]
    let pixels: [[Float]] = [[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]
    let half = colours.flatMap { colour in
        pixels.flatMap { pixel in colour.flatMap { c in pixel.map { c * $0 } } }
    }
    let weight = HostTensor(half + half.map { -$0 }, shape: [24, 3, 2, 2])
    return conv2D(x, Tensor(weight), padding: .same)
}

/// A network for a folder of one's own pictures: halves the size until little is left.
public final class FolderCNN: Layer {
    private let features: Sequential
    private let drop = Dropout(0.3)
    private let fc: Dense

    /// Makes a network for square pictures of `size` pixels.
    public init(classCount: Int, size: Int) {
        var layers: [any Layer] = []
        var (filters, rest) = (16, size)
        while rest >= 8, filters <= 128 {
            layers += block(filters) + block(filters) + [MaxPool2D(2)]
            (filters, rest) = (filters * 2, rest / 2)
        }
        if layers.isEmpty { layers = block(32) }
        features = Sequential(layers + [GlobalAveragePool2D()])
        fc = Dense(classCount)
    }

    /// Applies the network to `[N, C, H, W]`; the result is logits.
    public func callAsFunction(_ x: Tensor) -> Tensor { fc(drop(features(x).flattened())) }
}
