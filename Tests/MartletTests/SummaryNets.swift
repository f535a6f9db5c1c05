import Martlet

/// The networks whose sizes are known from elsewhere.
final class TutorialNet: Layer {
    let conv1: Conv2D, conv2: Conv2D
    let drop = ChannelDropout(0.5)
    let fc1: Dense
    let drop2 = Dropout(0.5)
    let fc2 = Dense(10)

    /// With sizes that are stated, and those of the wide variant on request.
    init(wide: Bool = false) {
        conv1 = Conv2D(wide ? 32 : 10, kernelSize: 5)
        conv2 = Conv2D(wide ? 64 : 20, kernelSize: 5)
        fc1 = Dense(wide ? 100 : 50, inputUnits: wide ? 1024 : 320)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        var x = relu(maxPool2D(conv1(x), 2))
        x = relu(maxPool2D(drop(conv2(x)), 2))
        x = relu(fc1(x.flattened()))
        return logSoftmax(fc2(drop2(x)))
    }
}

func kerasNet() -> Sequential {
    Sequential {
        Conv2D(32, kernelSize: 3, activation: .relu, initialization: .glorot)
        MaxPool2D(2)
        Conv2D(64, kernelSize: 3, activation: .relu, initialization: .glorot)
        MaxPool2D(2)
        Flatten()
        Dense(64, activation: .relu, initialization: .glorot)
        Dense(10, initialization: .glorot)
    }
}

func perceptron() -> Sequential {
    Sequential {
        Flatten()
        for _ in 0..<3 { Dense(64, activation: .relu) }
        Dense(10)
        LogSoftmax()
    }
}

func leNet() -> Sequential {
    Sequential {
        Conv2D(6, kernelSize: 5, activation: .sigmoid)
        MaxPool2D(2)
        Conv2D(16, kernelSize: 5, activation: .sigmoid)
        MaxPool2D(2)
        Conv2D(120, kernelSize: 5)
        Flatten()
        Dense(84, activation: .sigmoid)
        Dense(10)
    }
}
