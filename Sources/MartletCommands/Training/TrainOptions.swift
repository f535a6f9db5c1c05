import ArgumentParser
import MartletRecipes
import MartletReport

extension RunSettings.Rule: ExpressibleByArgument {}
extension RunSettings.Schedule: ExpressibleByArgument {}
extension RunSettings.Range: ExpressibleByArgument {}
extension RunSettings.Augmentations: ExpressibleByArgument {}
extension RunSettings.Accumulation: ExpressibleByArgument {}
extension ProgressMode: ExpressibleByArgument {}
extension ProgressStyle: ExpressibleByArgument {}

/// Which data is learned from.
struct TrainDataOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "Other data than the recipe's: the name of a set, or a path.", valueName: "name|path"),
        completion: .custom(Completions.dataSetsAndPaths))
    var source: String?

    @Option(help: ArgumentHelp("Use the first so many training pictures.", valueName: "n"))
    var limitTrain: Int?

    @Option(
        help: ArgumentHelp("Use the first so many pictures for judging.", valueName: "n"))
    var limitTest: Int?

    @Option(help: "How bytes become numbers.")
    var range: RunSettings.Range?

    @Option(help: "Changes of the training pictures by chance.")
    var augmentation: RunSettings.Augmentations?

    @Option(
        help: ArgumentHelp("Mix pairs of pictures; the parameter of mixup.", valueName: "alpha"))
    var mixupAlpha: Double?

    @Option(
        help: ArgumentHelp("Paste parts of pictures; the parameter of cutmix.", valueName: "alpha"))
    var cutmixAlpha: Double?

    @Option(
        help: ArgumentHelp(
            "With --images: the side in pixels; 32 or 64, by the pictures, unless given.",
            valueName: "pixels"))
    var imageSize: Int?

    @Flag(help: "With --images: take the pictures in grey.")
    var grey = false

    /// What was given, by the names of the flags.
    var given: [String] {
        let flags: [(String, Bool)] = [
            ("--data", source != nil), ("--limit-train", limitTrain != nil),
            ("--limit-test", limitTest != nil), ("--range", range != nil),
            ("--augmentation", augmentation != nil), ("--mixup-alpha", mixupAlpha != nil),
            ("--cutmix-alpha", cutmixAlpha != nil), ("--image-size", imageSize != nil),
            ("--grey", grey),
        ]
        return flags.filter(\.1).map(\.0)
    }

    /// Puts what was given in place of the recipe's settings.
    func apply(to settings: inout RunSettings) {
        if let source { settings.data = DataPath.absolute(source) }
        settings.trainLimit = limitTrain ?? settings.trainLimit
        settings.testLimit = limitTest ?? settings.testLimit
        settings.range = range ?? settings.range
        settings.augmentation = augmentation ?? settings.augmentation
        settings.mixup = mixupAlpha ?? settings.mixup
        settings.cutmix = cutmixAlpha ?? settings.cutmix
        settings.imageSize = imageSize ?? settings.imageSize
        settings.isGrey = grey || settings.isGrey
    }
}

