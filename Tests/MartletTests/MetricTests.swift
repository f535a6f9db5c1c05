import Martlet
import Testing

/// A module without parameters: predictions are the inputs.
private final class Identity: Module {}

@Suite("Metrics") struct MetricTests {
    private let scores = HostTensor(
        [
            0.1, 0.7, 0.2, 0.5, 0.3, 0.2, 0.2, 0.2, 0.6, 0.4, 0.4, 0.2, 0.1, 0.2, 0.7,
        ] as [Float], shape: [5, 3])
    private let labels = HostTensor([1, 1, 2, 1, 0] as [Int64], shape: [5])
    /// Predictions are 1, 0, 2, 0 (the first of a tie), 2.
    private let all: [any Metric] = [
        Accuracy(), TopKAccuracy(1), TopKAccuracy(2), Confusion(classes: 3),
        ClassScore(.precision, classes: 3), ClassScore(.recall, classes: 3),
        ClassScore(.f1, classes: 3),
        MeanLoss { crossEntropy($0, $1) },
    ]

    /// The totals over batches of the given sizes.
    private func totals(
        _ sizes: [Int], _ choice: EngineChoice = .reference
    ) throws -> MetricTotals {
        let step = try EvaluationStep(
            Identity(), metrics: all, engine: Engines.make(choice)
        ) { $1 }
        var totals = MetricTotals(all)
        var start = 0
        for size in sizes {
            let x = Array((scores.scalars(as: Float.self) ?? [])[start * 3..<(start + size) * 3])
            let y = Array((labels.scalars(as: Int64.self) ?? [])[start..<start + size])
            totals.add(
                try step(HostTensor(x, shape: [size, 3]), HostTensor(y, shape: [size])))
            start += size
        }
        return totals
    }

    @Test(arguments: [EngineChoice.reference, .oneDNN])
    func valuesAreRight(_ choice: EngineChoice) throws {
        guard (try? Engines.make(choice)) != nil else { return }
        let totals = try totals([5], choice)
        #expect(totals["accuracy"] == 0.4)
        #expect(totals["top-1 accuracy"] == 0.4)
        #expect(totals["top-2 accuracy"] == 0.8)
        // Class 0: none of two predictions, of one example. Class 1: one of one, of three.
        // Class 2: one of two, of one.
        let scores = ["precision", "recall", "f1"].map { totals[$0] ?? .nan }
        #expect(isClose(scores, [0.5, 0.44444444, 0.38888889]))
        let matrix = Confusion(classes: 3).matrix(totals.counts[3])
        let table = (0..<9).map { matrix[$0 / 3, $0 % 3] }
        #expect(table == [0, 0, 1, 2, 1, 0, 0, 0, 1])
        #expect(matrix.total == 5)
        #expect(matrix.support(of: 1) == 3 && matrix.predictions(of: 0) == 2)
    }

    @Test(arguments: [[2, 2, 1], [4, 1], [1, 1, 1, 1, 1]])
    func aShortLastBatchWeighsWhatItShould(_ sizes: [Int]) throws {
        let (whole, parts) = (try totals([5]), try totals(sizes))
        for (a, b) in zip(whole.values, parts.values) {
            #expect(a.name == b.name && isClose([a.value], [b.value]), "\(a.name): \(a), \(b)")
        }
    }

    @Test func withoutABatchValuesAreNotNumbers() {
        let totals = MetricTotals(all)
        #expect(totals.values.count == 8 && totals.values.allSatisfy { $0.value.isNaN })
        #expect(totals["something else"] == nil)
    }

    @Test func oneHotTargetsCountLikeNumbers() throws {
        let rows = try oneHot(Tensor(labels), classes: 3).host()
        let counts = Accuracy().counts(Tensor(scores), Tensor(rows))
        #expect(try counts.scalars(as: Float.self) == [2, 5])
        #expect(try accuracy(Tensor(scores), Tensor(rows)).item() == 0.4)
    }

    @Test func equalAndMissingPredictionsAreNoHits() throws {
        let nan = Float.nan
        let x = Tensor([1, 1, 1, nan, nan, nan, 0, nan, 2, 3, 2, 1], shape: [4, 3])
        let y = Tensor(HostTensor([2, 0, 2, 9] as [Int64], shape: [4]))
        let top1 = try TopKAccuracy(1).counts(x, y).scalars(as: Float.self)
        let top2 = try TopKAccuracy(2).counts(x, y).scalars(as: Float.self)
        let top3 = try TopKAccuracy(3).counts(x, y).scalars(as: Float.self)
        #expect(top1 == [0, 4])
        #expect(top2 == [1, 4])
        #expect(top3 == [2, 4])
    }

    @Test func targetsOutsideTheClassesAreNotCounted() throws {
        let y = Tensor(HostTensor([1, -1, 3, 1, 0] as [Int64], shape: [5]))
        let confusion = Confusion(classes: 3)
        let counts = try confusion.counts(Tensor(scores), y).host().doubles
        #expect(confusion.matrix(counts).total == 3)
    }

    @Test func wrongShapesAreMistakes() throws {
        let y = Tensor(labels)
        #expect(throws: ModelError.self) {
            try Confusion(classes: 4).counts(Tensor(scores), y).host()
        }
        #expect(throws: ModelError.self) { try TopKAccuracy().counts(y, y).host() }
        // The largest of one number is always the first.
        let one = Tensor(HostTensor([0.2, 0.7] as [Float], shape: [2, 1]))
        let two = Tensor(HostTensor([0, 1] as [Int64], shape: [2]))
        #expect(throws: ModelError.self) { try Accuracy().counts(one, two).host() }
        #expect(throws: ModelError.self) { try accuracy(one, two).host() }
    }
}
