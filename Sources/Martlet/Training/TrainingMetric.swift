import MartletGraph

/// A metric by a short name, for the `metrics` of a trainer: `[.accuracy, .topK(5)]`.
public struct TrainingMetric: Sendable {
    /// What computes it.
    public let metric: any Metric

    /// Any metric.
    public init(_ metric: some Metric) { self.metric = metric }

    /// The name under which it is reported.
    public var name: String { metric.name }

    /// The share of examples that were recognised, `accuracy`.
    public static var accuracy: TrainingMetric { TrainingMetric(Accuracy()) }

    /// The share of examples whose class is among the `k` best guesses.
    public static func topK(_ k: Int) -> TrainingMetric { TrainingMetric(TopKAccuracy(k)) }

    /// The mean precision of the classes.
    public static func precision(classes: Int) -> TrainingMetric {
        TrainingMetric(ClassScore(.precision, classes: classes))
    }

    /// The mean recall of the classes.
    public static func recall(classes: Int) -> TrainingMetric {
        TrainingMetric(ClassScore(.recall, classes: classes))
    }

    /// The mean F1 score of the classes.
    public static func f1(classes: Int) -> TrainingMetric {
        TrainingMetric(ClassScore(.f1, classes: classes))
    }

    /// The share of examples whose one result, cut to a whole number, is the label: `accuracy`.
    public static var wholeNumberAccuracy: TrainingMetric { TrainingMetric(WholeNumberAccuracy()) }

    /// Any metric.
    public static func custom(_ metric: some Metric) -> TrainingMetric { TrainingMetric(metric) }
}

/// The share of examples whose only result, cut towards zero to a whole number, equals the label.
///
/// - Shapes: predictions `[N, 1]`, targets `[N]` or `[N, 1]`.
public struct WholeNumberAccuracy: Metric {
    /// The name under which the value is reported.
    public let name: String

    /// Makes a metric.
    public init(name: String = "accuracy") { self.name = name }

    /// The correct examples and all examples.
    public func counts(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
        guard predictions.rank == 2, predictions.shape[1] == 1,
            targets.type.elementCount == predictions.shape[0]
        else {
            return mistake(
                "wholeNumberAccuracy(\(predictions.type), targets \(targets.type))",
                like: predictions, expected: "predictions [N, 1] and N targets",
                received: "\(predictions.type) and \(targets.type)")
        }
        let guesses = predictions.cast(to: .int64).squeezed(axis: 1)
        let hits = guesses .== targets.reshaped([targets.shape[0]]).cast(to: .int64)
        return batchCounts(hits.cast(to: .float32).sum(), examples: targets.shape[0])
    }

    /// Correct over all.
    public func value(_ counts: [Double]) -> Double { counts[0] / counts[1] }
}
