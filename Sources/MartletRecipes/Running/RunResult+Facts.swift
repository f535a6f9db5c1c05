import Martlet
import MartletReport

extension RunResult {
    /// What the run was told, as a reader puts it; what is switched off is left out.
    package var settingFacts: [TrainingReport.Fact] {
        var facts: [TrainingReport.Fact] = [("recipe", settings.recipe), ("data", settings.data)]
        facts += pictureFacts
        let epochs = history.epochs.count
        facts.append(
            ("epochs", epochs == settings.epochs ? "\(epochs)" : "\(epochs) of \(settings.epochs)"))
        if let patience = settings.patience {
            facts.append(("patience", patience.counted("epoch")))
        }
        facts.append(("batch size", settings.batchSize.grouped))
        facts.append(("order", settings.shuffles ? "new in every epoch" : "as in the files"))
        let loss = lossTitle.lowercased()
        facts.append(("loss", loss.hasSuffix(" loss") ? String(loss.dropLast(5)) : loss))
        facts.append(("optimizer", optimizerText))
        facts.append(("learning rate", rateText))
        let optional: [(String, Double?, String)] = [
            ("weight decay", settings.weightDecay == 0 ? nil : settings.weightDecay, ""),
            (
                "label smoothing", settings.labelSmoothing == 0 ? nil : settings.labelSmoothing,
                ""
            ),
            ("largest gradient norm", settings.clipNorm, ""),
            ("averaged weights", settings.averageDecay, "decay "),
            ("mixup", settings.mixup, "alpha "), ("cutmix", settings.cutmix, "alpha "),
        ]
        for case (let name, let value?, let word) in optional {
            facts.append((name, word + Self.short(value)))
        }
        if settings.accumulate == .epoch {
            facts.append(("gradients", "summed over each epoch"))
        }
        facts.append(("augmentation", augmentationText))
        facts.append(("seed", "\(settings.seed)"))
        return facts
    }

    /// The loss's name over its curve.
    package var lossTitle: String {
        let loss = Recipe.named(settings.recipe)?.loss ?? .crossEntropy
        return switch loss.description.prefix(while: \.isLetter) {
        case "crossEntropy": "Cross-entropy loss"
        case "negativeLogLikelihood": "Negative log-likelihood"
        case "meanSquaredError": "Mean squared error"
        default: "Loss"
        }
    }

    /// True when the model's results are numbers that stand for themselves, not probabilities.
    package var isRegression: Bool { Recipe.named(settings.recipe)?.loss.output == .values }

    private var pictureFacts: [TrainingReport.Fact] {
        let isFolder = settings.recipe == Recipe.imagesName
        func text(_ count: Int, _ limit: Int?) -> String {
            let which = isFolder ? "a share of each class" : "the first ones"
            return count.grouped + (limit == nil ? "" : ", \(which)")
        }
        var facts: [TrainingReport.Fact] = [
            ("training pictures", text(examples, settings.trainLimit)),
            ("test pictures", text(testExamples, settings.testLimit)),
        ]
        if let size = settings.imageSize {
            facts.append(
                ("picture size", "\(size) × \(size), \(settings.isGrey ? "grey" : "colour")"))
        }
        let range =
            switch settings.range {
            case .unit: "0 … 1"
            case .symmetric: "−1 … 1"
            case .standard: "mean 0, deviation 1"
            }
        return facts + [("pixel values", range)]
    }

    private var optimizerText: String {
        let name =
            switch settings.optimizer {
            case .sgd: "SGD"
            case .adam: "Adam"
            case .adamw: "AdamW"
            case .rmsprop: "RMSprop"
            case .adagrad: "Adagrad"
            }
        guard settings.optimizer == .sgd, settings.momentum != 0 else { return name }
        return "\(name), \(settings.nesterov ? "Nesterov " : "")momentum "
            + Self.short(settings.momentum)
    }

    private var rateText: String {
        let way =
            switch settings.schedule {
            case .constant: "constant"
            case .cosine: "falling to 0 along a cosine"
            case .oneCycle: "rising and falling once"
            case .step: "a tenth after each third"
            }
        let warmup = settings.warmupEpochs
        let start = warmup == 0 ? "" : ", reached after \(warmup.counted("epoch"))"
        return "\(Self.short(settings.learningRate)), \(way)\(start)"
    }

    private var augmentationText: String {
        switch settings.augmentation {
        case .none: "none"
        case .digits: "small turns, shifts and changes of size"
        case .photos: "mirroring and shifts"
        }
    }

    /// A setting as short as it can be written.
    private static func short(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e6 ? String(Int(value)) : "\(value)"
    }
}
