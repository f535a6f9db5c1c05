import Martlet

/// Where a run stands and how fast it goes, from the events and their times.
struct ProgressClock {
    /// The plan of the run; of no steps before the run began.
    private(set) var plan = FitPlan(epochs: 0, stepsPerEpoch: 0, examples: 0, batchSize: 1)
    /// The number of the epoch, 1 for the first.
    private(set) var epoch = 0
    /// The steps of the epoch that were done before this run; not 0 after a checkpoint.
    private(set) var stepsBefore = 0
    private var runStart: Double?
    private var epochStart = 0.0
    private var firstStepEnd: Double?
    private var step = 0
    private var lastShown: Double?

    /// Takes notice of an event.
    mutating func note(_ event: TrainingEvent, at now: Double) {
        if runStart == nil { runStart = now }
        switch event {
        case .fitStarted(let plan): self.plan = plan
        case .epochStarted(let number):
            (epoch, epochStart, firstStepEnd) = (number, now, nil)
            (step, stepsBefore) = (0, 0)
        case .stepEnded(let progress):
            epoch = progress.epoch
            step = progress.step
            if firstStepEnd == nil { (firstStepEnd, stepsBefore) = (now, progress.step - 1) }
        case .epochEnded, .fitEnded: break
        }
    }

    /// True when enough time has passed since it was true last.
    mutating func isDue(at now: Double, after interval: Double) -> Bool {
        if let lastShown, now - lastShown < interval { return false }
        lastShown = now
        return true
    }

    /// The time since the run began, in seconds.
    func runTime(at now: Double) -> Double { max(0, now - (runStart ?? now)) }

    /// The time since the epoch began or went on, in seconds.
    func epochTime(at now: Double) -> Double { max(0, now - epochStart) }

    /// The mean time of the epoch's steps, in seconds; `nil` before the first.
    func stepTime(at now: Double) -> Double? {
        step > stepsBefore ? epochTime(at: now) / Double(step - stepsBefore) : nil
    }

    /// The same without the first step, which may have to set things up first; `nil` until two
    /// steps were taken.
    func steadyStepTime(at now: Double) -> Double? {
        guard let firstStepEnd, step > stepsBefore + 1, now > firstStepEnd else { return nil }
        return (now - firstStepEnd) / Double(step - stepsBefore - 1)
    }

    /// The steps of the epoch that are left.
    var stepsLeft: Int { max(0, plan.stepsPerEpoch - step) }

    /// The steps of the whole run that are left.
    var runStepsLeft: Int { stepsLeft + max(0, plan.epochs - epoch) * plan.stepsPerEpoch }
}
