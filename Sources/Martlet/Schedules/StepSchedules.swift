import Foundation

/// A rate that is multiplied by a factor every few steps: rate · factor^⌊t / every⌋.
///
/// - Same as: PyTorch's `StepLR`.
public struct StepDecay: RateSchedule {
    private let start: Double
    private let every: Int
    private let factor: Double

    /// Makes a schedule.
    ///
    /// - Precondition: `every` is positive.
    public init(from rate: Double, every: Int, factor: Double = 0.1) {
        precondition(every > 0, "StepDecay: every must be positive, got \(every)")
        (start, self.every, self.factor) = (rate, every, factor)
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double { start * pow(factor, Double(step / every)) }
}

/// A rate that is multiplied by a factor at each milestone; the step of that number has it already.
///
/// - Same as: PyTorch's `MultiStepLR`; a milestone that stands twice counts twice.
public struct MultiStepDecay: RateSchedule {
    private let start: Double
    private let milestones: [Int]
    private let factor: Double

    /// Makes a schedule.
    public init(from rate: Double, milestones: [Int], factor: Double = 0.1) {
        (start, self.milestones, self.factor) = (rate, milestones, factor)
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double {
        start * pow(factor, Double(milestones.count { $0 <= step }))
    }
}

/// Rates for stretches of steps: `rates[i]` before step `boundaries[i]`, the last one afterwards.
///
/// - Same as: PyTorch's `ConstantLR` with two rates; Keras' `PiecewiseConstantDecay`, whose
///   boundaries still have the rate before them and so are one less.
public struct PiecewiseRate: RateSchedule {
    private let rates: [Double]
    private let boundaries: [Int]

    /// Makes a schedule.
    ///
    /// - Precondition: there is one more rate than boundaries, which ascend.
    public init(_ rates: [Double], boundaries: [Int]) {
        precondition(
            rates.count == boundaries.count + 1,
            "PiecewiseRate: \(boundaries.count) boundaries need \(boundaries.count + 1) rates,"
                + " got \(rates.count)")
        precondition(
            zip(boundaries, boundaries.dropFirst()).allSatisfy { $0 < $1 },
            "PiecewiseRate: boundaries must ascend, got \(boundaries)")
        (self.rates, self.boundaries) = (rates, boundaries)
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double { rates[boundaries.count { $0 <= step }] }
}
