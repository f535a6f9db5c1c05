import ArgumentParser
import MartletRecipes
import MartletReport

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

    @Option(help: "How the bytes of pictures, 0 … 255, become the network's numbers.")
    var range: RunSettings.Range?

    @Option(help: "How training pictures are changed by chance, anew in each epoch.")
    var augmentation: RunSettings.Augmentations?

    @Option(
        help: ArgumentHelp(
            "Blend pairs of pictures and their classes (mixup): with 0.1 mostly one of the two is "
                + "seen, with 1 every share is as likely. Off unless given.",
            valueName: "alpha"))
    var mixupAlpha: Double?

    @Option(
        help: ArgumentHelp(
            "Paste a rectangle of another picture into each, and share the classes by area "
                + "(cutmix): with 0.1 mostly tiny or huge ones, with 1 of any size. Off unless "
                + "given.",
            valueName: "alpha"))
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

    @Option(
        name: [.customLong("lr"), .customLong("learning-rate")],
        help: "The learning rate: the length of a step; the highest one of a schedule.")
    var learningRate: Double?

    @Option(name: [.customLong("opt"), .customLong("optimizer")], help: "The optimizer.")
    var optimizer: RunSettings.Rule?

    @Option(help: "The share of the last step that sgd keeps, from 0 to below 1.")
    var momentum: Double?

    @Option(
        help: """
            How strongly weights are drawn to 0, such as 0.0005; 0 for not at all. This share of each \
            weight is added to its gradient; with adamw the weight shrinks by it times the rate.
            """)
    var weightDecay: Double?

    @Option(
        name: [.customLong("lr-scheduler"), .customLong("schedule")],
        help: "How the learning rate changes over the epochs.")
    var schedule: RunSettings.Schedule?

    @Option(
        name: .customLong("lr-warmup-epochs"),
        help: ArgumentHelp(
            "Epochs at the start over which the rate rises to its value.", valueName: "n"))
    var warmupEpochs: Int?

    @Option(
        help: "The share of each target that is spread over all classes, such as 0.1; 0 for none.")
    var labelSmoothing: Double?

    @Option(
        help: ArgumentHelp(
            "Shorten the gradients of a step to this length where they are longer, all together.",
            valueName: "norm"))
    var clipGradNorm: Double?

    @Option(
        help: ArgumentHelp(
            "Judge by, and save, a running average of the weights, of which each step keeps this "
                + "share, such as 0.999: the mean of about the last 1,000 steps.",
            valueName: "decay"))
    var modelEma: Double?

    @Option(help: "When gradients are set to zero.")
    var accumulate: RunSettings.Accumulation?

    @Option(
        help: ArgumentHelp(
            "Stop when the validation loss has not fallen for so many epochs, and go back to the "
                + "weights of the best one. Without it all epochs are run.",
            valueName: "n"))
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

    @Option(help: "The form of progress: Martlet's own, or that of the tool that a text uses.")
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
