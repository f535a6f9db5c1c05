import Martlet
import MartletData
import Testing

private final class RowReader: Layer {
    let lstm = LSTM(32)
    let head = Dense(10)
    func callAsFunction(_ x: Tensor) -> Tensor { head(lstm(x)) }
}

@Suite struct RecurrentTrainingTests {
    /// An LSTM that reads the eight rows of small digits one after the other.
    @Test func anLSTMLearnsTheDigits() throws {
        let (train, test) = (try Dataset.digits(.train), try Dataset.digits(.test))
        let step = try TrainStep(RowReader(), optimizer: Adam(learningRate: 0.01), seed: 1) {
            crossEntropy($0($1), $2)
        }
        for _ in 0..<6 {
            for start in stride(from: 0, to: train.count - 31, by: 32) {
                let (x, y) = batch(train, start..<start + 32)
                try step(x, y)
            }
        }
        let predict = try EvaluationStep(step.net) { $0($1).argMax(axis: 1) }
        let (x, y) = batch(test, 0..<test.count)
        let guesses = try predict(x)[0].doubles
        let hits = zip(guesses, y.doubles).count { $0 == $1 }
        #expect(Double(hits) > 0.88 * Double(test.count), "\(hits) of \(test.count), seed 1")
    }

    private func batch(_ data: Dataset, _ range: Range<Int>) -> (HostTensor, HostTensor) {
        let pixels = range.flatMap { data.image($0).map { Float($0) / Float(data.brightest) } }
        return (
            HostTensor(pixels, shape: [range.count, 8, 8]),
            HostTensor(Array(data.labels[range]), shape: [range.count])
        )
    }
}
