// Two convolutions and two dense layers, Adam, ten epochs of batches of 32, measured on the test set
// after every epoch. Reported: 98.37 % after the first epoch, 99.12 % after the tenth.
import Martlet

let (train, test) = (try Dataset.mnist(.train), try Dataset.mnist(.test))
print("x_train shape: \([train.count] + train.imageShape)")
print(train.count, "train samples")
print(test.count, "test samples")

let model = Sequential {
    Conv2D(32, kernelSize: 3, activation: .relu)
    MaxPool2D(2)
    Conv2D(64, kernelSize: 3, activation: .relu)
    MaxPool2D(2)
    Flatten()
    Dense(64, activation: .relu)
    Dense(10)
}
let trainer = try model.compile(
    inputShape: [1, 28, 28],
    optimizer: Adam(epsilon: 1e-7, epsilonPlacement: .beforeCorrection), loss: .crossEntropy,
    metrics: [.accuracy])
print(try trainer.summary)

let history = try trainer.fit(
    train, validation: test, epochs: 10, batchSize: 32,
    callbacks: [
        OnEpochEnd { epoch, _ in
            print("Epoch \(epoch.number)/10 - \(Int(epoch.seconds))s")
            for name in ["loss", "accuracy", "val_loss", "val_accuracy"] {
                print("  \(name): \(epoch[name] ?? .nan)")
            }
        }
    ])

let predictions = try trainer.predict(test)
print("logits of the second test image:", predictions.scores(of: 1))
print("it is taken for a \(predictions.choice(of: 1)), and is a \(test.labels[1])")
print("best val_accuracy:", history.epochs.compactMap { $0["val_accuracy"] }.max() ?? .nan)
