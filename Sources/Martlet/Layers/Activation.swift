/// The function that a layer applies to its result.
public enum Activation: Hashable, Sendable {
    case identity, relu, relu6, sigmoid, logSigmoid, tanh, silu, selu, softsign, softplus
    case hardSwish, hardSigmoid
    case leakyRelu(slope: Double)
    case elu(alpha: Double)
    case gelu(GeluApproximation)
    case softmax, logSoftmax

    /// Applies the function; `softmax` and `logSoftmax` work along the last axis.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .identity: x
        case .relu: Martlet.relu(x)
        case .relu6: Martlet.relu6(x)
        case .sigmoid: Martlet.sigmoid(x)
        case .logSigmoid: Martlet.logSigmoid(x)
        case .tanh: Martlet.tanh(x)
        case .silu: Martlet.silu(x)
        case .selu: Martlet.selu(x)
        case .softsign: Martlet.softsign(x)
        case .softplus: Martlet.softplus(x)
        case .hardSwish: Martlet.hardSwish(x)
        case .hardSigmoid: Martlet.hardSigmoid(x)
        case .leakyRelu(let slope): Martlet.leakyRelu(x, slope: slope)
        case .elu(let alpha): Martlet.elu(x, alpha: alpha)
        case .gelu(let approximation): Martlet.gelu(x, approximation: approximation)
        case .softmax: Martlet.softmax(x)
        case .logSoftmax: Martlet.logSoftmax(x)
        }
    }
}

extension Activation {
    /// The name with its settings as the source text spells it, without the leading dot.
    var name: String {
        switch self {
        case .leakyRelu(let slope): "leakyRelu(slope: \(slope))"
        case .elu(let alpha): "elu(alpha: \(alpha))"
        case .gelu(let approximation): "gelu(.\(approximation))"
        default: "\(self)"
        }
    }
}
