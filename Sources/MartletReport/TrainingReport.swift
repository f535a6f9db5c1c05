import Foundation

/// What a training run came to, for a page that a person reads.
public struct TrainingReport: Sendable {
    /// The numbers of one pass over the training data.
    public struct Epoch: Sendable, Hashable {
        /// 1 for the first.
        public var number: Int
        /// The mean loss per example on the data that was trained on.
        public var loss: Double
        /// The share of training examples that were recognised, 0 … 1.
        public var accuracy: Double
        /// The mean loss per example on data that was held back.
        public var testLoss: Double
        /// The share of held-back examples that were recognised, 0 … 1.
        public var testAccuracy: Double

        /// Collects the numbers of one epoch.
        public init(
            number: Int, loss: Double, accuracy: Double, testLoss: Double, testAccuracy: Double
        ) {
            (self.number, self.loss, self.accuracy) = (number, loss, accuracy)
            (self.testLoss, self.testAccuracy) = (testLoss, testAccuracy)
        }
    }

    /// One picture with what the model made of it.
    public struct Sample: Sendable {
        /// Grey values, row-major.
        public var pixels: [UInt8]
        /// The size in pixels.
        public var width: Int, height: Int
        /// The grey value that is shown as white.
        public var brightest: UInt8
        /// The true class.
        public var label: String
        /// The class that the model chose.
        public var prediction: String
        /// The probability that the model gave its choice, 0 … 1.
        public var confidence: Double

        /// True when the model was right.
        public var isRight: Bool { label == prediction }

        /// Collects a picture and its prediction.
        ///
        /// - Precondition: `pixels.count == width * height`, both sizes positive.
        public init(
            pixels: [UInt8], width: Int, height: Int, brightest: UInt8, label: String,
            prediction: String, confidence: Double
        ) {
            precondition(
                width > 0 && height > 0 && pixels.count == width * height,
                "Sample: \(pixels.count) pixels for \(width)×\(height)")
            (self.pixels, self.width, self.height) = (pixels, width, height)
            (self.brightest, self.label, self.prediction) = (brightest, label, prediction)
            self.confidence = confidence
        }
    }

    /// The headline.
    public var title: String
    /// One or two sentences under it.
    public var summary: String
    /// Name and value of the numbers at the top, the most important first.
    public var facts: [(name: String, value: String)]
    /// The epochs in their order.
    public var epochs: [Epoch]
    /// Truth against prediction on the held-back data.
    public var confusion: ConfusionMatrix
    /// Pictures to show; wrong ones come first on the page.
    public var samples: [Sample]

    /// Collects the parts of the page.
    public init(
        title: String, summary: String, facts: [(name: String, value: String)], epochs: [Epoch],
        confusion: ConfusionMatrix, samples: [Sample]
    ) {
        (self.title, self.summary, self.facts) = (title, summary, facts)
        (self.epochs, self.confusion, self.samples) = (epochs, confusion, samples)
    }
}
