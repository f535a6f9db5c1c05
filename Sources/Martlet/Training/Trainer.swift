import MartletCompiler
import MartletData
import MartletGraph

/// Trains a model on a data set, measures it, and predicts.
///
///     let trainer = try model.compile(
///         inputShape: [1, 28, 28], optimizer: Adam(), loss: .crossEntropy, metrics: [.accuracy])
///     let history = try trainer.fit(train, validation: test, epochs: 5, batchSize: 32)
///     let judged = try trainer.evaluate(test)
///
/// The model is traced at once, so that mistakes show before the first batch. Pictures go into the plan
/// as bytes; scaling is its first operation. Losses and metrics are added up in the plan and read when
/// somebody asks. The same seed, data and options give the same bits, also when training stops anywhere
/// and goes on from a checkpoint. Not safe for concurrent use.
public final class Trainer<Net: Layer> {
    /// The model.
    public let model: Net
    /// The shape of one picture: channels, height, width.
    public let inputShape: [Int]
    /// The loss, which training makes small.
    public let loss: Loss
    /// What is measured beside the loss.
    public let metrics: [TrainingMetric]
    /// Decides the first values, dropout, and the order of examples unless batches say otherwise.
    public let seed: Int
    /// The rule, with what is around it; the rate that counts is `learningRate`.
    public let optimizer: any Optimizer
    /// What becomes of pixels before the model sees them; that of the first data set unless given.
    public private(set) var scaling: Scaling?
    /// The learning rate of the next step.
    public var learningRate: Double
    /// The momentum of the next step, where the optimizer has `withMomentumInput()`.
    ///
    /// It stays `nil` for other optimizers, whose plans have no such input.
    public var momentum: Double? {
        didSet { momentum = hasMomentumInput ? momentum ?? oldValue : nil }
    }
    /// The numbers of the epochs that are done.
    public internal(set) var history = History()
    /// Why the last `fit` ended early, `nil` when it did not.
    public internal(set) var stop: TrainingStop?
    /// Which values `evaluate`, `predict` and validation use.
    public var evaluationWeights = EvaluationWeights.latest {
        didSet { if evaluationWeights != oldValue { (evaluation, prediction) = (nil, nil) } }
    }
    /// The number of pictures in a batch of `evaluate`, `predict` and validation.
    public var evaluationBatchSize = 100 {
        didSet {
            precondition(
                evaluationBatchSize > 0,
                "evaluationBatchSize must be positive, got \(evaluationBatchSize)")
        }
    }

    private let hasMomentumInput: Bool
    let discovery: Discovery
    let state: ModelState
    /// Where training stands.
    package var position = TrainingPosition()
    /// Every variable that training changes beside the parameters, with its first value.
    var variables: [String: HostTensor] = [:]
    var plans: PlanCache<StepTypes, any Executable>
    /// Of which pixels the scaling was taken over, `nil` where it was given.
    private(set) var scaledData: (pixelType: DataType, brightest: UInt8)?
    /// The plan for batches like the last one.
    var latest: (count: Int, freezings: Int, plan: any Executable)?
    var evaluation: EvaluationStep<Net>?
    var prediction: EvaluationStep<Net>?
    /// Callbacks of the running or the last `fit`.
    var callbacks: [any TrainingCallback] = []
    /// The state of callbacks in the checkpoint that was resumed from, for the next `fit`.
    var restoredCallbacks: [String: CallbackState] = [:]
    /// The state of the callbacks of the last `fit` when it ended, for checkpoints after it.
    var finishedCallbacks: [String: CallbackState] = [:]
    /// The data and the batches of the epoch that runs, `nil` before the first `fit`.
    var feeding: FeedingRecord?
    /// What `fit` trains on, for going over steps again.
    var running: (data: Dataset, batches: BatchOptions)?
    /// What may differ from the checkpoint that was resumed from; `nil` when there was none.
    var resumeAllowance: ResumeAllowance?
    var rewind = RewindPoint()

