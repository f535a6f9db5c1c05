import MartletGraph

/// What training makes small: a number from a batch's predictions and targets.
///
///     let trainer = try model.compile(inputShape: [1, 28, 28], optimizer: Adam(), loss: .crossEntropy)
///
/// A loss also says what the model's results mean, so that predictions can be turned into
/// probabilities.
public struct Loss: Sendable, CustomStringConvertible {
    /// What the numbers that a model gives for an example mean.
    public enum Output: String, Hashable, Sendable, Codable {
        /// Scores whose softmax are the probabilities of the classes.
        case logits
        /// Logarithms of the probabilities of the classes.
        case logProbabilities
        /// Probabilities of the classes.
        case probabilities
        /// Numbers that stand for themselves.
        case values
    }

    /// The loss with its settings, `crossEntropy(labelSmoothing: 0.1)`; resuming compares it.
    public let description: String
    /// What the model's results mean.
    public let output: Output
    private let body: @Sendable (Tensor, Tensor) -> Tensor

    private init(
        _ description: String, _ output: Output,
        _ body: @escaping @Sendable (Tensor, Tensor) -> Tensor
    ) {
        (self.description, self.output, self.body) = (description, output, body)
    }

    /// The mean over a batch, one number.
    public func callAsFunction(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
        body(predictions, targets)
    }

    /// Cross entropy of logits with class numbers, or with one row of probabilities per example.
    ///
    /// - Same as: PyTorch's `CrossEntropyLoss`; Keras' `SparseCategoricalCrossentropy` from logits.
    public static let crossEntropy = Loss("crossEntropy", .logits) { Martlet.crossEntropy($0, $1) }

    /// Cross entropy with a share of each target spread evenly over all classes.
    ///
    /// - Precondition: `labelSmoothing` is from 0 to 1.
    public static func crossEntropy(labelSmoothing: Double) -> Loss {
        precondition(
            (0...1).contains(labelSmoothing),
            "crossEntropy: labelSmoothing must be from 0 to 1, got \(labelSmoothing)")
        return Loss("crossEntropy(labelSmoothing: \(labelSmoothing))", .logits) {
            Martlet.crossEntropy($0, $1, labelSmoothing: labelSmoothing)
        }
    }

    /// −log p of the right class, for a model that ends with `logSoftmax`.
    ///
    /// - Same as: PyTorch's `NLLLoss`.
    public static let negativeLogLikelihood = Loss("negativeLogLikelihood", .logProbabilities) {
        predictions, targets in
        guard targets.dtype.isFloatingPoint else {
            return Martlet.negativeLogLikelihood(predictions, targets)
        }
        if let wrong = requireLikeTarget("negativeLogLikelihood", predictions, targets) {
            return wrong
        }
        return -(targets * predictions).sum(axes: [1]).mean()
    }

    /// The mean squared distance from the label's value, for a model with one result `[N, 1]`; from
    /// rows of numbers, for targets of the predictions' shape.
    ///
    /// - Same as: PyTorch's `MSELoss` against `label.float().unsqueeze(1)`.
    public static let meanSquaredError = Loss("meanSquaredError", .values) {
        predictions, targets in
        guard !targets.dtype.isFloatingPoint else {
            return Martlet.meanSquaredError(predictions, targets)
        }
        let values = targets.cast(to: predictions.dtype).reshaped(targets.shape + [1])
        return Martlet.meanSquaredError(predictions, values)
    }

    /// A loss of your own.
    ///
    /// - Parameters:
    ///   - name: What the loss is called in files; resuming compares it.
    ///   - output: What the model's results mean.
    ///   - body: Gives the mean over a batch, one floating-point number; targets are class numbers
    ///     `[N]` as i32, or f32 rows where augmentation mixes pictures.
    public static func custom(
        _ name: String, output: Output = .logits,
        _ body: @escaping @Sendable (_ predictions: Tensor, _ targets: Tensor) -> Tensor
    ) -> Loss {
        Loss("custom(\(name))", output, body)
    }
}
