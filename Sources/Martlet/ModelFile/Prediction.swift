import MartletFormats

/// What a classifier makes of one picture.
public struct Prediction: Hashable, Sendable {
    /// The number of the class that is most likely.
    public let classNumber: Int
    /// The name of that class; for a model that predicts a number, the number.
    public let label: String
    /// The probability of that class, 0 … 1; 1 for a model that predicts a number.
    public let confidence: Double
    /// The probabilities of all classes; for other models, their results.
    public let probabilities: [Double]
    /// The names of the classes.
    public let classNames: [String]
    /// The model's results as they are.
    public let scores: [Float]
    /// The picture as the model saw it.
    public let input: Picture
    /// Whether light and dark were exchanged.
    public let isInverted: Bool

    init(
        _ predictions: Predictions, _ index: Int, classNames: [String], input: Picture,
        isInverted: Bool
    ) {
        scores = predictions.scores(of: index)
        probabilities = predictions.probabilities(of: index)
        classNumber = predictions.choice(of: index)
        (self.classNames, self.input, self.isInverted) = (classNames, input, isInverted)
        if predictions.meaning == .values {
            (label, confidence) = (String(classNumber), 1)
        } else {
            label =
                classNames.indices.contains(classNumber)
                ? classNames[classNumber] : String(classNumber)
            confidence = probabilities[classNumber]
        }
    }

    /// The most likely classes with their probabilities, the likeliest first.
    public func top(_ count: Int) -> [(label: String, probability: Double)] {
        let order = probabilities.indices.sorted {
            (probabilities[$1], $0) < (probabilities[$0], $1)
        }
        return order.prefix(max(0, count)).map { number in
            (
                classNames.indices.contains(number) ? classNames[number] : String(number),
                probabilities[number]
            )
        }
    }
}
