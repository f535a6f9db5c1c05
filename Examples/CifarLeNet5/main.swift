// LeNet-5 learns the first 2,000 pictures of CIFAR-10, one picture a step; the summed loss of every
// epoch falls. A run goes on from the weights of the run before it, as the text's many runs did.
//
//     swift run -c release ExampleCifarLeNet5 [epochs, 20 unless given] [learning rate]
import Foundation
import Martlet

let arguments = CommandLine.arguments
let train = try Dataset.cifar10(.train).subset(0..<2000)
let test = try Dataset.cifar10(.test)
print("sample 0 is a \(train.classNames[Int(train.labels[0])]), shape \(train.imageShape)")

let model = Sequential {
    Conv2D(6, kernelSize: 5, activation: .sigmoid)
    MaxPool2D(2)
    Conv2D(16, kernelSize: 5, activation: .sigmoid)
    MaxPool2D(2)
    Conv2D(120, kernelSize: 5)
    Flatten()
    Dense(84, activation: .sigmoid)
    Dense(10)
}
// The text's own way sets gradients to zero once per epoch only: `.summingGradients()`, rate 1e-5.
let trainer = try model.compile(
    inputShape: [3, 32, 32], optimizer: SGD(learningRate: 0.01), loss: .crossEntropy,
    metrics: [.accuracy])

let file = URL(fileURLWithPath: "runs/cifar-lenet5.martlet")
if FileManager.default.fileExists(atPath: file.path) { try trainer.resume(from: file) }
if arguments.count > 2, let rate = Double(arguments[2]) { trainer.learningRate = rate }
let epochs = arguments.count > 1 ? Int(arguments[1]) ?? 20 : 20

try trainer.fit(
    train, epochs: trainer.epochsDone + epochs, batchSize: 1,
    callbacks: [
        OnEpochEnd { epoch, control in
            print("epoch= \(epoch.number)", epoch.loss * Double(train.count))
            control.save(to: file)
        }
    ])

print("accuracy on pictures it never saw:", try trainer.evaluate(test)["accuracy"] ?? .nan)
let predictions = try trainer.predict(test.subset(0..<4))
for index in 0..<4 {
    print(predictions.scores(of: index))
    print(
        "taken for a \(test.classNames[predictions.choice(of: index)]),"
            + " is a \(test.classNames[Int(test.labels[index])])")
}
