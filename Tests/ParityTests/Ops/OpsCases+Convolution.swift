import Martlet
import MartletTestSupport

extension OpsTable {
    static var convolutions: [String: OpsExpression] {
        [
            "conv2d": { args in
                conv2D(
                    try args.x, try args["weight"], bias: args.tensors["bias"],
                    stride: try args.integers("stride", [1, 1]), padding: try args.padding,
                    dilation: try args.integers("dilation", [1, 1]),
                    groups: try args.integer("groups", 1))
            }
        ]
    }

    static var pools: [String: OpsExpression] {
        [
            "maxPool2d": { args in
                let kernel = try args.integers("kernel")
                return maxPool2D(
                    try args.x, kernel, stride: try args.integers("stride", kernel),
                    padding: try args.padding, dilation: try args.integers("dilation", [1, 1]),
                    ceilMode: args.flag("ceilMode"))
            },
            "avgPool2d": { args in
                let kernel = try args.integers("kernel")
                return averagePool2D(
                    try args.x, kernel, stride: try args.integers("stride", kernel),
                    padding: try args.padding, ceilMode: args.flag("ceilMode"),
                    countsPadding: args.flag("countIncludePad", true))
            },
            "adaptiveAvgPool2d": {
                adaptiveAveragePool2D(try $0.x, try $0.integers("output"))
            },
            "globalAvgPool2d": { adaptiveAveragePool2D(try $0.x, 1) },
        ]
    }
}

extension OpsArguments {
    /// The border: "same", "valid", or pixels on both sides of height and width.
    var padding: Padding {
        get throws {
            switch attributes["padding"]?.text {
            case "same": return .same
            case "valid": return .valid
            case nil:
                let pixels = try integers("padding", [0, 0])
                return .explicit(low: pixels, high: pixels)
            case let other?: throw FixtureError("padding", "is unknown", found: other)
            }
        }
    }
}