/// How it is learned.
struct TrainOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Passes over the data, in all.", valueName: "n"))
    var epochs: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("Pictures in a step.", valueName: "n"))
    var batchSize: Int?

    @Option(name: [.customLong("lr"), .customLong("learning-rate")], help: "The learning rate.")
    var learningRate: Double?

    @Option(name: [.customLong("opt"), .customLong("optimizer")], help: "The optimizer.")
    var optimizer: RunSettings.Rule?

    @Option(help: "The momentum of sgd.")
    var momentum: Double?

    @Option(help: "The share of the weights that decays.")
    var weightDecay: Double?

    @Option(
        name: [.customLong("lr-scheduler"), .customLong("schedule")],
        help: "How the learning rate changes.")
    var schedule: RunSettings.Schedule?

    @Option(
        name: .customLong("lr-warmup-epochs"),
        help: ArgumentHelp("Epochs over which the rate rises.", valueName: "n"))
    var warmupEpochs: Int?

    @Option(help: "The share of each target that is spread over all classes.")
    var labelSmoothing: Double?

    @Option(help: ArgumentHelp("The largest norm of the gradients.", valueName: "norm"))
    var clipGradNorm: Double?

    @Option(
        help: ArgumentHelp("Judge by averages of the weights with this decay.", valueName: "decay"))
    var modelEma: Double?

    @Option(help: "When gradients are set to zero: in every step, or once an epoch.")
    var accumulate: RunSettings.Accumulation?

    @Option(
        help: ArgumentHelp("Stop when so many epochs brought nothing better.", valueName: "n"))
    var patience: Int?

    @Option(help: "What weights, dropout, order and augmentation start from.")
    var seed: Int?

    /// What was given beside the number of epochs, by the names of the flags.
    var given: [String] {
        let flags: [(String, Bool)] = [
            ("--batch-size", batchSize != nil), ("--lr", learningRate != nil),
            ("--opt", optimizer != nil), ("--momentum", momentum != nil),
            ("--weight-decay", weightDecay != nil), ("--lr-scheduler", schedule != nil),
            ("--lr-warmup-epochs", warmupEpochs != nil),
            ("--label-smoothing", labelSmoothing != nil), ("--clip-grad-norm", clipGradNorm != nil),
            ("--model-ema", modelEma != nil), ("--accumulate", accumulate != nil),
            ("--patience", patience != nil), ("--seed", seed != nil),
        ]
        return flags.filter(\.1).map(\.0)
    }

    /// Puts what was given in place of the recipe's settings.
    func apply(to settings: inout RunSettings) {
        settings.epochs = epochs ?? settings.epochs
        settings.batchSize = batchSize ?? settings.batchSize
        settings.learningRate = learningRate ?? settings.learningRate
        settings.optimizer = optimizer ?? settings.optimizer
        settings.momentum = momentum ?? settings.momentum
        if settings.momentum == 0 { settings.nesterov = false }
        settings.weightDecay = weightDecay ?? settings.weightDecay
        settings.schedule = schedule ?? settings.schedule
        settings.warmupEpochs = warmupEpochs ?? settings.warmupEpochs
        settings.labelSmoothing = labelSmoothing ?? settings.labelSmoothing
        settings.clipNorm = clipGradNorm ?? settings.clipNorm
        settings.averageDecay = modelEma ?? settings.averageDecay
        settings.accumulate = accumulate ?? settings.accumulate
        settings.patience = patience ?? settings.patience
        settings.seed = seed ?? settings.seed
    }
}

/// Where the run goes and what it shows.
struct TrainRunOptions: ParsableArguments {
    @Option(
        name: [.customLong("out"), .customLong("output-dir")],
        help: ArgumentHelp("The folder of all runs.", valueName: "folder"), completion: .directory)
    var out = "runs"

    @Option(
        help: ArgumentHelp(
            "Go on with a run from its newest whole checkpoint.", valueName: "run"),
        completion: .directory)
    var resume: String?

    @Flag(help: "Go on with the newest run of this recipe if it has the same settings.")
    var `continue` = false

    @Option(
        help: ArgumentHelp(
            "Write a checkpoint also after so many steps.", valueName: "steps"))
    var checkpointEvery: Int?

    @Option(help: "How progress is shown.")
    var progress = ProgressMode.auto

    @Option(help: "The form of progress; the recipe's unless given.")
    var style: ProgressStyle?

    @Option(help: ArgumentHelp("Steps between lines of progress.", valueName: "steps"))
    var logInterval: Int?

    func validate() throws {
        for (name, value) in [
            ("--checkpoint-every", checkpointEvery), ("--log-interval", logInterval),
        ] {
            if let value, value < 1 {
                throw ValidationError("\(name) must be at least 1, got \(value)")
            }
        }
    }
}
