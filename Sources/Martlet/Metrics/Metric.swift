import MartletGraph

/// A number that tells how good predictions are, right over any number of batches of any sizes.
///
/// The plan computes counts whose shape does not depend on the batch; they are added up over batches
/// on the host, and only their sum becomes a value. So a short last batch weighs what it should.
///
///     let metrics: [any Metric] = [Accuracy(), MeanLoss { crossEntropy($0, $1) }]
///     let evaluate = try EvaluationStep(net, metrics: metrics) { net, x in net(x) }
///     var totals = MetricTotals(metrics)
///     for batch in batches { totals.add(try evaluate(batch.x, batch.y)) }
///     print(totals["accuracy"] ?? .nan)
public protocol Metric: Sendable {
    /// The name under which the value is reported, `accuracy`.
    var name: String { get }

    /// What a batch adds, as f32: one shape for all batches, exact up to 2²⁴.
    ///
    /// - Shapes: `predictions` `[N, classes]`, `targets` integers `[N]` or one-hot `[N, classes]`,
    ///   unless the metric says otherwise.
    func counts(_ predictions: Tensor, _ targets: Tensor) -> Tensor

    /// The value for the sum of the counts of all batches, NaN when there were no examples.
    func value(_ counts: [Double]) -> Double
}

/// The sums of some metrics over batches.
public struct MetricTotals: Sendable {
    /// The metrics in their order.
    public let metrics: [any Metric]
    /// The sum of the counts of each metric; empty before the first batch.
    public private(set) var counts: [[Double]]

    /// Starts with no batch.
    public init(_ metrics: [any Metric]) {
        self.metrics = metrics
        counts = metrics.map { _ in [] }
    }

    /// Adds the counts of a batch, one tensor for each metric in their order.
    ///
    /// - Precondition: there are as many tensors as metrics, with one shape for all batches.
    public mutating func add(_ batch: [HostTensor]) {
        precondition(
            batch.count == metrics.count,
            "MetricTotals: \(metrics.count) metrics need as many counts, got \(batch.count)")
        for (index, tensor) in batch.enumerated() {
            let numbers = tensor.doubles
            precondition(
                counts[index].isEmpty || counts[index].count == numbers.count,
                "MetricTotals: \(metrics[index].name) counts \(tensor.type), unlike before")
            counts[index] =
                counts[index].isEmpty ? numbers : zip(counts[index], numbers).map { $0 + $1 }
        }
    }

    /// The value of every metric in their order, NaN before the first batch.
    public var values: [(name: String, value: Double)] {
        zip(metrics, counts).map { metric, counts in
            (metric.name, counts.isEmpty ? .nan : metric.value(counts))
        }
    }

    /// The value of a metric by its name, `nil` when there is none of that name.
    public subscript(name: String) -> Double? { values.first { $0.name == name }?.value }
}

extension EvaluationStep {
    /// Makes a step from examples and targets to the counts of metrics, for `MetricTotals`.
    ///
    /// - Parameters:
    ///   - net: The model.
    ///   - metrics: What is counted.
    ///   - weights: The latest values, or averages, which must exist when a plan is compiled.
    ///   - seed: Decides the first values of a model that has none yet.
    ///   - engine: The engine of the model's values, or `Engines.current()`, unless given.
    ///   - predictions: The model's result for a batch.
    public convenience init(
        _ net: Net, metrics: [any Metric], weights: EvaluationWeights = .latest, seed: Int = 0,
        engine: (any Engine)? = nil,
        predictions: @escaping (_ net: Net, _ x: Tensor) throws -> Tensor
    ) throws {
        try self.init(net, weights: weights, seed: seed, engine: engine) { net, inputs in
            guard inputs.count == 2 else {
                throw ModelError(
                    function: "evaluate", operation: "metrics",
                    expected: "two inputs, examples and targets", received: "\(inputs.count)")
            }
            let result = try predictions(net, inputs[0])
            return metrics.map { $0.counts(result, inputs[1]) }
        }
    }
}

/// Counts as a f32 list: sums of the batch, and then its number of examples.
func batchCounts(_ sums: Tensor..., examples: Int) -> Tensor {
    stacked(sums.map { $0.cast(to: .float32) } + [Tensor(Float(examples))], axis: 0)
}

/// The class of every example as i64, from numbers or from one-hot rows.
func classLabels(_ targets: Tensor, like predictions: Tensor) -> Tensor {
    if targets.rank == predictions.rank && targets.rank > 1 { return targets.argMax(axis: -1) }
    return targets.cast(to: .int64)
}
