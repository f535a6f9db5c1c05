import Foundation
import Martlet
import MartletTestSupport

/// Sample data, nets and folders for the tests of training.
enum Sample {
    /// Pictures of 6×6 pixels whose brightest quarter is their class.
    static func data(_ count: Int = 50, name: String = "quarters", seed: UInt64 = 1) -> Dataset {
        var generator = SeededGenerator(seed: seed)
        var images: [UInt8] = []
        var labels: [Int32] = []
        for index in 0..<count {
            let label = index % 4
            labels.append(Int32(label))
            for row in 0..<6 {
                for column in 0..<6 {
                    let isBright = (row / 3) * 2 + column / 3 == label
                    images.append(
                        UInt8.random(in: isBright ? 120...255 : 0...140, using: &generator))
                }
            }
        }
        return Dataset(
            name: name, images: images, imageShape: [1, 6, 6], labels: labels,
            classNames: ["a", "b", "c", "d"])
    }

    /// A net with everything that has state: batch statistics and dropout.
    static func net() -> Sequential {
        Sequential {
            Conv2D(4, kernelSize: 3)
            BatchNorm2D()
            Activation.relu
            Flatten()
            Dropout(0.2)
            Dense(4)
        }
    }

    static func trainer(
        _ optimizer: any Optimizer = Adam(learningRate: 0.01), loss: Loss = .crossEntropy,
        metrics: [TrainingMetric] = [.accuracy], seed: Int = 3
    ) throws -> Trainer<Sequential> {
        try net().compile(
            inputShape: [1, 6, 6], optimizer: optimizer, loss: loss, metrics: metrics, seed: seed)
    }

    /// A new empty folder, removed by the caller.
    static func folder() throws -> URL {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}

extension History {
    /// The same without times, which no two runs share.
    var timeless: History {
        var copy = self
        for index in copy.epochs.indices { copy.epochs[index].seconds = 0 }
        return copy
    }
}
