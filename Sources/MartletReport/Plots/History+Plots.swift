import Martlet

extension History {
    /// The loss of each epoch, on the training data and, where there was some, on the test data.
    ///
    /// - Parameter name: what the validation data is called in the legend.
    public func lossPlot(
        title: String = "Cross Entropy Loss", validationName name: String = "test",
        scale: PlotScale = .linear
    ) -> Plot {
        Plot(
            title: title, series: curves("train", name, { $0.loss }, { $0.validationLoss }),
            include: scale == .linear ? [0] : [], scale: scale)
    }

    /// A metric of each epoch, on the training data and on the test data.
    public func metricPlot(
        _ metric: String, title: String? = nil, validationName name: String = "test"
    ) -> Plot {
        let isShare = metric.lowercased().contains("accuracy")
        let series = curves(
            "train", name, { $0.metrics[metric] }, { $0.validationMetrics[metric] })
        // Near the bottom a share is seen against zero, near the top against one.
        let isLow = series.contains { $0.points.contains { $0.y < 0.3 } }
        return Plot(
            title: title ?? metric, series: series,
            include: isShare ? (isLow ? [0, 1] : [1]) : [], format: isShare ? .percent : .number)
    }

    /// Loss above accuracy, the training data in blue and the test data in orange.
    ///
    /// - Parameters:
    ///   - lossTitle: what the loss is called over its curve.
    ///   - name: what the validation data is called in the legend.
    public func figure(
        lossTitle: String = "Cross Entropy Loss", validationName name: String = "test"
    ) -> Figure {
        var plots = [lossPlot(title: lossTitle, validationName: name)]
        if epochs.contains(where: { $0["accuracy"] != nil || $0["val_accuracy"] != nil }) {
            plots.append(
                metricPlot(
                    "accuracy", title: "Classification Accuracy", validationName: name))
        }
        return Figure(plots)
    }

    /// A dot for each epoch's loss summed over all examples.
    ///
    /// - Parameter examples: the number of training examples in an epoch.
    public func summedLossPlot(examples: Int, title: String = "Summed loss") -> Plot {
        let points = epochs.map { PlotPoint(Double($0.number), $0.loss * Double(examples)) }
        return Plot(
            title: title, series: [PlotSeries(name: "train", points: points, mark: .dots)],
            include: [0])
    }

    /// The learning rate of each epoch's last step.
    ///
    /// The axis is logarithmic when the rate keeps falling to small parts of its largest value, and
    /// linear when it is small for the last few epochs only.
    public func learningRatePlot(title: String = "Learning rate") -> Plot {
        let points = epochs.map { PlotPoint(Double($0.number), $0.learningRate) }
        let rates = points.map(\.y).filter { $0 > 0 }.sorted()
        let spread = rates.isEmpty ? 1 : (rates.last ?? 1) / rates[rates.count / 8]
        return Plot(
            title: title, series: [PlotSeries(name: "learning rate", points: points)],
            include: spread > 50 ? [] : [0], scale: spread > 50 ? .logarithmic : .linear)
    }

    private func curves(
        _ trainName: String, _ validationName: String, _ train: @escaping (Epoch) -> Double?,
        _ validation: @escaping (Epoch) -> Double?
    ) -> [PlotSeries] {
        [(trainName, train), (validationName, validation)].compactMap { name, value in
            let points = epochs.compactMap { epoch in
                value(epoch).map { PlotPoint(Double(epoch.number), $0) }
            }
            return points.isEmpty ? nil : PlotSeries(name: name, points: points)
        }
    }
}
