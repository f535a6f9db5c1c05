import MartletGraph

// Activation functions. Where a function has a kink, the gradient there is PyTorch's. Branches are
// computed on operands held inside their domain, so that no gradient is 0 · inf.

/// max(x, 0); the gradient at zero is zero.
public func relu(_ x: Tensor) -> Tensor { apply(.unary(.relu), x) }

/// x above zero, slope · x below.
public func leakyRelu(_ x: Tensor, slope: Double = 0.01) -> Tensor {
    named("leakyRelu") { select(x .> 0, x, x * slope) }
}

/// x above zero, α(eˣ − 1) below.
public func elu(_ x: Tensor, alpha: Double = 1) -> Tensor {
    named("elu") {
        let isPositive = x .> 0
        return select(isPositive, x, expm1(select(isPositive, 0, x)) * alpha)
    }
}

/// The self-normalising form of `elu`, with fixed scale and α.
///
/// - Source: Klambauer et al., arXiv:1706.02515.
public func selu(_ x: Tensor) -> Tensor {
    named("selu") { elu(x, alpha: 1.6732632423543772) * 1.0507009873554805 }
}

/// How `gelu` computes the normal distribution.
public enum GeluApproximation: Hashable, Sendable {
    /// With the error function.
    case none
    /// With a hyperbolic tangent.
    case tanh
}

/// x · Φ(x), Φ being the normal distribution.
public func gelu(_ x: Tensor, approximation: GeluApproximation = .none) -> Tensor {
    named("gelu") {
        switch approximation {
        case .none: return x * 0.5 * (erf(x * 0.7071067811865476) + 1)
        case .tanh:
            let held = clamp(x, min: -12, max: 12)
            let inner = (held + held * held * held * 0.044715) * 0.7978845608028654
            return x * 0.5 * (tanh(inner) + 1)
        }
    }
}

/// 1 / (1 + e⁻ˣ).
public func sigmoid(_ x: Tensor) -> Tensor { apply(.unary(.sigmoid), x) }

/// The hyperbolic tangent.
public func tanh(_ x: Tensor) -> Tensor { apply(.unary(.tanh), x) }

/// x · sigmoid(x), also called swish.
public func silu(_ x: Tensor) -> Tensor { named("silu") { x * sigmoid(x) } }

/// log sigmoid(x), exact far from zero.
public func logSigmoid(_ x: Tensor) -> Tensor {
    named("logSigmoid") {
        let isPositive = x .> 0
        return select(isPositive, 0, x) - log1p(exp(select(isPositive, -x, x)))
    }
}

/// log(1 + e^(βx)) / β, and x itself where βx is above `threshold`.
public func softplus(_ x: Tensor, beta: Double = 1, threshold: Double = 20) -> Tensor {
    named("softplus") {
        let scaled = beta == 1 ? x : x * beta
        let isPositive = scaled .> 0
        let soft = relu(scaled) + log1p(exp(select(isPositive, -scaled, scaled)))
        return select(scaled .> threshold, x, beta == 1 ? soft : soft / beta)
    }
}

/// min(max(x, 0), 6); the gradient is zero at both kinks.
public func relu6(_ x: Tensor) -> Tensor {
    named("relu6") { select(x .>= 6, 6, relu(x)) }
}

/// x · min(max(x + 3, 0), 6) / 6; the gradient is 0 at −3 and 1 at 3.
public func hardSwish(_ x: Tensor) -> Tensor { named("hardSwish") { x * relu6(x + 3) / 6 } }

/// min(max(x + 3, 0), 6) / 6, as in Keras and PyTorch.
public func hardSigmoid(_ x: Tensor) -> Tensor { named("hardSigmoid") { relu6(x + 3) / 6 } }

/// x / (1 + |x|).
public func softsign(_ x: Tensor) -> Tensor { named("softsign") { x / (abs(x) + 1) } }

/// exp(x) over its sum along `axis`.
public func softmax(
    _ x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    x.withAxis("softmax", axis, file, line) { apply(.softmax(axis: $0), x) }
}

/// The logarithm of `softmax`, computed without overflow.
public func logSoftmax(
    _ x: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
    x.withAxis("logSoftmax", axis, file, line) { apply(.logSoftmax(axis: $0), x) }
}
