import Martlet
import MartletData

/// Everything that decides what a training run does; saved beside its results.
public struct RunSettings: Codable, Hashable, Sendable {
    /// The rule of the updates.
    public enum Rule: String, Codable, Hashable, Sendable, CaseIterable {
        case sgd, adam, adamw, rmsprop, adagrad
    }

    /// How the learning rate changes.
    public enum Schedule: String, Codable, Hashable, Sendable, CaseIterable {
        /// Not at all.
        case constant
        /// Down to zero along half a cosine, over all steps.
        case cosine
        /// Up, and then down to almost zero, over all steps.
        case oneCycle = "one-cycle"
        /// A tenth after each third of the epochs.
        case step
    }

    /// How bytes become numbers.
    public enum Range: String, Codable, Hashable, Sendable, CaseIterable {
        /// 0 … 1.
        case unit
        /// −1 … 1.
        case symmetric
        /// Mean 0 and deviation 1 over the training data, per channel.
        case standard
    }

    /// Changes of the pictures by chance.
    public enum Augmentations: String, Codable, Hashable, Sendable, CaseIterable {
        case none
        /// Small turns, shifts and changes of size, as handwriting has them.
        case digits
        /// Mirroring and shifts, for photographs.
        case photos
    }

    /// When gradients are set to zero.
    public enum Accumulation: String, Codable, Hashable, Sendable, CaseIterable {
        /// In every step.
        case step
        /// Once an epoch, so that each step goes along the sum so far: the LeNet text's way.
        case epoch
    }

    /// The recipe's name; `images` for a folder of one's own.
    public var recipe: String
    /// The data: a set's name, or the path of a folder.
    public var data: String
    /// The number of passes over the training data.
    public var epochs: Int
    /// The number of pictures in a step.
    public var batchSize: Int
    /// The rule of the updates.
    public var optimizer: Rule = .sgd
    /// The learning rate; the highest one of a schedule.
    public var learningRate: Double
    /// The momentum of `sgd`.
    public var momentum = 0.0
    /// Whether `sgd` looks ahead.
    public var nesterov = false
    /// The share of the weights that decays.
    public var weightDecay = 0.0
    /// What `adam` adds to its divisor before the correction, as Keras does; `nil` for PyTorch's way,
    /// which adds 1e-8 after it.
    public var kerasEpsilon: Double?
    /// How the learning rate changes.
    public var schedule: Schedule = .constant
    /// Epochs at the start over which the rate rises to its value.
    public var warmupEpochs = 0
    /// The share of each target that is spread over all classes.
    public var labelSmoothing = 0.0
    /// The largest norm of the gradients, `nil` for any.
    public var clipNorm: Double?
    /// The decay of averaged weights that are used for judging, `nil` for the latest weights.
    public var averageDecay: Double?
    /// When gradients are set to zero.
    public var accumulate: Accumulation = .step
    /// Of the first values, dropout, shuffling and augmentation.
    public var seed = 0
    /// Whether pictures come in a new order in every epoch.
    public var shuffles = true
    /// Takes only the first so many training pictures.
    public var trainLimit: Int?
    /// Takes only the first so many pictures for judging.
    public var testLimit: Int?
    /// How bytes become numbers.
    public var range: Range = .unit
    /// Changes of the pictures by chance.
    public var augmentation: Augmentations = .none
    /// The parameter of mixup, `nil` for none.
    public var mixup: Double?
    /// The parameter of cutmix, `nil` for none.
    public var cutmix: Double?
    /// The side of the pictures of a folder, in pixels.
    public var imageSize: Int?
    /// Whether the pictures of a folder are taken in grey.
    public var isGrey = false
    /// Stops when the validation loss has not got better for so many epochs.
    public var patience: Int?

    /// Collects what every run needs; the rest are properties.
    public init(recipe: String, data: String, epochs: Int, batchSize: Int, learningRate: Double) {
        (self.recipe, self.data, self.epochs) = (recipe, data, epochs)
        (self.batchSize, self.learningRate) = (batchSize, learningRate)
    }

    // MARK: What they mean

