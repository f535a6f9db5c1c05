import Martlet

/// The networks of the weight fixtures, under the names that their files have.
enum FixtureNets {
    /// Two convolutions and two dense layers, as PyTorch's files have them.
    final class Small: Layer {
        let conv1: Conv2D, conv2: Conv2D
        let fc1: Dense
        let fc2 = Dense(10, activation: .logSoftmax)

        init(channels: [Int] = [4, 8], hidden: Int = 16) {
            conv1 = Conv2D(channels[0], kernelSize: 5)
            conv2 = Conv2D(channels[1], kernelSize: 5)
            fc1 = Dense(hidden, activation: .relu)
        }

        func callAsFunction(_ x: Tensor) -> Tensor {
            let first = relu(maxPool2D(conv1(x), 2))
            let second = relu(maxPool2D(conv2(first), 2))
            return fc2(fc1(second.flattened()))
        }
    }

    /// The convolutional network of Paddle's files.
    final class Paddle: Layer {
        let conv1 = Conv2D(3, kernelSize: 5, padding: 2)
        let conv2 = Conv2D(5, kernelSize: 5)
        let bn = BatchNorm()
        let fc = Dense(10)

        func callAsFunction(_ x: Tensor) -> Tensor {
            let first = maxPool2D(relu(conv1(x)), 2)
            let second = maxPool2D(relu(bn(conv2(first))), 2)
            return fc(second.flattened())
        }
    }

    /// One weighted sum.
    final class Linear: Layer {
        let fc = Dense(1)

        func callAsFunction(_ x: Tensor) -> Tensor { fc(x.flattened()) }
    }

    /// The network of Keras' files; written with `flattened()`, not with a layer.
    final class Keras: Layer {
        let conv1 = Conv2D(4, kernelSize: 3, activation: .relu)
        let conv2 = Conv2D(6, kernelSize: 3, activation: .relu)
        let fc1 = Dense(12, activation: .relu), fc2 = Dense(10)

        func callAsFunction(_ x: Tensor) -> Tensor {
            fc2(fc1(maxPool2D(conv2(maxPool2D(conv1(x), 2)), 2).flattened()))
        }
    }

    /// A residual network with batch norm.
    final class Residual: Layer {
        final class Block: Layer {
            let conv1: Conv2D, conv2: Conv2D
            let bn1 = BatchNorm(), bn2 = BatchNorm()
            let shortcut: Sequential?

            init(_ filters: Int, stride: Int) {
                conv1 = Conv2D(
                    filters, kernelSize: 3, stride: stride, padding: 1, usesBias: false)
                conv2 = Conv2D(filters, kernelSize: 3, padding: 1, usesBias: false)
                shortcut =
                    stride == 1
                    ? nil
                    : Sequential {
                        Conv2D(filters, kernelSize: 1, stride: stride, usesBias: false)
                        BatchNorm()
                    }
            }

            func callAsFunction(_ x: Tensor) -> Tensor {
                let main = bn2(conv2(relu(bn1(conv1(x)))))
                return relu(main + (shortcut?(x) ?? x))
            }
        }

        let conv1 = Conv2D(8, kernelSize: 3, padding: 1, usesBias: false)
        let bn1 = BatchNorm()
        let layer1 = [Block(12, stride: 2), Block(12, stride: 1)]
        let fc = Dense(10)

        func callAsFunction(_ x: Tensor) -> Tensor {
            let features = layer1.reduce(relu(bn1(conv1(x)))) { $1($0) }
            return fc(features.mean(axes: [2, 3]))
        }
    }
}
