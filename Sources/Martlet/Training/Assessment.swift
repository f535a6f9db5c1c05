import MartletData
import MartletGraph

/// What a classifier gets right and wrong on a data set, as plain values for tables and pages.
public struct Assessment: Sendable {
    /// The scores of one class; a score whose divisor is zero is zero.
    public struct ClassRow: Hashable, Sendable, Codable {
        /// The class's number.
        public var number: Int
        /// The class's name.
        public var name: String
        /// The share of this class's predictions that are right.
        public var precision: Double
        /// The share of this class's examples that were predicted as it.
        public var recall: Double
        /// The harmonic mean of both.
        public var f1: Double
        /// The number of this class's examples.
        public var support: Int
    }

    /// A picture that was taken for another class.
    public struct Mistake: Hashable, Sendable, Codable {
        /// The number of the picture in the data set.
        public var sample: Int
        /// Where the picture comes from.
        public var origin: String
        /// The number of its class.
        public var label: Int
        /// The class that the model chose.
        public var prediction: Int
        /// The probability that the model gave its choice.
        public var probability: Double
        /// The probability that the model gave the right class.
        public var labelProbability: Double
    }

    /// The number of examples.
    public let count: Int
    /// The share of examples that were recognised.
    public let accuracy: Double
    /// Examples by class (row) and prediction (column).
    public let matrix: ClassMatrix
    /// The scores of every class, in the order of class numbers.
    public let classes: [ClassRow]
    /// The mistakes of which the model was most certain, the worst first.
    public let mistakes: [Mistake]
    /// The label and the prediction of every example, in the order of the data set.
    public let choices: [(label: Int, prediction: Int)]

    /// Compares predictions with the labels of the data set that they are for.
    ///
    /// A prediction outside the classes, which a model with one result can give, is counted as the
    /// nearest class.
    ///
    /// - Parameters:
    ///   - predictions: What a model gave for each picture.
    ///   - data: The pictures' labels and class names.
    ///   - limit: How many mistakes are listed at most.
    /// - Precondition: there is a prediction for each example.
    public init(_ predictions: Predictions, of data: Dataset, mistakes limit: Int = 25) {
        precondition(
            predictions.count == data.count,
            "Assessment: \(predictions.count) predictions for \(data.count) examples")
        let names = data.classNames
        let choices = data.indices.map { index in
            (
                label: Int(data.labels[index]),
                prediction: min(max(0, predictions.choice(of: index)), names.count - 1)
            )
        }
        var counts = [Double](repeating: 0, count: names.count * names.count)
        for (label, prediction) in choices { counts[label * names.count + prediction] += 1 }
        let matrix = ClassMatrix(classes: names.count, counts: counts)
        classes = names.indices.map { number in
            ClassRow(
                number: number, name: names[number], precision: matrix.precision(of: number),
                recall: matrix.recall(of: number), f1: matrix.f1(of: number),
                support: matrix.support(of: number))
        }
        let wrong = data.indices.filter { choices[$0].label != choices[$0].prediction }
        let mistakes = wrong.map { index -> Mistake in
            let probabilities = predictions.probabilities(of: index)
            let (label, prediction) = choices[index]
            func probability(_ number: Int) -> Double {
                probabilities.indices.contains(number) ? probabilities[number] : 0
            }
            return Mistake(
                sample: index, origin: data.origin(of: index), label: label,
                prediction: prediction, probability: probability(prediction),
                labelProbability: probability(label))
        }
        self.mistakes = Array(
            mistakes.sorted { ($1.probability, $0.sample) < ($0.probability, $1.sample) }
                .prefix(limit))
        (self.matrix, self.choices, count) = (matrix, choices, data.count)
        accuracy = matrix.accuracy
    }
}

extension Trainer {
    /// Predicts every picture of a data set and compares with its labels.
    ///
    /// - Parameters:
    ///   - data: The pictures, with their labels.
    ///   - limit: How many of the worst mistakes are listed at most.
    public func assess(_ data: Dataset, mistakes limit: Int = 25) throws -> Assessment {
        Assessment(try predict(data), of: data, mistakes: limit)
    }
}
