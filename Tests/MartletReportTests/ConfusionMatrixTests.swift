import MartletReport
import Testing

@Suite struct ConfusionMatrixTests {
    private let matrix = ConfusionMatrix(
        classNames: ["cat", "dog", "owl"], labels: [0, 0, 0, 1, 1, 2],
        predictions: [0, 0, 1, 1, 1, 1])

    @Test func countsTruthInRows() {
        #expect(matrix.counts == [[2, 1, 0], [0, 2, 0], [0, 1, 0]])
        #expect((matrix.total, matrix.correct) == (6, 4))
        #expect(matrix.accuracy == 4.0 / 6)
        #expect(matrix.recall(0) == 2.0 / 3)
        #expect(matrix.precision(1) == 0.5)
    }

    @Test func classesWithoutExamplesGiveZeroNotNaN() {
        let empty = ConfusionMatrix(classNames: ["a", "b"], labels: [], predictions: [])
        #expect(empty.accuracy == 0)
        #expect(empty.recall(0) == 0)
        #expect(matrix.precision(2) == 0)
    }

    @Test func textIsAnAlignedTable() {
        #expect(
            matrix.text == """
                truth │ cat dog owl │ recall
                ──────┼─────────────┼───────
                  cat │   2   1   · │  66.7%
                  dog │   ·   2   · │ 100.0%
                  owl │   ·   1   · │   0.0%
                """)
    }
}