    /// Traces a model for training.
    ///
    /// - Parameters:
    ///   - model: What is trained.
    ///   - inputShape: The shape of one picture without the batch: channels, height, width.
    ///   - optimizer: The rule of the updates.
    ///   - loss: What training makes small.
    ///   - metrics: What else is measured, on training and validation data.
    ///   - scaling: What becomes of pixels; the data set's own unless given.
    ///   - seed: Decides the parameters' first values, dropout and the order of examples.
    ///   - engine: The engine of the model's values, or `Engines.current()`, unless given.
    /// - Throws: `ModelError` for a mistake in the model, `EngineError` when there is no engine.
    public init(
        _ model: Net, inputShape: [Int], optimizer: any Optimizer, loss: Loss,
        metrics: [TrainingMetric] = [], scaling: Scaling? = nil, seed: Int = 0,
        engine: (any Engine)? = nil
    ) throws {
        (self.model, self.inputShape, self.optimizer) = (model, inputShape, optimizer)
        (self.loss, self.metrics, self.scaling, self.seed) = (loss, metrics, scaling, seed)
        learningRate = optimizer.learningRate.decimal
        hasMomentumInput = optimizer.options.hasMomentumInput
        momentum = optimizer.momentumNow?.decimal
        discovery = Discovery(model)
        state = try ModelState.of(discovery, engine: engine)
        plans = PlanCache(name: "train", describe: \.parts)
        try checkMetricNames()
        try state.store.write(generatorName, HostTensor([Int64(seed), 0], shape: [2]))
        try state.store.write(countName, HostTensor(Int64(0)))
        variables[generatorName] = try state.store.read(generatorName)
        variables[countName] = try state.store.read(countName)
        // Two examples are enough to find every mistake and every variable.
        let types = StepTypes(
            x: TensorType(.uint8, [2] + inputShape), y: TensorType(.int32, [2]),
            freezings: state.freezings)
        let traced = try trace(types, warns: true)
        for (name, value) in traced.variables { try state.store.write(name, value) }
    }

    /// The table of the model's layers, shapes and parameters.
    public var summary: ModelSummary {
        get throws { try model.summary(inputShape: inputShape) }
    }

    /// The engine that runs the plans.
    public var engine: any Engine { state.engine }

    /// The epochs that are done.
    public var epochsDone: Int { position.epochs }

    /// The steps that are done, of all epochs.
    public var totalSteps: Int { position.totalSteps }

    /// Every compilation of training steps so far with its reason.
    public var compilations: [(name: String, reason: String)] {
        plans.compilations.map { ($0.name, $0.reason) }
    }

    /// Takes the scaling of a data set unless there is one.
    func adoptScaling(of data: Dataset) {
        guard scaling == nil else { return }
        scaling = .unit(brightest: data.brightest)
        scaledData = (data.pixelType, data.brightest)
    }

    /// Takes the scaling of a checkpoint.
    func setScaling(_ scaling: Scaling?) { self.scaling = scaling }

    private func checkMetricNames() throws {
        let names = ["loss"] + metrics.map(\.name)
        guard Set(names).count < names.count else { return }
        throw ModelError(
            function: "compile", operation: "metrics: \(metrics.map(\.name))",
            expected: "metrics with different names, and none of them loss",
            received: "a name twice", fix: "give names: Accuracy(name: \"share right\")")
    }
}

extension Layer {
    /// Joins the model with an optimizer, a loss and metrics, as Keras' `compile` does.
    ///
    /// The model is traced at once, so that a mistake in it shows here.
    ///
    /// - Parameters:
    ///   - inputShape: The shape of one picture without the batch: channels, height, width.
    ///   - optimizer: The rule of the updates.
    ///   - loss: What training makes small.
    ///   - metrics: What else is measured, on training and validation data.
    ///   - scaling: What becomes of pixels; the data set's own unless given.
    ///   - seed: Decides the parameters' first values, dropout and the order of examples.
    ///   - engine: The engine of the model's values, or `Engines.current()`, unless given.
    /// - Throws: `ModelError` for a mistake in the model, `EngineError` when there is no engine.
    public func compile(
        inputShape: [Int], optimizer: any Optimizer, loss: Loss, metrics: [TrainingMetric] = [],
        scaling: Scaling? = nil, seed: Int = 0, engine: (any Engine)? = nil
    ) throws -> Trainer<Self> {
        try Trainer(
            self, inputShape: inputShape, optimizer: optimizer, loss: loss, metrics: metrics,
            scaling: scaling, seed: seed, engine: engine)
    }
}

extension Trainer: TrainerAccess {
    package func inferenceGraph() throws -> Graph {
        let step = try EvaluationStep(model, seed: seed, engine: state.engine) {
            [unowned self] (_: Net, x: Tensor) in model(scaled(x))
        }
        return try step.graph(for: [TensorType(.uint8, [1] + inputShape)])
    }

    package func modelValues() -> [String: HostTensor] { model.parameterValues }

    package func setModelValues(_ values: [String: HostTensor]) throws {
        try model.setParameters(values)
    }

    package func weights() throws -> [String: HostTensor] {
        var values = modelValues()
        for name in averageNames { values[name] = try state.store.read(name) }
        return values
    }

    package func setWeights(_ values: [String: HostTensor]) throws {
        let averages = Set(averageNames)
        try setModelValues(values.filter { !averages.contains($0.key) })
        for (name, value) in values where averages.contains(name) {
            try state.store.write(name, value)
        }
    }

    /// The variables with averages of weights, `optimizer/<path>/average`.
    private var averageNames: [String] {
        variables.keys.filter {
            $0.hasPrefix("optimizer/") && $0.hasSuffix("/" + UpdateOptions.averageName)
        }
    }
}
