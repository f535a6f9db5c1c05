import MartletGraph

/// −log p of the right class, for log-probabilities `[N, C, …]` and integer labels `[N, …]`.
///
/// - Parameters:
///   - logProbabilities: What `logSoftmax` gives, `[N, C, …]`.
///   - target: The labels, `[N, …]`.
///   - weight: One factor per class, `[C]`; the mean then divides by the sum of the targets' factors.
///   - ignoreIndex: The label of examples that do not count.
///   - reduction: The mean or the sum over the batch, or a number for each example.
///   - file: Where the call stands, for errors.
///   - line: Where the call stands, for errors.
/// - Errors: labels must be i32 or i64 and have the shape of the logits without axis 1.
/// - Same as: `torch.nn.functional.nll_loss`.
public func negativeLogLikelihood(
    _ logProbabilities: Tensor, _ target: Tensor, weight: Tensor? = nil, ignoreIndex: Int? = nil,
    reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("negativeLogLikelihood", file, line) {
        let labels = LabelLoss(
            logProbabilities, target, weight: weight, ignoreIndex: ignoreIndex,
            function: "negativeLogLikelihood")
        return labels.loss(smoothing: 0, reduction)
    }
}

/// The cross entropy of logits `[N, C, …]` with labels or probabilities.
///
/// Integer targets `[N, …]` are labels; floating-point targets of the logits' shape are the
/// probabilities of the classes.
///
/// - Parameters:
///   - logits: Scores of the classes, `[N, C, …]`.
///   - target: Labels, `[N, …]`, or probabilities of the shape of the logits.
///   - weight: One factor per class, `[C]`; with labels the mean divides by the sum of the targets'
///     factors.
///   - labelSmoothing: The share of each target that is spread evenly over all classes.
///   - ignoreIndex: The label of examples that do not count.
///   - reduction: The mean or the sum over the batch, or a number for each example.
///   - file: Where the call stands, for errors.
///   - line: Where the call stands, for errors.
/// - Errors: labels must be i32 or i64; the shapes must belong together.
/// - Same as: `torch.nn.functional.cross_entropy`.
public func crossEntropy(
    _ logits: Tensor, _ target: Tensor, weight: Tensor? = nil, labelSmoothing: Double = 0,
    ignoreIndex: Int? = nil, reduction: LossReduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    named("crossEntropy", file, line) {
        if let wrong = requireClasses("crossEntropy", logits, target) { return wrong }
        let logs = logSoftmax(logits, axis: logits.rank == 1 ? 0 : 1)
        if target.dtype.isFloatingPoint {
            return softLoss(logs, target, weight, labelSmoothing, reduction)
        }
        let labels = LabelLoss(
            logs, target, weight: weight, ignoreIndex: ignoreIndex, function: "crossEntropy")
        return labels.loss(smoothing: labelSmoothing, reduction)
    }
}

private func requireClasses(_ function: String, _ x: Tensor, _ target: Tensor) -> Tensor? {
    if x.isPoisoned || target.isPoisoned { return apply(.binary(.add), x, target) }
    if x.rank >= 1 { return nil }
    return mistake(
        "\(function)(\(x.type), target \(target.type))", like: x,
        expected: "logits with a class axis, [N, C]", received: "a scalar")
}

/// One factor per class as `[C, 1, …]`, so that it is broadcast over logits.
private func perClass(_ weight: Tensor, _ logs: Tensor) -> Tensor {
    logs.rank <= 2 || weight.isPoisoned
        ? weight : weight.reshaped([-1] + [Int](repeating: 1, count: logs.rank - 2))
}

private func softLoss(
    _ logs: Tensor, _ target: Tensor, _ weight: Tensor?, _ smoothing: Double,
    _ reduction: LossReduction
) -> Tensor {
    if let wrong = requireLikeTarget("crossEntropy", logs, target) { return wrong }
    let axis = logs.rank == 1 ? 0 : 1
    let classes = logs.shape[axis]
    var target = target
    if smoothing != 0 { target = target * (1 - smoothing) + smoothing / Double(classes) }
    var terms = target * logs
    if let weight { terms = terms * perClass(weight, logs) }
    return reduction(-terms.sum(axes: [axis]))
}

/// The loss of log-probabilities against integer labels.
private struct LabelLoss {
    let logs: Tensor
    let target: Tensor
    let weight: Tensor?
    let ignoreIndex: Int?
    let function: String
    var axis: Int { logs.rank == 1 ? 0 : 1 }

    init(
        _ logs: Tensor, _ target: Tensor, weight: Tensor?, ignoreIndex: Int?, function: String
    ) {
        (self.logs, self.target, self.weight) = (logs, target, weight)
        (self.ignoreIndex, self.function) = (ignoreIndex, function)
    }

    func loss(smoothing: Double, _ reduction: LossReduction) -> Tensor {
        if let wrong = requireClasses(function, logs, target) ?? checkLabels() { return wrong }
        let counts = ignoreIndex.map { target .!= $0 }
        let labels = counts.map { select($0, target, 0) } ?? target
        let picked = logs.gatheredAlong(labels.expandingShape(at: axis), axis: axis)
        var factors = weight.map { $0.gathered(labels) }
        if let counts {
            factors = select(
                counts, factors ?? Tensor(repeating: 1, shape: [], dtype: logs.dtype), 0)
        }
        var hard = -picked.squeezed(axis: axis)
        if let factors { hard = hard * factors }
        if smoothing == 0 { return reduce(hard, factors, reduction) }

        let weighted = weight.map { logs * perClass($0, logs) } ?? logs
        var spread = -weighted.sum(axes: [axis])
        if let counts { spread = select(counts, spread, 0) }
        let share = smoothing / Double(logs.shape[axis])
        return reduce(hard * (1 - smoothing) + spread * share, factors, reduction)
    }

    /// The mean divides by the sum of the factors of the examples.
    private func reduce(
        _ losses: Tensor, _ factors: Tensor?, _ reduction: LossReduction
    ) -> Tensor {
        guard reduction == .mean, let factors, !losses.isPoisoned else { return reduction(losses) }
        return losses.sum() / factors.broadcast(to: losses.shape).sum()
    }

    private func checkLabels() -> Tensor? {
        var expected = logs.shape
        let classes = expected.remove(at: axis)
        let text = "\(function)(\(logs.type), target \(target.type))"
        guard target.dtype == .int32 || target.dtype == .int64 else {
            return mistake(
                text, like: logs,
                expected: "labels of type i32 or i64, or probabilities \(logs.shape) "
                    + "of type \(logs.dtype.rawValue)", received: "\(target.type)",
                fix: "convert the labels first: labels.cast(to: .int32)")
        }
        guard target.shape == expected else {
            let isOneHot = target.shape == logs.shape
            return mistake(
                text, like: logs, expected: "labels of shape \(expected)",
                received: "\(target.shape)",
                fix: isOneHot
                    ? "give class numbers, or one-hot rows as floating-point numbers" : "")
        }
        guard let weight, !weight.isPoisoned, weight.shape != [classes] else { return nil }
        return mistake(
            text, like: logs, expected: "a weight of shape [\(classes)], one number per class",
            received: "\(weight.shape)")
    }
}
