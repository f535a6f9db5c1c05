import Martlet
import MartletFormats

extension TrainingReport {
    /// One picture with what the model made of it.
    public struct Sample: Sendable {
        /// The picture, grey or RGB.
        public var picture: Picture
        /// The true class; `nil` when it is not known.
        public var label: String?
        /// The class that the model chose.
        public var prediction: String
        /// The probability that the model gave its choice, 0 … 1.
        ///
        /// `nil` for a model whose results are no probabilities.
        public var confidence: Double?

        /// True unless the model is known to be wrong.
        public var isRight: Bool { label == nil || label == prediction }

        /// Puts a picture and a prediction together.
        public init(picture: Picture, label: String?, prediction: String, confidence: Double?) {
            (self.picture, self.label) = (picture, label)
            (self.prediction, self.confidence) = (prediction, confidence)
        }

        /// The same for the bytes of a data set, channels × rows × columns.
        ///
        /// - Parameters:
        ///   - imageShape: `[1 or 3, height, width]`.
        ///   - brightest: the value that is shown as white.
        /// - Precondition: there are as many pixels as the shape says, and at least one.
        public init(
            pixels: [UInt8], imageShape: [Int], brightest: UInt8 = 255, label: String?,
            prediction: String, confidence: Double?
        ) {
            let scaled =
                brightest == 255
                ? pixels
                : pixels.map { pixel in
                    let value = Double(pixel) * 255 / Double(max(1, brightest))
                    return UInt8(clamping: Int(value.rounded()))
                }
            let tensor = HostTensor(type: TensorType(.uint8, imageShape), bytes: scaled)
            self.init(
                picture: Picture(tensor), label: label, prediction: prediction,
                confidence: confidence)
        }
    }
}
