import Martlet
import MartletTestSupport

extension OpsTable {
    static var normalizations: [String: OpsExpression] {
        [
            "batchNorm2dEval": { args in
                batchNorm(
                    try args.x, mean: try args["runningMean"], variance: try args["runningVar"],
                    weight: args.tensors["weight"], bias: args.tensors["bias"],
                    epsilon: try args.number("eps"))
            },
            "layerNorm": { args in
                // The Keras cases normalise the last axis and name the parameters otherwise.
                layerNorm(
                    try args.x, axisCount: try args.integers("normalizedShape", [0]).count,
                    weight: args.tensors["weight"] ?? args.tensors["gamma"],
                    bias: args.tensors["bias"] ?? args.tensors["beta"],
                    epsilon: try args.number("eps", args.attributes["epsilon"]?.number))
            },
            "groupNorm": { args in
                groupNorm(
                    try args.x, groups: try args.integer("groups"), weight: args.tensors["weight"],
                    bias: args.tensors["bias"], epsilon: try args.number("eps"))
            },
        ]
    }

    /// Operations with more than one output: three batches that share running statistics.
    static var severalOutputs: [String: OpsBuilder] {
        [
            "batchNorm2dTrain": { args in
                try args.normalizedBatches(
                    args.list("x"), weight: args.tensors["weight"], bias: args.tensors["bias"],
                    epsilon: args.number("eps"), keeping: 1 - args.number("momentum"),
                    unbiased: true, names: ("runningMean", "runningVar"))
            },
            "batchNormTrainNHWC": { args in
                let outputs = try args.normalizedBatches(
                    args.list("x").map(nchw), weight: args["gamma"], bias: args["beta"],
                    epsilon: args.number("epsilon"), keeping: args.number("momentum"),
                    unbiased: false, names: ("movingMean", "movingVariance"))
                return outputs.mapValues { $0.rank == 4 ? nhwc($0) : $0 }
            },
        ]
    }
}

extension OpsArguments {
    /// Normalises batches one after the other and carries mean and variance along, from 0 and 1.
    fileprivate func normalizedBatches(
        _ batches: [Tensor], weight: Tensor?, bias: Tensor?, epsilon: Double, keeping: Double,
        unbiased: Bool, names: (mean: String, variance: String)
    ) -> [String: Tensor] {
        var outputs: [String: Tensor] = [:]
        var (mean, variance): (Tensor, Tensor) = (0, 1)
        for (index, x) in batches.enumerated() {
            outputs["out\(index)"] = batchNorm(x, weight: weight, bias: bias, epsilon: epsilon)
            let batch = batchStatistics(x, unbiased: unbiased)
            mean = keeping * mean + (1 - keeping) * batch.mean
            variance = keeping * variance + (1 - keeping) * batch.variance
            outputs["\(names.mean)\(index)"] = mean
            outputs["\(names.variance)\(index)"] = variance
        }
        return outputs
    }
}