    /// The optimizer with what is around it.
    package var builtOptimizer: any Optimizer {
        let (rate, decay) = (Float(learningRate), Float(weightDecay))
        switch optimizer {
        case .sgd:
            return wrapped(
                SGD(
                    learningRate: rate, momentum: Float(momentum), weightDecay: decay,
                    nesterov: nesterov))
        case .adam:
            return wrapped(
                Adam(
                    learningRate: rate, epsilon: Float(kerasEpsilon ?? 1e-8), weightDecay: decay,
                    epsilonPlacement: kerasEpsilon == nil ? .afterCorrection : .beforeCorrection))
        case .adamw: return wrapped(AdamW(learningRate: rate, weightDecay: decay))
        case .rmsprop: return wrapped(RMSprop(learningRate: rate, weightDecay: decay))
        case .adagrad: return wrapped(Adagrad(learningRate: rate, weightDecay: decay))
        }
    }

    private func wrapped(_ rule: some Optimizer) -> any Optimizer {
        var result: any Optimizer = rule
        func around(_ optimizer: some Optimizer) {
            if let clipNorm { result = optimizer.clipped(by: .globalNorm(Float(clipNorm))) }
        }
        around(rule)
        func summed(_ optimizer: some Optimizer) {
            if accumulate == .epoch { result = optimizer.summingGradients() }
        }
        summed(result)
        func averaged(_ optimizer: some Optimizer) {
            if let averageDecay {
                result = optimizer.averagingWeights(decay: Float(averageDecay))
            }
        }
        averaged(result)
        return result
    }

    /// The callback that changes the rate, `nil` when it stays.
    func rateCallback(stepsPerEpoch: Int) -> LearningRate? {
        let steps = max(2, stepsPerEpoch * epochs)
        let warmup = stepsPerEpoch * warmupEpochs
        func rising(_ schedule: some RateSchedule) -> LearningRate {
            warmup > 0
                ? LearningRate(perStep: schedule.warmedUp(steps: warmup))
                : LearningRate(perStep: schedule)
        }
        switch schedule {
        case .constant: return warmup > 0 ? rising(ConstantRate(learningRate)) : nil
        case .cosine: return rising(CosineDecay(from: learningRate, steps: max(1, steps - warmup)))
        case .oneCycle:
            return LearningRate(
                perStep: OneCycle(maximum: learningRate, steps: steps, momentum: nil))
        case .step:
            return rising(
                StepDecay(from: learningRate, every: max(1, (steps - warmup + 2) / 3)))
        }
    }

    /// How batches are made.
    package var batches: BatchOptions {
        var options = BatchOptions(size: batchSize)
        options.shuffleSeed = shuffles ? UInt64(bitPattern: Int64(seed)) : nil
        options.augmentationSeed = UInt64(bitPattern: Int64(seed))
        options.labelSmoothing = labelSmoothing
        if mixup != nil || cutmix != nil { options.mixing = Mixing(mixup: mixup, cutmix: cutmix) }
        switch augmentation {
        case .none: break
        case .digits:
            options.augmentation = Augmentation(
                .rotate(degrees: -12...12), .scale(0.88...1.12), .shear(x: -6...6),
                .shift(x: -2...2, y: -2...2))
        case .photos:
            options.augmentation = Augmentation(
                .flipHorizontally(), .crop(padding: 4, border: .mirror))
        }
        return options
    }

    private func pixelSums(of data: Dataset) throws -> PixelSums {
        guard data.pixelType == .uint8 else {
            throw DataError(
                .unsuitable, file: data.name,
                expected: "pixels that are bytes, for the range standard",
                found: "\(data.pixelType) pixels", fix: "leave the range as it is")
        }
        var sums = PixelSums(channels: data.imageShape[0])
        for index in data.indices { sums.add(try data.image(index), shape: data.imageShape) }
        return sums
    }

    /// What becomes of pixels.
    func scaling(of data: Dataset) throws -> Scaling {
        switch range {
        case .unit: .unit(brightest: data.brightest)
        case .symmetric: .symmetric(brightest: data.brightest)
        case .standard: .measured(try pixelSums(of: data))
        }
    }
}
