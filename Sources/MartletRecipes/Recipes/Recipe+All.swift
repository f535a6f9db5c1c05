import Martlet
import MartletData

extension Recipe {
    /// Every recipe, in the order of `martlet train --list`.
    public static let all: [Recipe] = [
        mnistCNN(isWide: false), mnistCNN(isWide: true), mnistLinear, mnistKeras, mnistMLP,
        cifarLeNet, cifarLeNetFull, mnistBest, cifarResNet, digits,
    ]

    private static func settings(
        _ recipe: String, _ data: String, epochs: Int, batch: Int, rate: Double,
        _ change: (inout RunSettings) -> Void = { _ in }
    ) -> RunSettings {
        var settings = RunSettings(
            recipe: recipe, data: data, epochs: epochs, batchSize: batch, learningRate: rate)
        change(&settings)
        return settings
    }

    private static func mnistCNN(isWide: Bool) -> Recipe {
        let narrow: [Reported] = [
            .init(.accuracy(epoch: 2), "91.40%"), .init(.accuracy(epoch: 3), "93.79%"),
            .init(.accuracy(epoch: 4), "94.60%"), .init(.accuracy(epoch: 5), "95.32%"),
        ]
        let wide: [Reported] = [
            .init(.accuracy(epoch: 1), "90.38%"), .init(.accuracy(epoch: 2), "94.56%"),
            .init(.accuracy(epoch: 3), "96.08%"), .init(.accuracy(epoch: 4), "96.94%"),
        ]
        return Recipe(
            settings(
                isWide ? "mnist-cnn-wide" : "mnist-cnn", "mnist", epochs: isWide ? 4 : 5,
                batch: 100, rate: 0.01
            ) {
                ($0.momentum, $0.shuffles) = (0.5, false)
            },
            title: isWide
                ? "two wide convolutions with channel dropout, after a PyTorch tutorial"
                : "two small convolutions with channel dropout, after a PyTorch tutorial",
            loss: .negativeLogLikelihood, inputShape: [1, 28, 28], style: .torch,
            stepsPerLine: 10, reported: isWide ? wide : narrow,
            notes: [
                "The text trains one pass per process and keeps no momentum between them; here one "
                    + "run keeps it. The text's printed losses cannot come from its printed code, so "
                    + "accuracies are compared.",
                "The data comes in file order, as in the text; the test data serves as validation.",
            ]
        ) { _ in DropoutCNN(isWide: isWide) }
    }

    private static let mnistLinear = Recipe(
        settings("mnist-linear", "mnist", epochs: 10, batch: 16, rate: 0.001) {
            $0.range = .symmetric
        },
        title: "one weighted sum of the pixels, after a PaddlePaddle tutorial",
        loss: .meanSquaredError, inputShape: [1, 28, 28], style: .paddle, stepsPerLine: 1000,
        notes: [
            "A straight line through the digits' values recognises few of them; the text says so too. "
                + "It shows the way of the data, and why classes want another loss.",
            "The prediction is the result cut to a whole number.",
        ]
    ) { _ in LinearRegression() }

    private static let mnistKeras = Recipe(
        settings("mnist-keras", "mnist", epochs: 10, batch: 32, rate: 0.001) {
            ($0.optimizer, $0.kerasEpsilon) = (.adam, 1e-7)
        },
        title: "two convolutions and a dense layer, after a Keras tutorial",
        loss: .crossEntropy, inputShape: [1, 28, 28], style: .keras,
        reported: [
            .init(.accuracy(epoch: 1), "98.37%"), .init(.accuracy(epoch: 3), "99.08%"),
            .init(.bestAccuracy, "99.21%"), .init(.accuracy(epoch: 10), "99.12%"),
            .init(.validationLoss(epoch: 10), "0.0361"),
        ],
        notes: ["As in the text, the test data serves as validation."]
    ) { _ in KerasCNN() }

    private static let mnistMLP = Recipe(
        settings("mnist-mlp", "mnist", epochs: 2, batch: 15, rate: 0.001) {
            $0.optimizer = .adam
        },
        title: "three hidden layers of 64 units, after a PyTorch tutorial",
        loss: .negativeLogLikelihood, inputShape: [1, 28, 28], style: .accuracy,
        reported: [
            .init(
                .accuracy(epoch: 1), "about 95.5%", "the text gives none; PyTorch reaches this"),
            .init(.accuracy(epoch: 2), "about 96%", "the text gives none; PyTorch reaches this"),
        ]
    ) { _ in DigitsMLP() }

    private static let cifarLeNet = Recipe(
        settings("cifar10-lenet5", "cifar10", epochs: 300, batch: 1, rate: 0.05) {
            ($0.trainLimit, $0.testLimit, $0.schedule) = (2000, 2000, .cosine)
        },
        title: "LeNet-5 on 2,000 pictures, one a step, after a PyTorch tutorial",
        loss: .crossEntropy, inputShape: [3, 32, 32], ink: .any, style: .tqdm,
        showsSummedLoss: true,
        reported: [
            .init(.summedLoss, "below 100", "after about 3,000 epochs in several runs")
        ],
        notes: [
            "The text zeroes gradients once an epoch while every picture takes a step; "
                + "--accumulate epoch does that. Here every step starts from zero.",
            "The text measures no test accuracy. The network learns the 2,000 pictures by heart.",
        ]
    ) { LeNet5(classCount: $0) }

    private static let cifarLeNetFull = Recipe(
        settings("cifar10-lenet5-full", "cifar10", epochs: 30, batch: 64, rate: 0.002) {
            ($0.optimizer, $0.schedule, $0.range) = (.adam, .oneCycle, .standard)
            $0.augmentation = .photos
        },
        title: "LeNet-5 on all of CIFAR-10", loss: .crossEntropy, inputShape: [3, 32, 32],
        ink: .any, showsSummedLoss: true
    ) { LeNet5(classCount: $0) }

    private static let mnistBest = Recipe(
        settings("mnist-best", "mnist", epochs: 15, batch: 64, rate: 0.004) {
            ($0.optimizer, $0.schedule) = (.adam, .oneCycle)
            ($0.augmentation, $0.averageDecay) = (.digits, 0.998)
        },
        title: "five convolutions with batch norm and augmentation", loss: .crossEntropy,
        inputShape: [1, 28, 28]
    ) { NormalizedCNN(classCount: $0) }

    private static let cifarResNet = Recipe(
        settings("cifar10-resnet", "cifar10", epochs: 16, batch: 128, rate: 0.15) {
            ($0.momentum, $0.nesterov, $0.weightDecay) = (0.9, true, 1e-3)
            ($0.schedule, $0.range, $0.augmentation) = (.oneCycle, .standard, .photos)
            $0.labelSmoothing = 0.2
        },
        title: "a compact residual network on CIFAR-10", loss: .crossEntropy,
        inputShape: [3, 32, 32], ink: .any
    ) { CompactResNet(classCount: $0) }

    private static let digits = Recipe(
        settings("digits", "digits", epochs: 30, batch: 32, rate: 0.003) {
            $0.optimizer = .adam
        },
        title: "a small network on the 8×8 digits that come with Martlet", loss: .crossEntropy,
        inputShape: [1, 8, 8]
    ) { classCount in
        Sequential {
            Conv2D(16, kernelSize: 3, padding: .same, activation: .relu)
            MaxPool2D(2)
            Conv2D(32, kernelSize: 3, padding: .same, activation: .relu)
            Flatten()
            Dropout(0.3)
            Dense(64, activation: .relu)
            Dense(classCount)
        }
    }
}
