import MartletGraph
import MartletTestSupport

extension GradientCase {
    static let reduction: [GradientCase] =
        [
            squared(.reduce(.sum, axes: [0]), "first axis", [2, 3]),
            squared(.reduce(.sum, axes: [1]), "last axis", [2, 3]),
            squared(.reduce(.sum, axes: [0, 2]), "outer axes", [2, 3, 2]),
            squared(.reduce(.sum, axes: [0, 1]), "all axes", [2, 3]),
            squared(.reduce(.sum, axes: []), "no axes", [2, 3]),
            squared(.cumulativeSum(axis: 1, reverse: false), "forward", [2, 5]),
            squared(.cumulativeSum(axis: 0, reverse: true), "reverse", [3, 2]),
        ]
        + [Reduction.max, .min].flatMap { kind in
            [[0], [1], [0, 2], [0, 1, 2]].map { axes in
                GradientCase(
                    .reduce(kind, axes: axes), "axes \(axes)", [[2, 3, 2]], sampler: .distinct)
            }
        }
        + [([2, 1], [1]), ([2, 2], [1]), ([2, 3], [0]), ([2, 5], [1]), ([2, 3, 2], [0, 2])].map {
            (shape, axes) in
            GradientCase(.reduce(.product, axes: axes), "\(shape), axes \(axes)", [shape])
        }
        + [
            GradientCase(.reduce(.product, axes: [0, 1]), "all axes", [[3, 3]]),
            GradientCase(.reduce(.product, axes: [1]), "no elements to fold", [[2, 0]]),
            GradientCase(.reduce(.product, axes: [1]), "no rows", [[0, 3]]),
            GradientCase(.reduce(.product, axes: []), "no axes"),
        ]

    static let matrix: [GradientCase] =
        [false, true].flatMap { transposeA in
            [false, true].flatMap { transposeB in
                [[], [2], [2, 1]].map { batch in
                    let attributes = MatmulAttributes(
                        transposeA: transposeA, transposeB: transposeB)
                    return GradientCase(
                        .matmul(attributes),
                        "transposed \(transposeA) and \(transposeB), batch \(batch)",
                        [
                            batch + (transposeA ? [4, 3] : [3, 4]),
                            batch + (transposeB ? [2, 4] : [4, 2]),
                        ])
                }
            }
        }
        + [
            GradientCase("matmul", "with its own transpose", [[3, 2]]) { g, x in
                g.emit(.matmul(MatmulAttributes(transposeB: true)), x[0], x[0])
            }
        ]
}
