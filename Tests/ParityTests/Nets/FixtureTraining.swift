import Martlet
import MartletTestSupport

extension NetFixture {
    /// The loss that the description names, of the network's output.
    func loss(_ output: Tensor, _ target: Tensor) throws -> Tensor {
        let name = description["loss"]?.text ?? "?"
        let weight = contains("classWeights") ? Tensor(try array("classWeights")) : nil
        let smoothing = description["labelSmoothing"]?.number ?? 0
        let reductionName = description["reduction"]?.text ?? "mean"
        guard let reduction = LossReduction(rawValue: reductionName) else {
            throw FixtureError(self.name, "has an unknown reduction \(reductionName)")
        }
        switch name {
        case "nll":
            return negativeLogLikelihood(output, target, weight: weight, reduction: reduction)
        case "crossEntropy":
            return crossEntropy(
                output, target, weight: weight, labelSmoothing: smoothing, reduction: reduction)
        case "sparse categorical cross entropy from logits, mean":
            return crossEntropy(output, target)
        case "mse", "mse (mean over all elements)":
            return meanSquaredError(output, target, reduction: reduction)
        default: throw FixtureError(self.name, "has an unknown loss \(name)")
        }
    }

    /// Runs `body` with the optimizer that the description names.
    func withOptimizer(_ body: (any Optimizer) throws -> Void) throws {
        let hyper = description["hyper"]
        func number(_ names: String..., fallback: Double = 0) -> Float {
            Float(names.compactMap { hyper?[$0]?.number }.first ?? fallback)
        }
        for setting in ["maximize", "amsgrad", "decoupled_weight_decay"] {
            if hyper?[setting]?.flag == true {
                throw FixtureError(name, "trains with \(setting), which no optimizer here has")
            }
        }
        let rate = number("lr", "learning_rate")
        let decay = number("weight_decay")
        switch description["optimizer"]?.text ?? "?" {
        case "SGD":
            try body(
                SGD(
                    learningRate: rate, momentum: number("momentum"),
                    dampening: number("dampening"), weightDecay: decay,
                    nesterov: hyper?["nesterov"]?.flag ?? false))
        case "Adam":
            let betas = hyper?["betas"]?.numbers ?? []
            try body(
                Adam(
                    learningRate: rate,
                    beta1: betas.first.map { Float($0) } ?? number("beta_1", fallback: 0.9),
                    beta2: betas.last.map { Float($0) } ?? number("beta_2", fallback: 0.999),
                    epsilon: number("eps", "epsilon", fallback: 1e-8), weightDecay: decay,
                    epsilonPlacement: framework.hasPrefix("PyTorch")
                        ? .afterCorrection : .beforeCorrection))
        case let other: throw FixtureError(name, "has an unknown optimizer \(other)")
        }
    }
}
