/// The learning rate of every step: a pure value, read at any step in any order.
///
///     let schedule = LinearRamp(from: 0, to: 0.1, steps: 500)
///         .then(CosineDecay(from: 0.1, steps: 9_500), after: 500)
///     for step in 0..<10_000 { train.optimizer.follow(schedule, at: step); … }
///
/// Rates are inputs of the plan: following a schedule never compiles again.
public protocol RateSchedule: Sendable {
    /// The rate that step `step` uses; the first step is 0.
    func rate(at step: Int) -> Double

    /// The momentum that step `step` uses, `nil` where the schedule leaves it alone.
    func momentum(at step: Int) -> Double?
}

extension RateSchedule {
    /// Leaves the momentum alone.
    public func momentum(at step: Int) -> Double? { nil }

    /// This schedule for the first `count` steps, then another one that starts at its step 0.
    ///
    /// - Same as: PyTorch's `SequentialLR` with one milestone.
    public func then(_ next: some RateSchedule, after count: Int) -> SequentialRate {
        SequentialRate(self, next, after: count)
    }

    /// This schedule after a ramp of `count` steps that ends at its first rate.
    ///
    /// - Parameters:
    ///   - start: The rate of the first step.
    ///   - count: The number of steps until the first rate of this schedule is reached; with 0 there is
    ///     no ramp.
    public func warmedUp(from start: Double = 0, steps count: Int) -> SequentialRate {
        LinearRamp(from: start, to: rate(at: 0), steps: max(1, count)).then(self, after: count)
    }
}

extension Optimizer {
    /// Takes the learning rate of a step, and the momentum where the plan has an input for it.
    ///
    /// The momentum of a schedule reaches the plan only with `withMomentumInput()`.
    public mutating func follow(_ schedule: any RateSchedule, at step: Int) {
        learningRate = Float(schedule.rate(at: step))
        if options.hasMomentumInput, let momentum = schedule.momentum(at: step) {
            setMomentum(Float(momentum))
        }
    }
}

/// One schedule after another.
public struct SequentialRate: RateSchedule {
    private let first: any RateSchedule
    private let second: any RateSchedule
    private let count: Int

    /// Makes a schedule of the first one for `count` steps and then the second from its step 0.
    ///
    /// - Precondition: `count` is not negative.
    public init(_ first: any RateSchedule, _ second: any RateSchedule, after count: Int) {
        precondition(count >= 0, "then: the count of steps must not be negative, got \(count)")
        (self.first, self.second, self.count) = (first, second, count)
    }

    /// The rate of the schedule whose turn it is.
    public func rate(at step: Int) -> Double {
        step < count ? first.rate(at: step) : second.rate(at: step - count)
    }

    /// The momentum of the schedule whose turn it is.
    public func momentum(at step: Int) -> Double? {
        step < count ? first.momentum(at: step) : second.momentum(at: step - count)
    }
}

/// One rate for all steps.
public struct ConstantRate: RateSchedule {
    private let value: Double

    /// Makes a schedule that always gives `rate`.
    public init(_ rate: Double) { value = rate }

    /// The rate.
    public func rate(at step: Int) -> Double { value }
}

/// The rate that a function gives.
public struct RateFunction: RateSchedule {
    private let body: @Sendable (Int) -> Double

    /// Makes a schedule from a function of the step's number, 0 for the first.
    ///
    /// - Same as: PyTorch's `LambdaLR`, whose function gives a factor of the rate.
    public init(_ body: @escaping @Sendable (_ step: Int) -> Double) { self.body = body }

    /// What the function gives.
    public func rate(at step: Int) -> Double { body(step) }
}
