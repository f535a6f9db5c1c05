import Martlet
import MartletTestSupport

/// Operations with channels last: transposed to N, C, H, W and back.
extension OpsTable {
    static var kerasLayers: [String: OpsExpression] {
        [
            "conv2dNHWC": { args in
                let groups = try args.integer("groups", 1)
                return try args.convolved(args["kernel"].transposed([3, 2, 0, 1]), groups: groups)
            },
            "depthwiseConv2dNHWC": { args in
                // The kernel [kh, kw, channels, multiplier] becomes [channels · multiplier, 1, kh, kw].
                let kernel = try args["kernel"]
                let (height, width) = (kernel.shape[0], kernel.shape[1])
                let weight = kernel.transposed([2, 3, 0, 1]).reshaped([-1, 1, height, width])
                return try args.convolved(weight, groups: kernel.shape[2])
            },
            "maxPool2dNHWC": { args in
                let pool = try args.integers("pool")
                return nhwc(
                    maxPool2D(
                        nchw(try args.x), pool, stride: try args.integers("strides", pool),
                        padding: try args.padding))
            },
            "avgPool2dNHWC": { args in
                let pool = try args.integers("pool")
                return nhwc(
                    averagePool2D(
                        nchw(try args.x), pool, stride: try args.integers("strides", pool),
                        padding: try args.padding, countsPadding: false))
            },
            "globalAveragePool2dNHWC": { globalAveragePool2D(nchw(try $0.x)) },
            "dense": { args in
                let product = matmul(try args.x, try args["kernel"])
                guard let bias = args.tensors["bias"] else { return product }
                return product + bias
            },
            "act_relu": { relu(try $0.x) },
            "act_elu": { elu(try $0.x, alpha: try $0.number("alpha", 1)) },
            "act_selu": { selu(try $0.x) },
            "act_gelu": { gelu(try $0.x) },
            "act_gelu_tanh": { gelu(try $0.x, approximation: .tanh) },
            "act_silu": { silu(try $0.x) },
            "act_softplus": { softplus(try $0.x) },
            "act_leaky_relu": { leakyRelu(try $0.x, slope: try $0.number("negativeSlope")) },
            "act_hard_sigmoid": { hardSigmoid(try $0.x) },
        ]
    }
}

/// The channels moved from last to second.
func nchw(_ x: Tensor) -> Tensor { x.transposed([0, 3, 1, 2]) }

/// The channels moved from second to last.
func nhwc(_ x: Tensor) -> Tensor { x.transposed([0, 2, 3, 1]) }

extension OpsArguments {
    /// The input convolved with a weight in PyTorch's order, plus the bias.
    fileprivate func convolved(_ weight: Tensor, groups: Int) throws -> Tensor {
        nhwc(
            conv2D(
                nchw(try x), weight, bias: tensors["bias"],
                stride: try integers("strides", [1, 1]), padding: try padding,
                dilation: try integers("dilation", [1, 1]), groups: groups))
    }
}
