import Martlet
import MartletData

/// The network of the Keras MNIST tutorial, with PyTorch's parameter names.
final class KerasNet: Layer {
    let conv1 = Conv2D(32, kernelSize: 3, activation: .relu)
    let conv2 = Conv2D(64, kernelSize: 3, activation: .relu)
    let fc1 = Dense(64, activation: .relu)
    let fc2 = Dense(10)

    func callAsFunction(_ x: Tensor) -> Tensor {
        let features = maxPool2D(conv2(maxPool2D(conv1(x), 2)), 2)
        return fc2(fc1(features.flattened()))
    }
}

/// Our side: the training step, fed with the workload's batches one after the other.
final class OurRun {
    private let step: TrainStep<KerasNet, Adam>
    private let batches: [(images: HostTensor, labels: HostTensor)]
    private var next = 0

    /// Starts from the workload's weights; the step is compiled here.
    init(_ workload: Workload) throws {
        let net = KerasNet()
        try net.setParameters(
            Dictionary(
                uniqueKeysWithValues: workload.weights.map {
                    ($0.name, HostTensor($0.values, shape: $0.shape))
                }))
        step = try TrainStep(net, optimizer: Adam(learningRate: 0.001, epsilon: 1e-7)) {
            net, x, y in crossEntropy(net(x), y)
        }
        let size = workload.batchSize
        batches = workload.batches.map {
            (HostTensor($0.images, shape: [size, 1, 28, 28]), HostTensor($0.labels, shape: [size]))
        }
        if let first = batches.first {
            try step.prepare(x: first.images.type, y: first.labels.type)
        }
    }

    /// The name of the engine that runs the step.
    var engine: String { step.engine.name }

    /// The losses of `count` steps.
    func losses(_ count: Int) throws -> [Double] {
        try (0..<count).map { _ in Double(try advance()) }
    }

    /// The milliseconds of each of `count` steps.
    func times(_ count: Int) throws -> [Double] {
        try (0..<count).map { _ in
            let start = ContinuousClock.now
            _ = try advance()
            return (ContinuousClock.now - start) / .milliseconds(1)
        }
    }

    private func advance() throws -> Float {
        let batch = batches[next % batches.count]
        next += 1
        return try step(batch.images, batch.labels)
    }
}
