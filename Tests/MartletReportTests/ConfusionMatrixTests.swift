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

    @Test func confusedPairsAreListedByNumber() {
        let pairs = ConfusionMatrix(
            classNames: ["a", "b", "c"], labels: [0, 0, 1, 2, 2, 2],
            predictions: [1, 2, 0, 0, 0, 2]
        ).mostConfused
        #expect(pairs.map(\.count) == [2, 1, 1, 1])
        #expect(pairs.map(\.truth) == [2, 0, 0, 1] && pairs.map(\.prediction) == [0, 1, 2, 0])
        #expect(matrix.mostConfused.count == 2)
    }

    @Test func coloursGrowWithTheShareAndLeaveNumbersReadable() {
        for isRight in [true, false] {
            let strengths = [0.001, 0.01, 0.1, 0.5, 1].map {
                ConfusionMatrix.strength(of: $0, isRight: isRight)
            }
            #expect(strengths == strengths.sorted() && strengths[0] > 0.07 && strengths[4] < 0.6)
        }
    }

    @Test(arguments: [40, 80, 200]) func longNamesAreCutToTheColumns(columns: Int) {
        let names = ["airplane", "automobile", "a class with a very long name", "猫の写真"]
        let text = ConfusionMatrix(
            classNames: names, labels: [0, 1, 2, 3], predictions: [0, 1, 2, 3]
        ).text(columns: columns)
        let widths = text.split(separator: "\n").map { NumberText.columns(of: String($0)) }
        #expect(Set(widths).count == 1 && widths[0] <= columns, "\(text)")
        #expect(text.contains("a class with a very long name") == (columns == 200))
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
