import MartletGraph

/// The share of examples whose largest prediction is at the target; the first of equal ones counts.
///
/// - Same as: Keras' `SparseCategoricalAccuracy` and `CategoricalAccuracy`.
public struct Accuracy: Metric {
    /// The name under which the value is reported.
    public let name: String

    /// Makes a metric.
    public init(name: String = "accuracy") { self.name = name }

    /// The correct examples and all examples.
    public func counts(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
        let hits = hits(predictions, targets)
        return batchCounts(hits.sum(), examples: hits.shape.reduce(1, *))
    }

    /// Correct over all.
    public func value(_ counts: [Double]) -> Double { counts[0] / counts[1] }
}

/// The share of examples whose target is among the `k` largest predictions.
///
/// Of equal predictions those with lower numbers come first, so that top-1 is the accuracy. A NaN at
/// the target is a miss.
/// - Shapes: `predictions` `[N, classes]`.
/// - Same as: Keras' `SparseTopKCategoricalAccuracy`, which takes ties as hits.
public struct TopKAccuracy: Metric {
    /// The name under which the value is reported.
    public let name: String
    /// How many predictions count.
    public let k: Int

    /// Makes a metric.
    ///
    /// - Precondition: `k` is positive.
    public init(_ k: Int = 5, name: String? = nil) {
        precondition(k > 0, "TopKAccuracy: k must be positive, got \(k)")
        (self.k, self.name) = (k, name ?? "top-\(k) accuracy")
    }

    /// The hits and all examples.
    public func counts(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
        let labels = classLabels(targets, like: predictions)
        guard predictions.rank == 2, labels.rank == 1 else {
            return mistake(
                "topK(\(predictions.type), targets \(targets.type))", like: predictions,
                expected: "predictions [N, classes] and N targets",
                received: "\(predictions.type) and \(targets.type)")
        }
        let (examples, classes) = (predictions.shape[0], predictions.shape[1])
        let column = labels.reshaped([examples, 1])
        let score = predictions.gatheredAlong(column, axis: 1)
        let numbers = Tensor(HostTensor((0..<classes).map { Int64($0) }, shape: [1, classes]))
        let isBefore = (predictions .== score) .& (numbers .< column)
        let isAhead = (predictions .> score) .| isBefore .| (predictions .!= predictions)
        let rank = isAhead.cast(to: .float32).sum(axes: [1])
        let flat = score.reshaped([examples])
        let isReal = (flat .== flat) .& (labels .>= 0) .& (labels .< classes)
        let hits = (rank .< k) .& isReal
        return batchCounts(hits.cast(to: .float32).sum(), examples: examples)
    }

    /// Hits over all.
    public func value(_ counts: [Double]) -> Double { counts[0] / counts[1] }
}

/// The mean of a loss over examples.
public struct MeanLoss: Metric {
    /// The name under which the value is reported.
    public let name: String
    private let loss: @Sendable (Tensor, Tensor) -> Tensor

    /// Makes a metric from a loss that gives the mean of a batch.
    public init(
        name: String = "loss",
        _ loss:
            @escaping @Sendable (_ predictions: Tensor, _ targets: Tensor)
            -> Tensor
    ) {
        (self.name, self.loss) = (name, loss)
    }

    /// The mean times the number of examples, and that number.
    public func counts(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
        let examples = predictions.shape.first ?? 1
        return batchCounts(
            loss(predictions, targets).cast(to: .float32) * examples, examples: examples)
    }

    /// The sum over the number.
    public func value(_ counts: [Double]) -> Double { counts[0] / counts[1] }
}

/// The share of a batch's examples whose largest prediction is at the target, a scalar for training.
///
/// - Shapes: as for `Accuracy`.
public func accuracy(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    hits(predictions, targets).mean()
}

/// 1 for each example whose largest prediction is at the target, 0 for the others.
private func hits(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    guard let count = predictions.shape.last, count > 1 else {
        return mistake(
            "accuracy(\(predictions.type))", like: predictions,
            expected: "a result for each of two or more classes", received: "one result",
            fix: "measure the loss, or write a metric for it")
    }
    return (predictions.argMax(axis: -1) .== classLabels(targets, like: predictions))
        .cast(to: .float32)
}
