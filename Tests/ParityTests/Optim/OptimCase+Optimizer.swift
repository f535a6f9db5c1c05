import Martlet
import MartletTestSupport

extension OptimCase {
    /// The optimizer that the description names, with everything that it asks for.
    func makeOptimizer() throws -> any Optimizer {
        var optimizer: any Optimizer
        var clipping = try described(description["clip"])
        switch framework {
        case "torch": optimizer = try torchOptimizer()
        case "keras":
            clipping = try kerasClipping()
            optimizer = try kerasOptimizer()
        case "paddle":
            if hyper.contains("ClipGradByGlobalNorm") {
                clipping = .globalNorm(try hyper.float("ClipGradByGlobalNorm"), epsilon: 0)
            }
            optimizer = try paddleOptimizer()
        default: throw FixtureError(name, "is of an unknown framework \(framework)")
        }
        if framework == "torch", try hyper.flag("maximize") {
            optimizer = optimizer.withMaximizing()
        }
        try hyper.finish()
        if let clipping { optimizer = optimizer.withClipping(clipping) }
        if let groups = description["groups"]?.array {
            optimizer = optimizer.withGroups(try groups.flatMap { try self.groups(of: $0) })
        }
        return optimizer
    }

    private func torchOptimizer() throws -> any Optimizer {
        let rate = try hyper.float("lr")
        let decay = try hyper.float("weight_decay")
        func epsilon() throws -> Float { try hyper.float("eps") }
        switch optimizer {
        case "SGD":
            return SGD(
                learningRate: rate, momentum: try hyper.float("momentum"),
                dampening: try hyper.float("dampening"), weightDecay: decay,
                nesterov: try hyper.flag("nesterov"))
        case "Adam":
            try refuseDecoupledDecay(false)
            let betas = try hyper.betas()
            return Adam(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                weightDecay: decay, amsgrad: try hyper.flag("amsgrad"))
        case "AdamW":
            try refuseDecoupledDecay(true)
            let betas = try hyper.betas()
            return AdamW(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                weightDecay: decay, amsgrad: try hyper.flag("amsgrad"))
        case "RMSprop":
            return RMSprop(
                learningRate: rate, decay: try hyper.float("alpha"), epsilon: try epsilon(),
                momentum: try hyper.float("momentum"), centered: try hyper.flag("centered"),
                weightDecay: decay)
        case "Adagrad":
            return Adagrad(
                learningRate: rate, rateDecay: try hyper.float("lr_decay"),
                epsilon: try epsilon(),
                initialSum: try hyper.float("initial_accumulator_value"), weightDecay: decay)
        case "Adadelta":
            return Adadelta(
                learningRate: rate, decay: try hyper.float("rho"), epsilon: try epsilon(),
                weightDecay: decay)
        case "Adamax":
            let betas = try hyper.betas()
            return Adamax(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                weightDecay: decay)
        case "NAdam":
            try refuseDecoupledDecay(false)
            let betas = try hyper.betas()
            return NAdam(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                weightDecay: decay, momentumDecay: try hyper.float("momentum_decay"))
        case "RAdam":
            try refuseDecoupledDecay(false)
            let betas = try hyper.betas()
            return RAdam(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                weightDecay: decay)
        default: throw FixtureError(name, "has an unknown optimizer \(optimizer)")
        }
    }

    private func refuseDecoupledDecay(_ expected: Bool) throws {
        let found = try hyper.flag("decoupled_weight_decay")
        guard found == expected else {
            throw FixtureError(name, "has decoupled_weight_decay \(found), unlike the rule here")
        }
    }

