import Martlet
import MartletData
import MartletReport

/// An experiment that can be run by its name: data, network, training, and what its text reported.
public struct Recipe: Sendable {
    /// A number that the recipe's text reports.
    public struct Reported: Sendable {
        /// What a run's numbers are looked up by.
        public enum Quantity: Sendable, Hashable {
            /// The validation accuracy after an epoch.
            case accuracy(epoch: Int)
            /// The best validation accuracy of all epochs.
            case bestAccuracy
            /// The validation loss after an epoch.
            case validationLoss(epoch: Int)
            /// The sum of the training losses in the last epoch.
            case summedLoss
        }

        /// What was measured.
        public var quantity: Quantity
        /// The number as the text prints it.
        public var text: String
        /// What a reader should know about it.
        public var remark: String

        init(_ quantity: Quantity, _ text: String, _ remark: String = "") {
            (self.quantity, self.text, self.remark) = (quantity, text, remark)
        }
    }

    /// The name, `mnist-keras`.
    public let name: String
    /// What it is, in a line.
    public let title: String
    /// What to know about it: where the text contradicts itself, what differs here.
    public let notes: [String]
    /// Its settings unless flags say otherwise.
    public let settings: RunSettings
    /// The loss without label smoothing.
    public let loss: Loss
    /// Light and dark in its pictures.
    public let ink: ModelDescription.Ink
    /// Whether the sum of all losses of an epoch is plotted, as its text does.
    public let showsSummedLoss: Bool
    /// The form in which progress is shown.
    public let style: ProgressStyle
    /// Steps between two lines of progress, where the style has such lines.
    public let stepsPerLine: Int?
    /// The shape of its pictures.
    public let inputShape: [Int]
    /// What the text reports.
    public let reported: [Reported]
    private let network: @Sendable (_ classCount: Int) -> any Layer

    init(
        _ settings: RunSettings, title: String, loss: Loss, inputShape: [Int],
        ink: ModelDescription.Ink = .lightOnDark, style: ProgressStyle = .bar,
        showsSummedLoss: Bool = false, stepsPerLine: Int? = nil, reported: [Reported] = [],
        notes: [String] = [],
        network: @escaping @Sendable (_ classCount: Int) -> any Layer
    ) {
        (name, self.title, self.settings, self.loss) = (settings.recipe, title, settings, loss)
        (self.inputShape, self.ink, self.style) = (inputShape, ink, style)
        self.showsSummedLoss = showsSummedLoss
        (self.stepsPerLine, self.reported, self.notes) = (stepsPerLine, reported, notes)
        self.network = network
    }

    /// What is measured beside the loss.
    var metric: TrainingMetric { loss.output == .values ? .wholeNumberAccuracy : .accuracy }

    /// A new network of the recipe, without values until it is traced.
    public func makeNetwork(classCount: Int = 10) -> any Layer { network(classCount) }

    /// The recipe of a name, `nil` when there is none.
    public static func named(_ name: String) -> Recipe? { all.first { $0.name == name } }
}

extension Recipe.Reported.Quantity {
    /// What the number is called in tables.
    public var title: String {
        switch self {
        case .accuracy(let epoch): "test accuracy after epoch \(epoch)"
        case .bestAccuracy: "best test accuracy"
        case .validationLoss(let epoch): "test loss after epoch \(epoch)"
        case .summedLoss: "summed loss of the last epoch"
        }
    }

    /// The same number of a run, `nil` when it did not get that far.
    public func value(in history: History, examples: Int) -> Double? {
        func epoch(_ number: Int) -> History.Epoch? { history.epochs.first { $0.number == number } }
        return switch self {
        case .accuracy(let number): epoch(number)?["val_accuracy"]
        case .bestAccuracy: history.epochs.compactMap { $0["val_accuracy"] }.max()
        case .validationLoss(let number): epoch(number)?.validationLoss
        case .summedLoss: history.epochs.last.map { $0.loss * Double(examples) }
        }
    }

    /// A value as tables show it.
    public func text(_ value: Double) -> String {
        switch self {
        case .accuracy, .bestAccuracy: NumberText.percent(value)
        case .validationLoss: NumberText.fixed(value, 4)
        case .summedLoss: NumberText.fixed(value, 1)
        }
    }
}
