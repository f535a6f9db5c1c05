/// The numbers of a training run, epoch by epoch.
public struct History: Sendable, Hashable, Codable {
    /// The numbers of one pass over the training data.
    public struct Epoch: Sendable, Hashable, Codable {
        /// 1 for the first.
        public var number: Int
        /// The mean loss per example over the epoch, each batch measured before its update.
        public var loss: Double
        /// The metrics over the epoch, by name, measured like the loss.
        public var metrics: NamedValues
        /// The mean loss on the validation data after the epoch, `nil` where there was none.
        public var validationLoss: Double?
        /// The metrics on the validation data; empty where there was none.
        public var validationMetrics: NamedValues
        /// The rate of the epoch's last step.
        public var learningRate: Double
        /// The time that the steps took without validation, in seconds.
        ///
        /// The only number that differs after a checkpoint.
        public var seconds: Double

        /// Collects the numbers of one epoch.
        public init(
            number: Int, loss: Double, metrics: NamedValues = [:], validationLoss: Double? = nil,
            validationMetrics: NamedValues = [:], learningRate: Double, seconds: Double
        ) {
            (self.number, self.loss, self.metrics) = (number, loss, metrics)
            (self.validationLoss, self.validationMetrics) = (validationLoss, validationMetrics)
            (self.learningRate, self.seconds) = (learningRate, seconds)
        }

        /// A number by the name that logs use: `loss`, `accuracy`, `val_loss`, `val_accuracy`,
        /// `learning_rate`.
        public subscript(name: String) -> Double? {
            switch name {
            case "loss": loss
            case "val_loss": validationLoss
            case "learning_rate": learningRate
            default:
                name.hasPrefix("val_")
                    ? validationMetrics[String(name.dropFirst(4))] : metrics[name]
            }
        }
    }

    /// The epochs in their order.
    public var epochs: [Epoch]

    /// Collects epochs.
    public init(epochs: [Epoch] = []) { self.epochs = epochs }
}