    private func kerasOptimizer() throws -> any Optimizer {
        let rate = try hyper.float("learning_rate")
        func betas() throws -> (Float, Float) {
            (try hyper.float("beta_1"), try hyper.float("beta_2"))
        }
        func epsilon() throws -> Float { try hyper.float("epsilon") }
        switch optimizer {
        case "SGD":
            return SGD(
                learningRate: rate, momentum: try hyper.float("momentum"),
                nesterov: try hyper.flag("nesterov"), velocity: .steps)
        case "Adam":
            let betas = try betas()
            return Adam(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                amsgrad: try hyper.flag("amsgrad"), epsilonPlacement: .beforeCorrection)
        case "AdamW":
            let betas = try betas()
            return AdamW(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                weightDecay: try hyper.float("weight_decay"),
                amsgrad: try hyper.flag("amsgrad"), epsilonPlacement: .beforeCorrection)
        case "RMSprop":
            return RMSprop(
                learningRate: rate, decay: try hyper.float("rho"), epsilon: try epsilon(),
                momentum: try hyper.float("momentum"), centered: try hyper.flag("centered"),
                epsilonPlacement: .insideRoot)
        case "Adagrad":
            return Adagrad(
                learningRate: rate, epsilon: try epsilon(),
                initialSum: try hyper.float("initial_accumulator_value"),
                epsilonPlacement: .insideRoot)
        case "Adadelta":
            return Adadelta(
                learningRate: rate, decay: try hyper.float("rho"), epsilon: try epsilon())
        case "Adamax":
            let betas = try betas()
            return Adamax(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                epsilonPlacement: .besideNorm)
        case "Nadam":
            let betas = try betas()
            return NAdam(
                learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: try epsilon(),
                momentumDecay: 1)
        default: throw FixtureError(name, "has an unknown optimizer \(optimizer)")
        }
    }

    /// Paddle's defaults stand here, because its descriptions leave them out.
    private func paddleOptimizer() throws -> any Optimizer {
        let rate = try hyper.float("learning_rate")
        func betas() throws -> (Float, Float) {
            (try hyper.float("beta1", or: 0.9), try hyper.float("beta2", or: 0.999))
        }
        switch optimizer {
        case "SGD": return SGD(learningRate: rate)
        case "Momentum":
            return SGD(
                learningRate: rate, momentum: try hyper.float("momentum"),
                weightDecay: try hyper.float("L2Decay", or: 0),
                nesterov: try hyper.flag("use_nesterov"))
        case "Adam":
            let betas = try betas()
            return Adam(
                learningRate: rate, beta1: betas.0, beta2: betas.1,
                epsilon: try hyper.float("epsilon", or: 1e-8))
        case "AdamW":
            return AdamW(
                learningRate: rate, weightDecay: try hyper.float("weight_decay", or: 0.01))
        case "RMSProp":
            return RMSprop(
                learningRate: rate, decay: 0.95, epsilon: 1e-6, epsilonPlacement: .insideRoot)
        case "Adagrad": return Adagrad(learningRate: rate, epsilon: 1e-6)
        case "Adamax": return Adamax(learningRate: rate, epsilonPlacement: .withOldNorm)
        default: throw FixtureError(name, "has an unknown optimizer \(optimizer)")
        }
    }

    private func kerasClipping() throws -> GradientClipping? {
        if hyper.contains("clipnorm") { return .norm(try hyper.float("clipnorm")) }
        if hyper.contains("global_clipnorm") {
            return .globalNorm(try hyper.float("global_clipnorm"), epsilon: 0)
        }
        return hyper.contains("clipvalue") ? .value(try hyper.float("clipvalue")) : nil
    }

    private func groups(of group: FixtureValue) throws -> [ParameterGroup] {
        guard let rate = group["lr"]?.number, let base = try rates()?.first,
            let paths = group["params"]?.array?.compactMap(\.text), !paths.isEmpty,
            let decay = group["weight_decay"]?.number, group.members?.count == 3
        else { throw FixtureError(name, "has a group that the test does not know") }
        return paths.map {
            ParameterGroup($0, rate: Float(rate / base), weightDecay: Float(decay))
        }
    }
}

/// The clipping that PyTorch's cases describe.
func described(_ clip: FixtureValue?) throws -> GradientClipping? {
    guard let clip else { return nil }
    switch clip["kind"]?.text {
    case "value":
        if let limit = clip["clip_value"]?.number { return .value(Float(limit)) }
    case "norm":
        if let limit = clip["max_norm"]?.number, let order = clip["norm_type"]?.number {
            let norm: GradientClipping.Norm =
                switch order {
                case 1: .sum
                case 2: .euclidean
                case .infinity: .largest
                default: .power(Float(order))
                }
            return .globalNorm(Float(limit), norm)
        }
    default: break
    }
    throw FixtureError("clip", "is described in an unknown way", found: "\(clip)")
}

extension Optimizer {
    fileprivate func withMaximizing() -> any Optimizer { maximizing() }

    fileprivate func withClipping(_ clipping: GradientClipping) -> any Optimizer {
        clipped(by: clipping)
    }

    fileprivate func withGroups(_ groups: [ParameterGroup]) -> any Optimizer { grouped(groups) }
}
