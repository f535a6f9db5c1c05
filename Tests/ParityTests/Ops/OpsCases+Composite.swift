import Martlet

/// Several operations with shared tensors: their gradients must add up.
extension OpsTable {
    static var composites: [String: OpsExpression] {
        [
            "c_squarePlusSelf": { args in
                let x = try args.x
                return x * x + x
            },
            "c_diamond": { args in
                let h = matmul(try args.x, try args["w"]) + (try args["b"])
                return relu(h) * sigmoid(h) + h.mean()
            },
            "c_mlp": { args in
                let hidden = tanh(try dense(args.x, args["w1"], args["b1"]))
                return logSoftmax(try dense(hidden, args["w2"], args["b2"]), axis: 1)
            },
            "c_sharedWeight": { args in
                let w = try args["w"]
                return matmul(relu(matmul(try args.x, w)), w)
            },
            "c_convPoolLinear": { args in
                let pooled = maxPool2D(relu(conv2D(try args.x, try args["k"])), 2)
                return matmul(pooled.flattened(), try args["w"].transposed)
            },
            "c_twoLosses": { args in
                let w = try args["w"]
                let fit = square(matmul(try args.x, w)).mean()
                return fit + (try args.number("lambda")) * abs(w).sum()
            },
            "c_broadcastChain": { args in
                let y = try args["y"]
                return (try args.x * y - args["z"]) / (1 + y * y)
            },
        ]
    }

    /// `x` times the transposed weight plus the bias.
    private static func dense(_ x: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
        matmul(x, weight.transposed) + bias
    }
}
