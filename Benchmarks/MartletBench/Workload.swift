import MartletData

/// What both sides start from: the initial weights and the batches of the `mnist-keras` network.
struct Workload {
    /// A named parameter with its first values.
    struct Weight {
        var name: String
        var shape: [Int]
        var values: [Float]
    }

    let batchSize: Int
    let weights: [Weight]
    /// One entry per batch: `[batchSize, 1, 28, 28]` pixels 0 … 1 and `batchSize` labels.
    let batches: [(images: [Float], labels: [Int32])]

    /// The digits that come with Martlet, enlarged to MNIST's size, in a fixed shuffled order.
    init(batchSize: Int, batchCount: Int) throws {
        self.batchSize = batchSize
        var random = SplitMix(state: 1)
        weights = Self.shapes.map { name, shape, fanIn in
            let bound = 1 / Float(fanIn).squareRoot()
            let count = shape.reduce(1, *)
            return Weight(
                name: name, shape: shape,
                values: (0..<count).map { _ in
                    // 24 bits fill a float's fraction exactly.
                    bound * (Float(random.next() >> 40) / 8_388_608 - 1)
                })
        }
        let digits = try Dataset.digits()
        let order = Shuffle.order(digits.count, seed: 1, epoch: 1)
        batches = try (0..<batchCount).map { batch in
            let indices = (0..<batchSize).map { order[(batch * batchSize + $0) % order.count] }
            return (
                try indices.flatMap {
                    Self.enlarged(try digits.image($0)[...], brightest: digits.brightest)
                },
                indices.map { digits.labels[$0] }
            )
        }
    }

    /// The names and shapes as PyTorch spells them, with the inputs that one unit sees.
    private static let shapes: [(name: String, shape: [Int], fanIn: Int)] = [
        ("conv1.weight", [32, 1, 3, 3], 9), ("conv1.bias", [32], 9),
        ("conv2.weight", [64, 32, 3, 3], 288), ("conv2.bias", [64], 288),
        ("fc1.weight", [64, 1600], 1600), ("fc1.bias", [64], 1600),
        ("fc2.weight", [10, 64], 64), ("fc2.bias", [10], 64),
    ]

    /// 8×8 pixels as 24×24 with a border of 2, scaled to 0 … 1.
    private static func enlarged(_ image: ArraySlice<UInt8>, brightest: UInt8) -> [Float] {
        var result = [Float](repeating: 0, count: 28 * 28)
        for row in 0..<24 {
            for column in 0..<24 {
                let pixel = image[image.startIndex + row / 3 * 8 + column / 3]
                result[(row + 2) * 28 + column + 2] = Float(pixel) / Float(brightest)
            }
        }
        return result
    }

    /// The workload as the peer reads it.
    var file: TensorFile {
        var file = TensorFile()
        for weight in weights { file.add(weight.name, weight.values, shape: weight.shape) }
        file.add(
            "images", batches.flatMap(\.images), shape: [batches.count, batchSize, 1, 28, 28])
        file.add("labels", batches.flatMap(\.labels), shape: [batches.count, batchSize])
        return file
    }
}
