import Martlet
import MartletReport
import Testing

@Suite struct RunComparisonTests {
    @Test func runsStandInAlignedColumns() {
        let first = History.Epoch(
            number: 1, loss: 0.139, metrics: ["accuracy": 0.9569], validationLoss: 0.0479,
            validationMetrics: ["accuracy": 0.9837], learningRate: 0.1, seconds: 50)
        let plain = History.Epoch(number: 1, loss: 12.5, learningRate: 0.1, seconds: 1.5)
        let table = RunComparison([
            .init(name: "keras", history: History(epochs: [first, first])),
            .init(name: "数字", history: History(epochs: [plain])),
            .init(name: "empty", history: History()),
        ])
        #expect(
            table.text == """
                run    epochs     loss  accuracy  val_loss  val_accuracy         best   time
                keras       2   0.1390    95.69%    0.0479        98.37%   98.37% (1)   1:40
                数字        1  12.5000         -         -             -  12.5000 (1)  1.5 s
                empty       0        -         -         -             -            -  0.0 s
                """)
    }
}
