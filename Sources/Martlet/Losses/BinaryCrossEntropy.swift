import MartletGraph

/// −(t · log p + (1 − t) · log(1 − p)) for probabilities p, with logarithms held above −100.
///
/// - Errors: both must have one shape. Same as: `torch.nn.functional.binary_cross_entropy`.
public func binaryCrossEntropy(
    _ probabilities: Tensor, _ target: Tensor, reduction: LossReduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("binaryCrossEntropy", file, line) {
        if let wrong = requireLikeTarget("binaryCrossEntropy", probabilities, target) {
            return wrong
        }
        let yes = heldLog(probabilities .== 0, probabilities, log)
        let no = heldLog(probabilities .== 1, -probabilities, log1p)
        return reduction(-(target * yes + (1 - target) * no))
    }
}

/// A logarithm held above −100; where its operand is zero no gradient passes.
private func heldLog(
    _ isZero: Tensor, _ x: Tensor, _ logarithm: (Tensor) -> Tensor
) -> Tensor {
    let inside = logarithm(select(isZero, 0.5, x))
    return select(isZero, -100, clamp(inside, min: -100))
}

/// The same for logits, without overflow.
///
///     loss = (1 − t) · x − (1 + (positiveWeight − 1) · t) · log sigmoid(x)
///
/// - `positiveWeight` multiplies the loss of positive targets; it is broadcast over the targets.
/// - Errors: both must have one shape.
/// - Same as: `torch.nn.functional.binary_cross_entropy_with_logits`.
public func binaryCrossEntropyFromLogits(
    _ logits: Tensor, _ target: Tensor, positiveWeight: Tensor? = nil,
    reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    named("binaryCrossEntropyFromLogits", file, line) {
        if let wrong = requireLikeTarget("binaryCrossEntropyFromLogits", logits, target) {
            return wrong
        }
        var positive = logSigmoid(logits)
        if let positiveWeight { positive = positive * ((positiveWeight - 1) * target + 1) }
        return reduction((1 - target) * logits - positive)
    }
}
