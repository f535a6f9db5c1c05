// One linear layer guesses the value of a digit by least squares, and does it badly: the lesson is the
// data: read, split, checked, shuffled in every epoch, cut into batches with the short last one kept.
import Martlet

let all = try Dataset.mnist(.train)
let (train, validation) = (all.subset(0..<50_000), all.subset(50_000..<60_000))
let test = try Dataset.mnist(.test)
for (name, data) in [("train", train), ("validation", validation), ("test", test)] {
    print("\(name): \(data.count) samples of shape \(data.imageShape)")
}

let model = Sequential {
    Flatten()
    Dense(1)
}
let trainer = try model.compile(
    inputShape: [1, 28, 28], optimizer: SGD(learningRate: 0.001), loss: .meanSquaredError,
    metrics: [.wholeNumberAccuracy], scaling: .symmetric())

let progress = OnStep(every: 1000) { step, _ in
    print("epoch: \(step.epoch - 1), batch: \(step.step), loss is: \(step.batchLoss)")
}
try trainer.fit(train, validation: validation, epochs: 10, batchSize: 16, callbacks: [progress])

let judged = try trainer.evaluate(test)
print(
    "test: mean squared error \(judged.loss), cut to a whole number right:", judged["accuracy"] ?? 0
)
let predictions = try trainer.predict(test.subset(0..<10))
for index in 0..<10 {
    print("predicted \(predictions.scores(of: index)[0]), label \(test.labels[index])")
}
