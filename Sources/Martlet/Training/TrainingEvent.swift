/// What happens while a model is trained; callbacks are told each of these in this order.
public enum TrainingEvent {
    /// `fit` begins, or goes on after a checkpoint.
    case fitStarted(FitPlan)
    /// An epoch begins, or goes on in its middle.
    case epochStarted(number: Int)
    /// A step was taken.
    case stepEnded(StepProgress)
    /// An epoch and its validation are done.
    case epochEnded(History.Epoch)
    /// `fit` is done: all epochs were trained, or a callback asked it to stop.
    case fitEnded(History)
}

/// What a call of `fit` is going to do.
public struct FitPlan: Sendable, Hashable {
    /// The number of the last epoch; the first of all is 1.
    public var epochs: Int
    /// The number of the epoch that comes first now; more than 1 after a checkpoint.
    public var firstEpoch: Int
    /// The number of steps in an epoch.
    public var stepsPerEpoch: Int
    /// The number of training examples in an epoch.
    public var examples: Int
    /// The number of examples in a batch.
    public var batchSize: Int
    /// The number of validation examples; 0 for no validation.
    public var validationExamples: Int
    /// The names of the metrics in their order, without the loss.
    public var metricNames: [String]

    /// Collects the plan.
    public init(
        epochs: Int, firstEpoch: Int = 1, stepsPerEpoch: Int, examples: Int, batchSize: Int,
        validationExamples: Int = 0, metricNames: [String] = []
    ) {
        (self.epochs, self.firstEpoch, self.stepsPerEpoch) = (epochs, firstEpoch, stepsPerEpoch)
        (self.examples, self.batchSize) = (examples, batchSize)
        (self.validationExamples, self.metricNames) = (validationExamples, metricNames)
    }
}

/// Where training stands after a step.
///
/// Losses stay in the plan until they are asked for, so asking in every step costs time.
public struct StepProgress {
    /// The number of the epoch, 1 for the first.
    public var epoch: Int
    /// The steps of this epoch that are done.
    public var step: Int
    /// The steps of all epochs that are done.
    public var totalSteps: Int
    /// The examples of this epoch that were trained on.
    public var examples: Int
    /// The learning rate of the step.
    public var learningRate: Double
    private let readBatchLoss: () -> Double
    private let readRunning: () -> NamedValues

    /// Collects the numbers of a step.
    public init(
        epoch: Int, step: Int, totalSteps: Int, examples: Int, learningRate: Double,
        batchLoss: @escaping () -> Double, running: @escaping () -> NamedValues
    ) {
        (self.epoch, self.step, self.totalSteps) = (epoch, step, totalSteps)
        (self.examples, self.learningRate) = (examples, learningRate)
        (readBatchLoss, readRunning) = (batchLoss, running)
    }

    /// The mean loss of the step's batch, before the update.
    public var batchLoss: Double { readBatchLoss() }

    /// `loss` and the metrics over the epoch so far.
    public var running: NamedValues { readRunning() }
}
