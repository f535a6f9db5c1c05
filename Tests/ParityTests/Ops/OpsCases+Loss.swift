import Martlet
import MartletTestSupport

extension OpsTable {
    static var losses: [String: OpsExpression] {
        [
            "nll": {
                negativeLogLikelihood(
                    try $0["logProbs"], try $0["target"], weight: $0.tensors["weight"],
                    ignoreIndex: $0.attributes["ignoreIndex"]?.integer, reduction: try $0.reduction)
            },
            "crossEntropy": {
                crossEntropy(
                    try $0["logits"], try $0["target"], weight: $0.tensors["weight"],
                    labelSmoothing: try $0.number("labelSmoothing", 0),
                    ignoreIndex: $0.attributes["ignoreIndex"]?.integer, reduction: try $0.reduction)
            },
            "crossEntropySoft": {
                crossEntropy(
                    try $0["logits"], try $0["target"],
                    weight: $0.tensors["weight"],
                    labelSmoothing: try $0.number("labelSmoothing", 0),
                    reduction: try $0.reduction)
            },
            "mse": {
                meanSquaredError(try $0.x, try $0["target"], reduction: try $0.reduction)
            },
            "l1": { meanAbsoluteError(try $0.x, try $0["target"], reduction: try $0.reduction) },
            "huber": { args in
                // The Keras cases call the prediction `y`.
                let x = try args.tensors["y"] ?? args.x
                return huber(
                    x, try args["target"], delta: try args.number("delta"),
                    reduction: try args.reduction)
            },
            "smoothL1": {
                smoothL1(
                    try $0.x, try $0["target"], beta: try $0.number("beta"),
                    reduction: try $0.reduction)
            },
            "bceWithLogits": {
                binaryCrossEntropyFromLogits(
                    try $0["logits"], try $0["target"],
                    positiveWeight: $0.tensors["posWeight"], reduction: try $0.reduction)
            },
            "bce": {
                binaryCrossEntropy(
                    try $0["probs"], try $0["target"], reduction: try $0.reduction)
            },
        ]
    }

    static var kerasLosses: [String: OpsExpression] {
        [
            // Of probabilities, Keras clips and then divides by the sum, through a softmax.
            "sparseCategoricalCrossentropy": { args in
                let (y, target) = (try args["y"], try args["target"])
                return crossEntropy(args.flag("fromLogits") ? y : log(clipped(y)), target)
            },
            // Here it divides by the sum and then clips.
            "categoricalCrossentropy": { args in
                let (y, target) = (try args["y"], try args["target"])
                let smoothing = try args.number("labelSmoothing", 0)
                if args.flag("fromLogits") {
                    return crossEntropy(y, target, labelSmoothing: smoothing)
                }
                let smooth = target * (1 - smoothing) + smoothing / Double(target.shape[1])
                let probabilities = clipped(y / y.sum(axes: [1], keepingAxes: true))
                return -(smooth * log(probabilities)).sum(axes: [1]).mean()
            },
            "meanSquaredError": { meanSquaredError(try $0["y"], try $0["target"]) },
        ]
    }

    /// Keras keeps probabilities away from 0 and 1 before it takes the logarithm.
    private static func clipped(_ probabilities: Tensor) -> Tensor {
        clamp(probabilities, min: 1e-7, max: 1 - 1e-7)
    }
}

extension OpsArguments {
    /// What becomes of the losses of single examples.
    fileprivate var reduction: LossReduction {
        get throws {
            let name = try text("reduction", "mean")
            guard let reduction = LossReduction(rawValue: name) else {
                throw FixtureError("reduction", "is unknown", found: name)
            }
            return reduction
        }
    }
}
