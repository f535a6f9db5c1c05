import Martlet
import MartletTestSupport
import Testing

@Suite struct AssessmentTests {
    private static let data = Dataset(
        name: "five", images: [0, 0, 0, 0, 0], imageShape: [1, 1, 1], labels: [0, 1, 2, 1, 0],
        classNames: ["cat", "dog", "owl"])

    @Test func countsAndScoresAreRight() throws {
        // Choices: 0, 1, 1, 0, 0.
        let logits: [Float] = [3, 0, 0, 0, 2, 0, 0, 4, 1, 2, 0, 0, 1, 0, 0]
        let predictions = Predictions(
            outputs: HostTensor(logits, shape: [5, 3]), meaning: .logits)
        #expect(predictions.choices == [0, 1, 1, 0, 0])
        let result = Assessment(predictions, of: Self.data)
        #expect(result.accuracy == 3.0 / 5)
        let counts = [result.matrix[2, 1], result.matrix[1, 0], result.matrix[0, 0]]
        #expect(counts == [1, 1, 2])
        #expect(result.classes[0].precision == 2.0 / 3)
        #expect(result.classes[0].recall == 1)
        #expect(result.classes[1].f1 == 0.5)
        #expect(result.classes[2].precision == 0 && result.classes[2].support == 1)
        #expect(result.mistakes.map(\.sample) == [2, 3])
        let worst = result.mistakes[0]
        #expect(worst.label == 2 && worst.prediction == 1 && worst.origin == "record 2")
        // softmax of 0, 4, 1 by hand: 1 + e⁴ + e
        let sum = 58.31643186160328
        #expect(abs(worst.probability - 54.598150033144236 / sum) < 1e-12)
        #expect(abs(worst.labelProbability - 2.718281828459045 / sum) < 1e-12)
        #expect(Assessment(predictions, of: Self.data, mistakes: 1).mistakes.count == 1)
    }

    @Test func resultsOfEachMeaningBecomeProbabilities() {
        let numbers = HostTensor([Float(0.25), 0.75], shape: [1, 2])
        #expect(
            Predictions(outputs: numbers, meaning: .probabilities).probabilities(of: 0)
                == [0.25, 0.75])
        let logs = HostTensor([Float(-0.6931472), -0.6931472], shape: [1, 2])
        let halves = Predictions(outputs: logs, meaning: .logProbabilities).probabilities(of: 0)
        #expect(halves.allSatisfy { abs($0 - 0.5) < 1e-6 })
        let value = Predictions(outputs: HostTensor([Float(7.9)], shape: [1, 1]), meaning: .values)
        #expect(value.choice(of: 0) == 7)
    }
}
