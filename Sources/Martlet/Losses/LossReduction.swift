import MartletGraph

/// What becomes of the losses of single examples.
public enum LossReduction: String, Hashable, Sendable {
    /// Their mean; with class weights, divided by the sum of the weights.
    case mean
    /// Their sum.
    case sum
    /// They stay as they are.
    case none

    func callAsFunction(_ losses: Tensor) -> Tensor {
        switch self {
        case .mean: losses.mean()
        case .sum: losses.sum()
        case .none: losses
        }
    }
}

/// Reports predictions and targets that differ in type; they are never broadcast.
func requireLikeTarget(_ function: String, _ x: Tensor, _ target: Tensor) -> Tensor? {
    if x.isPoisoned || target.isPoisoned { return apply(.binary(.add), x, target) }
    if x.shape == target.shape { return nil }
    return mistake(
        "\(function)(\(x.type), target \(target.type))", like: x,
        expected: "a target of the prediction's shape, \(x.shape)", received: "\(target.shape)",
        fix: "reshape one of them: losses are not broadcast")
}
