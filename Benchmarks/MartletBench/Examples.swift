import Martlet
import MartletData

/// Pictures and labels that are the same in every run: a blob per class, shifted, under noise.
struct Examples {
    let images: [UInt8]
    let labels: [Int32]
    /// The order in which both sides go through them.
    let order: [Int32]
    let imageSize: Int

    /// Makes the examples of a workload.
    init(_ workload: Workload) {
        let (channels, height, width) = (
            workload.shape[0], workload.shape[1], workload.shape[2]
        )
        imageSize = channels * height * width
        var random = SplitMix(state: 7)
        var images: [UInt8] = []
        var labels: [Int32] = []
        images.reserveCapacity(workload.exampleCount * imageSize)
        for _ in 0..<workload.exampleCount {
            let label = Int(random.next() % 10)
            let row = height / 4 + label / 4 * (height / 4) + Int(random.next() % 3)
            let column = width / 5 + label % 4 * (width / 5) + Int(random.next() % 3)
            labels.append(Int32(label))
            for channel in 0..<channels {
                for i in 0..<height {
                    for j in 0..<width {
                        let distance = (i - row) * (i - row) + (j - column) * (j - column)
                        let bright = max(0, 200 - 12 * distance / (channel + 1))
                        images.append(UInt8(min(255, bright + Int(random.next() % 56))))
                    }
                }
            }
        }
        (self.images, self.labels) = (images, labels)
        order = Shuffle.order(workload.exampleCount, seed: 1, epoch: 1).map { Int32($0) }
    }
}
