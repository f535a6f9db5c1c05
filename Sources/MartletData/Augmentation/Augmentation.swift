/// Random changes of training pictures, in the order in which they are written.
///
///     let augmentation = Augmentation(
///         .rotate(degrees: -10...10), .shift(x: -2...2, y: -2...2), .scale(0.9...1.1),
///         .elastic(alpha: 8, sigma: 4), .noise(standardDeviation: 0...5))
///
/// Pictures are bytes, plane by plane, `[channels, height, width]`, and keep their size. Steps that
/// move pixels (flips, rotate, shift, scale, stretch, shear) and stand in a row are carried out by one
/// interpolation, together with an elastic step at their end: linear between four pixels, as PIL's
/// `BILINEAR` and torchvision's, then rounded to bytes; `border` says what comes in from outside.
/// Unlike PIL, which cuts the turned picture off sharply, the outermost pixels fade into the border
/// over the length of one pixel.
///
/// Every step draws from a stream of its own, keyed by seed, epoch, number of the picture and number
/// of the step. So a picture depends neither on the order of calls nor on batches or threads, and is
/// the same on every processor.
public struct Augmentation: Hashable, Sendable {
    /// The changes, first to last.
    public let steps: [AugmentationStep]
    /// What comes in from outside where pixels are moved; crops have a border of their own.
    public let border: Border

    /// Collects steps.
    ///
    /// - Precondition: the numbers of the steps are sensible; the message names the one that is not.
    public init(_ steps: AugmentationStep..., border: Border = .constant(0)) {
        self.init(steps, border: border)
    }

    /// Collects steps.
    ///
    /// - Precondition: the numbers of the steps are sensible; the message names the one that is not.
    public init(_ steps: [AugmentationStep], border: Border = .constant(0)) {
        for step in steps {
            let problem = step.problem
            precondition(problem == nil, "Augmentation: \(problem ?? "")")
        }
        (self.steps, self.border) = (steps, border)
    }

    /// Changes nothing.
    public static let none = Augmentation()

    /// The same with a step more at the end.
    public func adding(_ step: AugmentationStep) -> Augmentation {
        Augmentation(steps + [step], border: border)
    }
}

extension Augmentation: Codable {
    private enum CodingKeys: String, CodingKey { case steps, border }

    /// Reads steps and border.
    ///
    /// - Errors: `DecodingError` with the step and its number that cannot be used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let steps = try values.decode([AugmentationStep].self, forKey: .steps)
        for (number, step) in steps.enumerated() {
            guard let problem = step.problem else { continue }
            throw DecodingError.dataCorruptedError(
                forKey: .steps, in: values, debugDescription: "step \(number): \(problem)")
        }
        self.init(steps, border: try values.decode(Border.self, forKey: .border))
    }

    /// Writes steps and border.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(steps, forKey: .steps)
        try values.encode(border, forKey: .border)
    }
}
