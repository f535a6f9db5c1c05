// Four dense layers, Adam, batches of 15 in a new order in each of two epochs; the accuracy before
// training and after every epoch, then the first test images with what they are taken for.
import Martlet

final class Net: Layer {
    let fc1 = Dense(64), fc2 = Dense(64), fc3 = Dense(64), fc4 = Dense(10)

    func callAsFunction(_ x: Tensor) -> Tensor {
        var x = relu(fc1(x.flattened()))
        x = relu(fc2(x))
        x = relu(fc3(x))
        return logSoftmax(fc4(x), axis: 1)
    }
}

let (train, test) = (try Dataset.mnist(.train), try Dataset.mnist(.test))
let trainer = try Net().compile(
    inputShape: [1, 28, 28], optimizer: Adam(learningRate: 0.001), loss: .negativeLogLikelihood,
    metrics: [.accuracy])

print("initial accuracy:", try trainer.evaluate(test)["accuracy"] ?? .nan)
try trainer.fit(
    train, validation: test, epochs: 2, batchSize: 15,
    callbacks: [
        OnEpochEnd { epoch, _ in
            print("epoch", epoch.number - 1, "accuracy:", epoch["val_accuracy"] ?? .nan)
        }
    ])

let predictions = try trainer.predict(test.subset(0..<4))
for index in 0..<4 {
    // One character for each pixel, the image as wide as high.
    let pixels = try test.image(index)
    print("prediction: \(predictions.choice(of: index))")
    for row in 0..<28 {
        print(String(pixels[row * 28..<(row + 1) * 28].flatMap { $0 > 127 ? "##" : "  " }))
    }
}
