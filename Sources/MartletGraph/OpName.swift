extension Op {
    /// The operation's name as graph text and errors spell it.
    public var name: String {
        switch self {
        case .input: "input"
        case .variable: "variable"
        case .constant: "constant"
        case .iota: "iota"
        case .random(.uniform, _, _): "randomUniform"
        case .random(.normal, _, _): "randomNormal"
        case .unary(let op): op.rawValue
        case .binary(let op): op.rawValue
        case .compare(let op): op.rawValue
        case .select: "select"
        case .cast: "cast"
        case .broadcast: "broadcast"
        case .reshape: "reshape"
        case .transpose: "transpose"
        case .slice: "slice"
        case .pad: "pad"
        case .concatenate: "concatenate"
        case .reverse: "reverse"
        case .reduce(.sum, _): "reduceSum"
        case .reduce(.product, _): "reduceProduct"
        case .reduce(.max, _): "reduceMax"
        case .reduce(.min, _): "reduceMin"
        case .argReduce(.max, _): "argMax"
        case .argReduce(.min, _): "argMin"
        case .cumulativeSum: "cumulativeSum"
        case .matmul: "matmul"
        case .conv2D: "conv2D"
        case .conv2DInputGradient: "conv2DInputGradient"
        case .conv2DWeightGradient: "conv2DWeightGradient"
        case .maxPool2D: "maxPool2D"
        case .maxPool2DGradient: "maxPool2DGradient"
        case .maxPool2DTangent: "maxPool2DTangent"
        case .averagePool2D: "averagePool2D"
        case .averagePool2DGradient: "averagePool2DGradient"
        case .softmax: "softmax"
        case .logSoftmax: "logSoftmax"
        case .standardize: "standardize"
        case .standardizeGradient: "standardizeGradient"
        case .gather: "gather"
        case .scatterAdd: "scatterAdd"
        case .gatherAlong: "gatherAlong"
        case .scatterAddAlong: "scatterAddAlong"
        case .oneHot: "oneHot"
        }
    }

    /// The names of all operations; tests go through this list to find what they forgot.
    public static let allNames: [String] =
        ["input", "variable", "constant", "iota", "randomUniform", "randomNormal"]
        + UnaryOp.allCases.map(\.rawValue) + BinaryOp.allCases.map(\.rawValue)
        + Comparison.allCases.map(\.rawValue)
        + ["select", "cast", "broadcast", "reshape", "transpose", "slice", "pad", "concatenate"]
        + ["reverse", "reduceSum", "reduceProduct", "reduceMax", "reduceMin", "argMax", "argMin"]
        + ["cumulativeSum", "matmul", "conv2D", "conv2DInputGradient", "conv2DWeightGradient"]
        + ["maxPool2D", "maxPool2DGradient", "maxPool2DTangent"]
        + ["averagePool2D", "averagePool2DGradient", "softmax", "logSoftmax", "standardize"]
        + ["standardizeGradient", "gather", "scatterAdd", "gatherAlong", "scatterAddAlong"]
        + ["oneHot"]
}
