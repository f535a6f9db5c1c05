import MartletData
import MartletGraph

/// The loss and the metrics of a model on a data set.
public struct Evaluation: Hashable, Sendable, Codable {
    /// The mean loss per example.
    public var loss: Double
    /// The metrics by name.
    public var metrics: NamedValues
    /// The number of examples.
    public var count: Int

    /// Collects the numbers.
    public init(loss: Double, metrics: NamedValues, count: Int) {
        (self.loss, self.metrics, self.count) = (loss, metrics, count)
    }

    /// A number by its name: `loss`, or a metric's.
    public subscript(name: String) -> Double? { name == "loss" ? loss : metrics[name] }
}

extension Trainer {
    /// Measures the model as it is now; validation during `fit` is this.
    ///
    /// - Throws: `ModelError` for data that does not fit the model.
    public func evaluate(_ data: Dataset) throws -> Evaluation {
        adoptScaling(of: data)
        try check(data, "evaluate")
        let step = try evaluationStep()
        var sums: [[Double]] = Array(repeating: [], count: metrics.count + 1)
        try forEachBatch(of: data) { batch in
            try step.run([batch.imageType, batch.targetType]) { index, target in
                if index == 0 {
                    try batch.writeImages(to: target)
                } else {
                    batch.writeTargets(to: target)
                }
            } reading: { index, bytes in
                // The loss is a mean; counts are sums already.
                let weight = index == 0 ? Double(batch.count) : 1
                let numbers = bytes.bindMemory(to: Float.self)
                if sums[index].isEmpty {
                    sums[index] = [Double](repeating: 0, count: numbers.count)
                }
                for place in numbers.indices {
                    sums[index][place] += Double(numbers[place]) * weight
                }
            }
        }
        var values = NamedValues()
        for (metric, counts) in zip(metrics, sums.dropFirst()) {
            values[metric.name] = metric.metric.value(counts)
        }
        return Evaluation(
            loss: (sums[0].first ?? .nan) / Double(data.count), metrics: values, count: data.count)
    }

    /// What the model gives for every picture of a data set.
    ///
    /// - Throws: `ModelError` for data that does not fit the model.
    public func predict(_ data: Dataset) throws -> Predictions {
        adoptScaling(of: data)
        try check(data, "predict")
        let step = try predictionStep()
        var bytes: [UInt8] = []
        var width: [Int] = []
        try forEachBatch(of: data) { batch in
            width = try step.outputTypes(for: [batch.imageType])[0].shape
            try step.run([batch.imageType]) { _, target in
                try batch.writeImages(to: target)
            } reading: { _, result in
                bytes += result
            }
        }
        let shape = [data.count] + width.dropFirst()
        return Predictions(
            outputs: HostTensor(type: TensorType(.float32, shape), bytes: bytes),
            meaning: loss.output)
    }

    private func forEachBatch(of data: Dataset, _ body: (Batch) throws -> Void) throws {
        // The form of targets that the loss knows from training.
        let form = feeding?.batches.targets ?? .classNumbers
        let feed = BatchFeed(
            data, BatchOptions(size: evaluationBatchSize, targets: form), epoch: 1)
        while let batch = try feed.next() { try body(batch) }
    }

    /// The loss and the counts of metrics of a batch.
    private func evaluationStep() throws -> EvaluationStep<Net> {
        if let evaluation { return evaluation }
        let step = try EvaluationStep(
            model, weights: evaluationWeights, seed: seed, engine: state.engine
        ) { [unowned self] (_: Net, inputs: [Tensor]) in
            guard inputs.count == 2 else { return [] }
            let predictions = model(scaled(inputs[0]))
            let value = loss(predictions, inputs[1]).cast(to: .float32)
            return [value] + metrics.map { $0.metric.counts(predictions, inputs[1]) }
        }
        evaluation = step
        return step
    }

    /// The results of the model for a batch.
    func predictionStep() throws -> EvaluationStep<Net> {
        if let prediction { return prediction }
        let step = try EvaluationStep(
            model, weights: evaluationWeights, seed: seed, engine: state.engine
        ) { [unowned self] (_: Net, inputs: [Tensor]) in
            inputs.prefix(1).map { model(scaled($0)).cast(to: .float32) }
        }
        prediction = step
        return step
    }
}
