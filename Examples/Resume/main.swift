// Trains on the small digits, writes a checkpoint every seven steps, and goes on where a run before it
// was stopped, in whatever way. `Scripts/check-resume` kills it again and again and compares the results.
//
//     swift run ExampleResume folder
import Foundation
import Martlet

let folder = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "runs/resume"
let place = URL(fileURLWithPath: folder)
let model = Sequential {
    Conv2D(8, kernelSize: 3, padding: .same)
    BatchNorm2D()
    Activation.relu
    MaxPool2D(2)
    Flatten()
    Dropout(0.3)
    Dense(10)
}
let trainer = try model.compile(
    inputShape: [1, 8, 8], optimizer: Adam(), loss: .crossEntropy, metrics: [.accuracy], seed: 7)

let checkpoints = CheckpointFolder(place.appendingPathComponent("checkpoints"))
if let found = try trainer.resume(from: checkpoints) {
    for error in found.damaged { print(error) }
    print("going on from \(found.url.lastPathComponent)")
}
let signals = SignalGuard()
let history = try trainer.fit(
    .digits(.train), validation: .digits(.test), epochs: 12, batchSize: 16,
    callbacks: [
        LearningRate(perStep: CosineDecay(from: 0.005, steps: 12 * 90)),
        EarlyStopping(.smallest("val_loss"), patience: 4, restoresBest: true),
        signals, ModelCheckpoint(checkpoints, every: .steps(7)),
    ])
if let stop = trainer.stop, stop.signal != nil {
    print(stop)
    exit(stop.exitCode)
}

// Everything that came out, byte by byte: losses, weights, predictions.
var result: [UInt8] = []
for epoch in history.epochs {
    let numbers = [epoch.loss, epoch.validationLoss ?? 0, epoch.metrics["accuracy"] ?? 0]
    result += Array("epoch \(epoch.number) \(numbers)\n".utf8)
}
for (_, value) in trainer.model.parameterValues.sorted(by: { $0.key < $1.key }) {
    result += value.bytes
}
result += try trainer.predict(.digits(.test)).outputs.bytes
try AtomicFile.write(result, to: place.appendingPathComponent("result"))
