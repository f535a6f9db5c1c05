import MartletGraph
import MartletTestSupport

extension GradientCase {
    static let shape: [GradientCase] = [
        squared(.broadcast([2, 3]), "new axis", [3]),
        squared(.broadcast([4, 2, 3]), "axis of size 1", [2, 1]),
        squared(.broadcast([2, 2]), "scalar", []),
        squared(.broadcast([0, 2]), "to no elements", [1, 2]),
        squared(.broadcast([1, 1, 3]), "kept sizes of 1", [1, 3]),
        squared(.reshape([3, 2]), "", [2, 3]),
        squared(.transpose([2, 0, 1]), "", [2, 3, 4]),
        squared(
            .slice(SliceAttributes(starts: [1, 0], limits: [4, 6], strides: [1, 1])), "box",
            [5, 6]),
        squared(
            .slice(SliceAttributes(starts: [1, 0], limits: [5, 6], strides: [2, 4])), "strided",
            [5, 6]),
        squared(
            .slice(SliceAttributes(starts: [2, 0], limits: [2, 3], strides: [2, 1])), "empty",
            [4, 3]),
        squared(
            .pad(PadAttributes(low: [1, 0], high: [0, 2], interior: [0, 0])), "border", [2, 3]),
        squared(
            .pad(PadAttributes(low: [1, 2], high: [1, 0], interior: [1, 2], value: 0.5)),
            "interior", [2, 3]),
        squared(
            .pad(PadAttributes(low: [1, 0], high: [1, 0], interior: [3, 0], value: 2)),
            "of no elements", [0, 3]),
        GradientCase("concatenate", "three", [[2, 1], [2, 3], [2, 2]]) { g, x in
            let joined = g.applying(.concatenate(axis: 1), x)
            return g.multiply(joined, joined)
        },
        GradientCase("concatenate", "one value twice", [[3]]) { g, x in
            let joined = g.applying(.concatenate(axis: 0), [x[0], x[0]])
            return g.multiply(joined, joined)
        },
        GradientCase("concatenate", "with no elements", [[0, 2], [3, 2]]) { g, x in
            let joined = g.applying(.concatenate(axis: 0), x)
            return g.multiply(joined, joined)
        },
        squared(.reverse([0, 2]), "", [2, 3, 2]),
    ]

    /// The square of a linear operation, so that second derivatives are not all zero.
    static func squared(_ op: Op, _ variant: String, _ shape: [Int]) -> GradientCase {
        GradientCase(op.name, variant, [shape]) { g, x in
            let y = g.applying(op, x)
            return g.multiply(y, y)
        }
    }
}
