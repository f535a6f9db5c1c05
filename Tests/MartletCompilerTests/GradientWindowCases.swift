import MartletGraph
import MartletTestSupport

extension GradientCase {
    /// A convolution's geometry with the shapes of its input and weight.
    private struct Convolution {
        var name: String
        var x: [Int]
        var weight: [Int]
        var attributes: Conv2DAttributes

        /// The height and width of the result.
        var size: [Int] {
            (0..<2).map { axis in
                let reach = attributes.dilation[axis] * (weight[axis + 2] - 1) + 1
                let padding = attributes.paddingLow[axis] + attributes.paddingHigh[axis]
                return (x[axis + 2] + padding - reach) / attributes.stride[axis] + 1
            }
        }
    }

    private static let convolutions = [
        Convolution(
            name: "plain", x: [2, 1, 4, 5], weight: [2, 1, 3, 2], attributes: Conv2DAttributes()),
        Convolution(
            name: "padded unevenly", x: [1, 2, 3, 4], weight: [3, 2, 2, 3],
            attributes: Conv2DAttributes(paddingLow: [0, 2], paddingHigh: [1, 0])),
        Convolution(
            name: "strided, pixels left over", x: [1, 2, 6, 7], weight: [2, 2, 3, 3],
            attributes: Conv2DAttributes(stride: [2, 3], paddingLow: [1, 1], paddingHigh: [1, 1])),
        Convolution(
            name: "dilated", x: [1, 1, 7, 6], weight: [2, 1, 3, 2],
            attributes: Conv2DAttributes(
                stride: [1, 2], paddingLow: [1, 0], paddingHigh: [0, 1], dilation: [2, 3])),
        Convolution(
            name: "grouped", x: [2, 4, 3, 3], weight: [6, 2, 2, 2],
            attributes: Conv2DAttributes(
                stride: [2, 1], paddingLow: [1, 1], paddingHigh: [1, 1], groups: 2)),
        Convolution(
            name: "depthwise", x: [1, 3, 4, 4], weight: [3, 1, 3, 3],
            attributes: Conv2DAttributes(dilation: [1, 1], groups: 3)),
        Convolution(
            name: "1 x 1", x: [2, 3, 2, 2], weight: [2, 3, 1, 1], attributes: Conv2DAttributes()),
    ]

    static let convolution: [GradientCase] = convolutions.flatMap { c in
        let dy = [c.x[0], c.weight[0]] + c.size
        return [
            GradientCase(.conv2D(c.attributes), c.name, [c.x, c.weight]),
            GradientCase(
                .conv2DInputGradient(c.attributes, size: Array(c.x[2...])), c.name,
                [dy, c.weight]),
            GradientCase(
                .conv2DWeightGradient(c.attributes, kernel: Array(c.weight[2...])), c.name,
                [dy, c.x]),
        ]
    }

    private static let windows: [(name: String, shape: [Int], attributes: PoolAttributes)] = [
        ("2 x 2", [1, 2, 4, 4], PoolAttributes(kernel: [2, 2])),
        ("odd sizes", [2, 1, 5, 3], PoolAttributes(kernel: [2, 2])),
        (
            "overlapping and padded", [1, 1, 5, 6],
            PoolAttributes(
                kernel: [3, 2], stride: [2, 1], paddingLow: [1, 0], paddingHigh: [1, 1])
        ),
        (
            "padding not counted", [1, 1, 5, 5],
            PoolAttributes(
                kernel: [3, 3], stride: [2, 2], paddingLow: [1, 1], paddingHigh: [1, 1],
                countsPadding: false)
        ),
        (
            "rounded up", [1, 1, 5, 5],
            PoolAttributes(
                kernel: [2, 2], stride: [2, 2], paddingHigh: [1, 1], ceilExtra: [1, 1])
        ),
        (
            "dilated", [1, 1, 6, 6],
            PoolAttributes(kernel: [2, 2], stride: [1, 2], dilation: [2, 3])
        ),
    ]

    static let pooling: [GradientCase] = windows.flatMap { name, shape, a in
        [
            GradientCase("maxPool2D", name, [shape], sampler: .distinct) { g, x in
                let y = g.emit(.maxPool2D(a), x[0])
                return g.multiply(y, y)
            },
            GradientCase("maxPool2DGradient", name, [shape], sampler: .distinct) { g, x in
                let pooled = g.emit(.maxPool2D(a), x[0])
                return g.emit(.maxPool2DGradient(a), x[0], g.multiply(pooled, pooled))
            },
            GradientCase("maxPool2DTangent", name, [shape, shape], sampler: .distinct) { g, x in
                g.emit(.maxPool2DTangent(a), x[0], g.multiply(x[0], x[1]))
            },
            GradientCase("averagePool2D", name, [shape]) { g, x in
                let y = g.emit(.averagePool2D(a), x[0])
                return g.multiply(y, y)
            },
            GradientCase("averagePool2DGradient", name, [shape]) { g, x in
                let y = g.emit(.averagePool2D(a), x[0])
                let size = Array(shape[2...])
                return g.emit(.averagePool2DGradient(a, size: size), g.multiply(y, y))
            },
        ]
    }
}
