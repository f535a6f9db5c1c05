/// Calls a closure after every epoch.
///
///     OnEpochEnd { epoch, control in if epoch.loss < 0.01 { control.stop("good enough") } }
public final class OnEpochEnd: TrainingCallback {
    private let body: (History.Epoch, TrainingControl) throws -> Void

    /// Makes a callback.
    public init(
        _ body: @escaping (_ epoch: History.Epoch, _ control: TrainingControl) throws -> Void
    ) {
        self.body = body
    }

    /// It is told of epochs alone.
    public var wantsSteps: Bool { false }

    /// Calls the closure.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        if case .epochEnded(let epoch) = event { try body(epoch, control) }
    }
}

/// Calls a closure after every so many steps of an epoch.
///
///     OnStep(every: 100) { progress, _ in print(progress.step, progress.batchLoss) }
public final class OnStep: TrainingCallback {
    private let interval: Int
    private let body: (StepProgress, TrainingControl) throws -> Void

    /// Makes a callback.
    ///
    /// - Precondition: `interval` is positive.
    public init(
        every interval: Int = 1,
        _ body: @escaping (_ progress: StepProgress, _ control: TrainingControl) throws -> Void
    ) {
        precondition(interval > 0, "OnStep: every must be positive, got \(interval)")
        (self.interval, self.body) = (interval, body)
    }

    /// Calls the closure when it is time.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        if case .stepEnded(let progress) = event, progress.step % interval == 0 {
            try body(progress, control)
        }
    }
}

/// Calls a closure at every event, for displays that know the event stream.
///
///     OnEvent { event, _ in printer.handle(event) }
public final class OnEvent: TrainingCallback {
    /// Whether it is told of every step.
    public let wantsSteps: Bool
    private let body: (TrainingEvent, TrainingControl) throws -> Void

    /// Makes a callback.
    public init(
        steps wantsSteps: Bool = true,
        _ body: @escaping (_ event: TrainingEvent, _ control: TrainingControl) throws -> Void
    ) {
        (self.wantsSteps, self.body) = (wantsSteps, body)
    }

    /// Calls the closure.
    public func handle(_ event: TrainingEvent, _ control: TrainingControl) throws {
        try body(event, control)
    }
}
