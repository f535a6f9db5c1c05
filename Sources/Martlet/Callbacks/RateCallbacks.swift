/// Sets the learning rate of every step, or of every epoch, by a schedule.
///
///     LearningRate(perStep: OneCycle(…))
///     LearningRate(perEpoch: StepDecay(from: 0.1, every: 30))
///
/// The rate depends on the number of the step or epoch alone, so a resumed run goes on with it.
public final class LearningRate: TrainingCallback {
    private let schedule: any RateSchedule
    /// Whether it changes with steps.
    public let wantsSteps: Bool

    /// The rate at each step of the whole run, 0 for the first.
    public init(perStep schedule: some RateSchedule) {
        (self.schedule, wantsSteps) = (schedule, true)
    }

    /// The rate at each epoch, 0 for the first.
    public init(perEpoch schedule: some RateSchedule) {
        (self.schedule, wantsSteps) = (schedule, false)
    }

    /// Sets the rate of the step that comes next.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        switch event {
        case .fitStarted, .epochStarted, .stepEnded, .epochEnded:
            let place = wantsSteps ? control.totalSteps : control.epoch - 1
            control.learningRate = schedule.rate(at: place)
            control.momentum = schedule.momentum(at: place)
        case .fitEnded: break
        }
    }
}

/// Lowers the learning rate when a number of an epoch stops getting better.
///
/// - Same as: Keras' `ReduceLROnPlateau`, whose patience is one more; PyTorch's scheduler of that name.
public final class PlateauRate: TrainingCallback {
    private let watch: Watch
    private let make: (Double) -> ReduceOnPlateau
    private var plateau: ReduceOnPlateau?

    /// Makes a callback; the parameters are those of `ReduceOnPlateau`.
    public init(
        _ watch: Watch = .smallest("val_loss"), factor: Double = 0.1, patience: Int = 10,
        threshold: ReduceOnPlateau.Threshold = .relative(1e-4), cooldown: Int = 0,
        minimum: Double = 0
    ) {
        self.watch = watch
        var mode = ReduceOnPlateau.Mode.smallerIsBetter
        if case .largest = watch { mode = .largerIsBetter }
        make = { rate in
            ReduceOnPlateau(
                from: rate, mode: mode, factor: factor, patience: patience, threshold: threshold,
                cooldown: cooldown, minimum: minimum)
        }
    }

    /// It is told of epochs alone.
    public var wantsSteps: Bool { false }

    /// Takes the number of an epoch.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        switch event {
        case .fitStarted(let plan) where plan.firstEpoch == 1: plateau = nil
        case .epochEnded(let epoch):
            var plateau = plateau ?? make(control.learningRate)
            let before = plateau.rate
            let rate = plateau.update(try watch.value(in: epoch))
            if rate != before { control.learningRate = rate }
            self.plateau = plateau
        default: break
        }
    }

    /// The rate, the best number and the counts.
    public func savedState() throws -> CallbackState? { try plateau.map { try CallbackState($0) } }

    /// Takes these back.
    public func restore(_ state: CallbackState) throws { plateau = try state.value() }
}
