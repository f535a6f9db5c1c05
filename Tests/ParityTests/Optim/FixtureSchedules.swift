import Martlet
import MartletTestSupport

/// The schedule of PyTorch that a description names; throws for settings that it does not know.
func torchSchedule(
    _ name: String, base: Double, _ settings: FixtureSettings
) throws -> any RateSchedule {
    let schedule: any RateSchedule
    switch name {
    case "StepLR":
        schedule = StepDecay(
            from: base, every: try settings.integer("step_size"),
            factor: try settings.number("gamma"))
    case "MultiStepLR":
        schedule = MultiStepDecay(
            from: base, milestones: try settings.numbers("milestones").map { Int($0) },
            factor: try settings.number("gamma"))
    case "ExponentialLR":
        schedule = ExponentialDecay(from: base, factor: try settings.number("gamma"))
    case "CosineAnnealingLR":
        schedule = CosineDecay(
            from: base, to: try settings.number("eta_min", or: 0),
            steps: try settings.integer("T_max"))
    case "CosineAnnealingWarmRestarts":
        schedule = CosineRestarts(
            from: base, to: try settings.number("eta_min"), steps: try settings.integer("T_0"),
            factor: try settings.integer("T_mult"))
    case "OneCycleLR":
        let strategy = try settings.text("anneal_strategy", or: "cos")
        guard let shape = ["cos": OneCycle.Shape.cosine, "linear": .linear][strategy] else {
            throw FixtureError(name, "has an unknown anneal_strategy \(strategy)")
        }
        schedule = OneCycle(
            maximum: try settings.number("max_lr"), steps: try settings.integer("total_steps"),
            rise: try settings.number("pct_start", or: 0.3),
            startDivisor: try settings.number("div_factor", or: 25),
            endDivisor: try settings.number("final_div_factor", or: 10_000), shape: shape,
            threePhases: try settings.flag("three_phase"))
    case "LinearLR":
        schedule = LinearRamp(
            from: base * (try settings.number("start_factor")),
            to: base * (try settings.number("end_factor")),
            steps: try settings.integer("total_iters"))
    case "ConstantLR":
        schedule = PiecewiseRate(
            [base * (try settings.number("factor")), base],
            boundaries: [try settings.integer("total_iters")])
    case "PolynomialLR":
        schedule = PolynomialDecay(
            from: base, steps: try settings.integer("total_iters"),
            power: try settings.number("power"))
    case "SequentialLR":
        let (first, second) = (try settings.settings("first"), try settings.settings("second"))
        schedule = SequentialRate(
            try torchSchedule(try first.text("scheduler"), base: base, first),
            try torchSchedule(try second.text("scheduler"), base: base, second),
            after: try settings.integer("milestone"))
    default: throw FixtureError(name, "is a schedule that the test does not know")
    }
    try settings.finish()
    return schedule
}

/// The schedule of Keras that a description names; throws for settings that it does not know.
func kerasSchedule(_ name: String, _ settings: FixtureSettings) throws -> any RateSchedule {
    let schedule: any RateSchedule
    switch name {
    case "ExponentialDecay":
        schedule = ExponentialDecay(
            from: try settings.number("initial_learning_rate"),
            factor: try settings.number("decay_rate"), every: try settings.integer("decay_steps"),
            staircase: try settings.flag("staircase"))
    case "InverseTimeDecay":
        schedule = InverseTimeDecay(
            from: try settings.number("initial_learning_rate"),
            factor: try settings.number("decay_rate"), every: try settings.integer("decay_steps"),
            staircase: try settings.flag("staircase"))
    case "PolynomialDecay":
        schedule = PolynomialDecay(
            from: try settings.number("initial_learning_rate"),
            to: try settings.number("end_learning_rate"),
            steps: try settings.integer("decay_steps"), power: try settings.number("power"))
    case "PiecewiseConstantDecay":
        schedule = PiecewiseRate(
            try settings.numbers("values"),
            boundaries: try settings.numbers("boundaries").map { Int($0) + 1 })
    case "CosineDecay":
        let start = try settings.number("initial_learning_rate")
        let warmUp = try settings.integer("warmup_steps", or: 0)
        let top = try settings.number("warmup_target", or: start)
        let decay = CosineDecay(
            from: top, to: top * (try settings.number("alpha")),
            steps: try settings.integer("decay_steps"), afterwards: .stays)
        schedule = warmUp > 0 ? decay.warmedUp(from: start, steps: warmUp) : decay
    default: throw FixtureError(name, "is a schedule that the test does not know")
    }
    try settings.finish()
    return schedule
}

/// The schedule on a plateau that a description of PyTorch gives.
func plateauSchedule(base: Double, _ settings: FixtureSettings) throws -> ReduceOnPlateau {
    let mode = try settings.text("mode")
    let size = try settings.number("threshold")
    let kind = try settings.text("threshold_mode")
    guard ["min", "max"].contains(mode), ["rel", "abs"].contains(kind) else {
        throw FixtureError("ReduceLROnPlateau", "has an unknown mode \(mode) or \(kind)")
    }
    let schedule = ReduceOnPlateau(
        from: base, mode: mode == "min" ? .smallerIsBetter : .largerIsBetter,
        factor: try settings.number("factor"), patience: try settings.integer("patience"),
        threshold: kind == "rel" ? .relative(size) : .absolute(size),
        cooldown: try settings.integer("cooldown"), minimum: try settings.number("min_lr"),
        smallestChange: try settings.number("eps"))
    try settings.finish()
    return schedule
}
