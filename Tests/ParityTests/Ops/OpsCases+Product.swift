import Martlet
import MartletTestSupport

extension OpsTable {
    static var products: [String: OpsExpression] {
        [
            "matmul": { matmul(try $0["a"], try $0["b"]) },
            "linear": { args in
                let product = matmul(try args.x, try args["weight"].transposed)
                guard let bias = args.tensors["bias"] else { return product }
                return product + bias
            },
        ]
    }

    static var softmaxes: [String: OpsExpression] {
        [
            "softmax": { softmax(try $0.x, axis: try $0.integer("axis")) },
            "logSoftmax": { logSoftmax(try $0.x, axis: try $0.integer("axis")) },
        ]
    }
}
