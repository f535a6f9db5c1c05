import MartletData

/// What a model file says about its model, beside graph and weights.
public struct ModelDescription: Hashable, Sendable, Codable {
    /// Light and dark in the pictures that a model learned from.
    public enum Ink: String, Hashable, Sendable, Codable {
        /// Light strokes on dark ground, as in MNIST.
        case lightOnDark
        /// Dark strokes on light ground, as on paper.
        case darkOnLight
        /// Photographs, where neither is the rule.
        case any
    }

    /// What the model is called: the recipe's name, or the type of the model.
    public var name: String
    /// The names of the classes in the order of the model's results.
    public var classNames: [String]
    /// What the model's results mean.
    public var output: Loss.Output
    /// How a picture is brought to the size and channels of the model.
    public var preparation: PicturePreparation
    /// The byte that stands for full brightness; white of a picture becomes this.
    public var brightest: UInt8
    /// Light and dark in the pictures that the model learned from.
    public var ink: Ink
    /// The model's layers as they print.
    public var structure: String
    /// What else is worth knowing, by name: the data, the accuracy, the command.
    public var facts: [String: String]

    /// Collects the parts.
    public init(
        name: String, classNames: [String], output: Loss.Output, preparation: PicturePreparation,
        brightest: UInt8 = 255, ink: Ink = .any, structure: String = "",
        facts: [String: String] = [:]
    ) {
        (self.name, self.classNames, self.output) = (name, classNames, output)
        (self.preparation, self.brightest, self.ink) = (preparation, brightest, ink)
        (self.structure, self.facts) = (structure, facts)
    }
}
