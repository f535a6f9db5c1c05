import MartletGraph
import MartletTestSupport

extension GradientCase {
    static let normalization: [GradientCase] = [
        GradientCase(.softmax(axis: 1), "last axis", [[2, 4]]),
        GradientCase(.softmax(axis: 0), "first axis", [[3, 2]]),
        GradientCase(.logSoftmax(axis: 1), "last axis", [[2, 4]]),
        GradientCase(.logSoftmax(axis: 1), "middle axis", [[2, 3, 2]]),
        GradientCase(.standardize(axes: [0, 2, 3], epsilon: 1e-5), "batch", [[3, 2, 2, 2]]),
        GradientCase(.standardize(axes: [1], epsilon: 0.1), "layer", [[2, 5]]),
        GradientCase(.standardize(axes: [0], epsilon: 0.5), "one row", [[1, 3]]),
        GradientCase(
            .standardizeGradient(axes: [0, 2, 3], epsilon: 1e-3), "batch",
            [[3, 2, 2, 2], [3, 2, 2, 2]]),
        GradientCase(.standardizeGradient(axes: [1], epsilon: 0.1), "layer", [[2, 5], [2, 5]]),
        GradientCase("standardizeGradient", "by a value made from its other operand", [[2, 4]]) {
            g, x in
            let dy = g.multiply(x[0], x[0])
            return g.emit(.standardizeGradient(axes: [1], epsilon: 0.1), x[0], dy)
        },
    ]

    static let indexing: [GradientCase] = [
        indexed(.gather(axis: 0), "rows, one twice, one outside", [3, 2], [2, 0, 2, 7], [4]),
        indexed(.gather(axis: 1), "matrix of indices", [2, 3, 2], [0, 1, 1, -1], [2, 2]),
        indexed(.gather(axis: 0), "one index", [3, 2], [1], []),
        indexed(.scatterAdd(axis: 0, size: 4), "rows, one outside", [3, 2], [3, 3, 9], [3]),
        indexed(
            .scatterAdd(axis: 1, size: 3), "matrix of indices", [2, 2, 2], [0, 2, -1, 2], [2, 2]),
        indexed(.gatherAlong(axis: 1), "", [2, 3], [0, 2, 1, 1], [2, 2]),
        indexed(.gatherAlong(axis: 0), "index outside", [3, 2], [0, 5, -1, 2], [2, 2]),
        indexed(.scatterAddAlong(axis: 1, size: 4), "", [2, 2], [3, 3, 0, 1], [2, 2]),
        indexed(.scatterAddAlong(axis: 0, size: 2), "index outside", [3, 1], [1, 4, 1], [3, 1]),
    ]

    private static func indexed(
        _ op: Op, _ variant: String, _ shape: [Int], _ indices: [Int64], _ indexShape: [Int]
    ) -> GradientCase {
        GradientCase(op.name, variant, [shape]) { g, x in
            let places = g.indices(indices, indexShape)
            return g.applying(op, [g.multiply(x[0], x[0]), places])
        }
    }
}
