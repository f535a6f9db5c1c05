import Martlet

/// A network with the shapes of its data and its training, before anything is made of it.
struct Workload: Sendable {
    enum Loss: String, Sendable {
        case crossEntropy, squared
    }

    enum Rule: Sendable {
        case sgd(rate: Float, momentum: Float)
        case adam(rate: Float, epsilon: Float)
    }

    var name: String
    /// Channels, height and width of a picture.
    var shape: [Int]
    var layers: [LayerSpec]
    var loss = Loss.crossEntropy
    var rule: Rule
    var batch: Int
    /// How many pictures both sides have in memory.
    var exampleCount = 2048
    /// Steps take seconds: fewer turns, and PyTorch alone beside ours unless peers are named.
    var isLong = false
    /// How many losses are compared before the turns.
    var comparedSteps = 20

    /// The outputs of one picture.
    var outputCount: Int { loss == .squared ? 1 : 10 }

    /// The networks whose training is timed.
    static let training: [Workload] = [
        mnistKeras, mnistCNN("mnist-cnn", 10, 20, 50), mnistCNN("mnist-cnn-wide", 32, 64, 100),
        mnistMLP, mnistLinear, lenet(batch: 1), lenet(batch: 64), resnet18,
    ]

    /// The networks whose prediction is timed, each with batches of 1 and of 256.
    static let prediction: [Workload] = [
        mnistKeras, mnistCNN("mnist-cnn", 10, 20, 50), mnistMLP, mnistLinear, lenet(batch: 1),
    ]

    private static let mnistKeras = Workload(
        name: "mnist-keras", shape: [1, 28, 28],
        layers: [
            .convolution(32, kernel: 3), .relu, .maxPool(2), .convolution(64, kernel: 3), .relu,
            .maxPool(2), .flatten, .dense(64), .relu, .dense(10),
        ],
        rule: .adam(rate: 0.001, epsilon: 1e-7), batch: 32)

    private static func mnistCNN(
        _ name: String, _ first: Int, _ second: Int, _ units: Int
    ) -> Workload {
        Workload(
            name: name, shape: [1, 28, 28],
            layers: [
                .convolution(first, kernel: 5), .maxPool(2), .relu,
                .convolution(second, kernel: 5), .channelDropout(0.5), .maxPool(2), .relu,
                .flatten, .dense(units), .relu, .dropout(0.5), .dense(10),
            ],
            rule: .sgd(rate: 0.01, momentum: 0.5), batch: 100)
    }

    private static let mnistMLP = Workload(
        name: "mnist-mlp", shape: [1, 28, 28],
        layers: [
            .flatten, .dense(64), .relu, .dense(64), .relu, .dense(64), .relu, .dense(10),
        ],
        rule: .adam(rate: 0.001, epsilon: 1e-8), batch: 15)

    private static let mnistLinear = Workload(
        name: "mnist-linear", shape: [1, 28, 28], layers: [.flatten, .dense(1)], loss: .squared,
        rule: .sgd(rate: 0.001, momentum: 0), batch: 16)

    private static func lenet(batch: Int) -> Workload {
        Workload(
            name: batch == 1 ? "cifar10-lenet5" : "cifar10-lenet5-full", shape: [3, 32, 32],
            layers: [
                .convolution(6, kernel: 5), .sigmoid, .maxPool(2), .convolution(16, kernel: 5),
                .sigmoid, .maxPool(2), .convolution(120, kernel: 5), .flatten, .dense(84),
                .sigmoid, .dense(10),
            ],
            rule: .sgd(rate: batch == 1 ? 0.001 : 0.1, momentum: 0), batch: batch)
    }

    private static let resnet18 = Workload(
        name: "resnet18", shape: [3, 32, 32],
        layers: [.convolution(64, kernel: 3, padding: 1, usesBias: false), .batchNorm, .relu]
            + block(64, stride: 1, isFirst: false) + block(64, stride: 1, isFirst: false)
            + [128, 256, 512].flatMap {
                block($0, stride: 2, isFirst: true) + block($0, stride: 1, isFirst: false)
            } + [.globalAverage, .dense(10)],
        rule: .sgd(rate: 0.01, momentum: 0.9), batch: 128, exampleCount: 512, isLong: true,
        comparedSteps: 2)

    private static func block(_ filters: Int, stride: Int, isFirst: Bool) -> [LayerSpec] {
        let shortcut: [LayerSpec] = [
            .convolution(filters, kernel: 1, stride: stride, usesBias: false), .batchNorm,
        ]
        return [
            .residual(
                main: [
                    .convolution(filters, kernel: 3, stride: stride, padding: 1, usesBias: false),
                    .batchNorm, .relu,
                    .convolution(filters, kernel: 3, padding: 1, usesBias: false), .batchNorm,
                ], shortcut: isFirst ? shortcut : [])
        ]
    }

    /// The settings as `peers/workload.py` reads them.
    var json: [String: Any] {
        let optimizer: [String: Any] =
            switch rule {
            case .sgd(let rate, let momentum):
                ["kind": "sgd", "rate": Double(rate), "momentum": Double(momentum)]
            case .adam(let rate, let epsilon):
                ["kind": "adam", "rate": Double(rate), "epsilon": Double(epsilon)]
            }
        return [
            "name": name, "batch": batch, "loss": loss.rawValue, "optimizer": optimizer,
            "layers": layers.map(\.json),
        ]
    }
}
