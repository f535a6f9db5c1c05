import Foundation

/// A straight line from one rate to another, which then stays: the usual warm-up.
///
/// - Same as: PyTorch's `LinearLR`, whose two factors are of the optimizer's rate.
public struct LinearRamp: RateSchedule {
    private let start: Double
    private let end: Double
    private let steps: Int

    /// Makes a schedule that has the rate `end` from step `steps` on.
    ///
    /// - Precondition: `steps` is positive.
    public init(from start: Double, to end: Double, steps: Int) {
        precondition(steps > 0, "LinearRamp: steps must be positive, got \(steps)")
        (self.start, self.end, self.steps) = (start, end, steps)
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double {
        start + (end - start) * Double(min(step, steps)) / Double(steps)
    }
}

/// A rate that shrinks by a factor: rate · factor^(t / every).
///
/// - Same as: PyTorch's `ExponentialLR`; Keras' `ExponentialDecay`, whose `decay_steps` are `every`.
public struct ExponentialDecay: RateSchedule {
    private let start: Double
    private let factor: Double
    private let every: Int
    private let isStaircase: Bool

    /// Makes a schedule.
    ///
    /// - Parameters:
    ///   - rate: The rate of the first step.
    ///   - factor: What the rate is multiplied by after every `every` steps.
    ///   - every: The number of steps that count as one.
    ///   - staircase: Whether the exponent is rounded down.
    /// - Precondition: `every` is positive.
    public init(from rate: Double, factor: Double, every: Int = 1, staircase: Bool = false) {
        precondition(every > 0, "ExponentialDecay: every must be positive, got \(every)")
        (start, self.factor, self.every) = (rate, factor, every)
        isStaircase = staircase
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double {
        let exponent = Double(step) / Double(every)
        return start * pow(factor, isStaircase ? exponent.rounded(.down) : exponent)
    }
}

/// A rate that shrinks with time: rate / (1 + factor · t / every).
///
/// - Same as: Keras' `InverseTimeDecay`, whose `decay_steps` are `every`.
public struct InverseTimeDecay: RateSchedule {
    private let start: Double
    private let factor: Double
    private let every: Int
    private let isStaircase: Bool

    /// Makes a schedule.
    ///
    /// - Parameters:
    ///   - rate: The rate of the first step.
    ///   - factor: How fast the rate shrinks.
    ///   - every: The number of steps that count as one.
    ///   - staircase: Whether t / every is rounded down.
    /// - Precondition: `every` is positive.
    public init(from rate: Double, factor: Double, every: Int = 1, staircase: Bool = false) {
        precondition(every > 0, "InverseTimeDecay: every must be positive, got \(every)")
        (start, self.factor, self.every) = (rate, factor, every)
        isStaircase = staircase
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double {
        let time = Double(step) / Double(every)
        return start / (1 + factor * (isStaircase ? time.rounded(.down) : time))
    }
}

/// A rate that falls along a power: end + (start − end) · (1 − t / steps)^power, then `end`.
///
/// - Same as: PyTorch's `PolynomialLR` with end 0; Keras' `PolynomialDecay` without cycles.
public struct PolynomialDecay: RateSchedule {
    private let start: Double
    private let end: Double
    private let steps: Int
    private let power: Double

    /// Makes a schedule.
    ///
    /// - Precondition: `steps` is positive.
    public init(from start: Double, to end: Double = 0, steps: Int, power: Double = 1) {
        precondition(steps > 0, "PolynomialDecay: steps must be positive, got \(steps)")
        (self.start, self.end, self.steps, self.power) = (start, end, steps, power)
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double {
        let rest = 1 - Double(min(step, steps)) / Double(steps)
        return end + (start - end) * pow(rest, power)
    }
}
