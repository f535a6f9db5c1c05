import Martlet
import MartletTestSupport

extension OpsTable {
    static var activations: [String: OpsExpression] {
        [
            "relu": { relu(try $0.x) },
            "relu6": { relu6(try $0.x) },
            "leakyRelu": { leakyRelu(try $0.x, slope: try $0.number("slope", 0.01)) },
            "elu": { elu(try $0.x, alpha: try $0.number("alpha", 1)) },
            "selu": { selu(try $0.x) },
            "gelu": { args in
                let x = try args.x
                return switch try args.text("approximate", "none") {
                case "none": gelu(x)
                case "tanh": gelu(x, approximation: .tanh)
                case let other: throw FixtureError("gelu", "has an unknown form", found: other)
                }
            },
            "silu": { silu(try $0.x) },
            "sigmoid": { sigmoid(try $0.x) },
            "logSigmoid": { logSigmoid(try $0.x) },
            "tanh": { tanh(try $0.x) },
            "softplus": {
                softplus(
                    try $0.x, beta: try $0.number("beta", 1),
                    threshold: try $0.number("threshold", 20))
            },
            "softsign": { softsign(try $0.x) },
            "hardSwish": { hardSwish(try $0.x) },
            "hardSigmoid": { hardSigmoid(try $0.x) },
        ]
    }
}
