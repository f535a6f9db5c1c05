import Foundation
import Martlet

/// What a training run came to, for a page that a person reads.
///
/// Every part but the title may be empty; the page then does without it.
public struct TrainingReport: Sendable {
    /// A name with its value, both as text.
    public typealias Fact = (name: String, value: String)

    /// A number that a text or a paper reports, beside the run's own.
    public struct Comparison: Sendable, Hashable {
        /// What was measured.
        public var name: String
        /// What the source says.
        public var reported: String
        /// What the run gave.
        public var ours: String
        /// What a reader should know about it.
        public var remark: String

        /// Collects a row of the table.
        public init(name: String, reported: String, ours: String, remark: String = "") {
            (self.name, self.reported, self.ours, self.remark) = (name, reported, ours, remark)
        }

        /// `ours` less `reported`, with a sign and the reported number's decimals.
        ///
        /// `nil` unless both are numbers of one unit.
        public var difference: String? {
            func split(_ text: String) -> (digits: Substring, unit: Substring) {
                let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
                return (digits, text[digits.endIndex...])
            }
            let (source, own) = (split(reported), split(ours))
            guard source.unit == own.unit, let from = Double(source.digits),
                let to = Double(own.digits)
            else { return nil }
            let decimals = source.digits.firstIndex(of: ".").map {
                source.digits.distance(from: $0, to: source.digits.endIndex) - 1
            }
            let text = String(format: "%+.\(decimals ?? 0)f", to - from)
            let isZero = !text.contains { ("1"..."9").contains($0) }
            return isZero ? String(text.dropFirst()) : text.replacingOccurrences(of: "-", with: "−")
        }
    }

    /// The headline.
    public var title: String
    /// One or two sentences under it.
    public var summary: String
    /// The numbers at the top, the most important first.
    public var facts: [Fact]
    /// What the run was told: batch size, optimizer, rate and so on.
    public var settings: [Fact] = []
    /// The epochs in their order.
    public var history: History
    /// What the validation data is called on the page.
    public var validationName = "test"
    /// The loss's name over its curve.
    public var lossTitle = "Loss"
    /// The number of training examples where the loss is also to be shown as a sum over them.
    public var examplesOfSummedLoss: Int?
    /// Truth against prediction on data that was held back.
    public var confusion: ConfusionMatrix?
    /// The first pictures of the validation data in their order, whether recognised or not.
    public var samples: [Sample]
    /// Mistakes, which the page shows by themselves, those that the model was surest of first.
    public var mistakes: [Sample] = []
    /// Numbers of the source beside the run's own.
    public var comparisons: [Comparison] = []
    /// The heading above them.
    public var comparisonTitle = "Reported and measured"
    /// Engine, threads, date, versions, command line, seed; see `environment(engine:)`.
    public var environment: [Fact] = []
    /// What else a reader should know, a paragraph each.
    public var notes: [String] = []

    /// Collects the parts of the page that nearly every run has; the others are properties.
    public init(
        title: String, summary: String = "", facts: [Fact] = [], history: History = History(),
        confusion: ConfusionMatrix? = nil, samples: [Sample] = []
    ) {
        (self.title, self.summary, self.facts) = (title, summary, facts)
        (self.history, self.confusion, self.samples) = (history, confusion, samples)
    }
}
