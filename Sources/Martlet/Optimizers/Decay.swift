import Foundation

/// The factor of a running mean: a number of the rule, or a scalar of the plan.
struct Decay {
    private let constant: Double
    /// 1 − factor; in f32 the difference would be of a few digits only.
    private let complement: Double
    private let input: Tensor?

    /// A factor that is fixed when the plan is compiled.
    init(_ constant: Float) {
        (self.constant, complement, input) = (constant.decimal, 1 - constant.decimal, nil)
    }

    /// A factor that may be another one at each run.
    init(_ input: Tensor) { (constant, complement, self.input) = (.nan, .nan, input) }

    /// factor · x.
    static func * (factor: Decay, x: Tensor) -> Tensor {
        if let input = factor.input { return input * x }
        return factor.constant * x
    }

    /// factor · old + (1 − factor) · new.
    func mean(_ old: Tensor, _ new: Tensor) -> Tensor { self * old + rest(new) }

    /// (1 − factor) · x.
    func rest(_ x: Tensor) -> Tensor {
        if let input { return (1 - input) * x }
        return complement * x
    }

    /// 1 − factorᵗ without cancellation: what a mean that started at zero is short of.
    func correction(_ count: Tensor) -> Tensor {
        if let input { return -expm1(count * log(input)) }
        return constant == 0 ? Tensor(1) : -expm1(count * Foundation.log(constant))
    }
}

extension Optimizer {
    /// The gradient with the weight decay of PyTorch's rules (L2): gradient + decay · parameter.
    func decayed(_ gradient: Tensor, _ parameter: Tensor, _ weightDecay: Float) -> Tensor {
        weightDecay == 0 ? gradient : gradient + weightDecay.decimal * parameter
    }

    /// The parameter after a decay apart from the gradient: parameter · (1 − rate · decay).
    func shrunk(_ parameter: Tensor, _ rate: Tensor, _ weightDecay: Float) -> Tensor {
        weightDecay == 0 ? parameter : parameter * (1 - rate * weightDecay.decimal)
    }

    /// Stops for settings that no step can work with.
    func require(
        _ isRight: Bool, _ settings: @autoclosure () -> String, _ values: Float...
    ) {
        precondition(
            isRight,
            "\(Self.self): \(settings()), got \(values.map(\.description).joined(separator: ", "))")
    }
}
