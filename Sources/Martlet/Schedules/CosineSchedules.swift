import Foundation

/// A rate that falls along half a wave: end + (start − end) · (1 + cos(π t / steps)) / 2.
///
/// - Same as: PyTorch's `CosineAnnealingLR`, which rises again after `steps`; Keras' `CosineDecay`,
///   which stays at its end (`afterwards: .stays`) and gives that end as a share of the start.
/// - Source: Loshchilov & Hutter, arXiv:1608.03983.
public struct CosineDecay: RateSchedule {
    /// What follows the lowest point.
    public enum Afterwards: Hashable, Sendable {
        /// The wave goes on, up and down.
        case rises
        /// The rate stays.
        case stays
    }

    private let start: Double
    private let end: Double
    private let steps: Int
    private let afterwards: Afterwards

    /// Makes a schedule.
    ///
    /// - Precondition: `steps` is positive.
    public init(
        from start: Double, to end: Double = 0, steps: Int, afterwards: Afterwards = .rises
    ) {
        precondition(steps > 0, "CosineDecay: steps must be positive, got \(steps)")
        (self.start, self.end, self.steps) = (start, end, steps)
        self.afterwards = afterwards
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double {
        let time = afterwards == .stays ? min(step, steps) : step
        return cosine(from: start, to: end, Double(time) / Double(steps))
    }
}

/// Half waves that start anew, each `factor` times as long as the one before.
///
/// - Same as: PyTorch's `CosineAnnealingWarmRestarts`.
/// - Source: Loshchilov & Hutter, arXiv:1608.03983.
public struct CosineRestarts: RateSchedule {
    private let start: Double
    private let end: Double
    private let steps: Int
    private let factor: Int

    /// Makes a schedule whose first wave has `steps` steps.
    ///
    /// - Precondition: `steps` and `factor` are positive.
    public init(from start: Double, to end: Double = 0, steps: Int, factor: Int = 1) {
        precondition(
            steps > 0 && factor > 0,
            "CosineRestarts: steps and factor must be positive, got \(steps) and \(factor)")
        (self.start, self.end, self.steps, self.factor) = (start, end, steps, factor)
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double {
        var (time, length) = (step, steps)
        if factor == 1 { time %= length }
        while time >= length {
            time -= length
            length *= factor
        }
        return cosine(from: start, to: end, Double(time) / Double(length))
    }
}

/// The point `share` of half a wave from one number down or up to another.
func cosine(from start: Double, to end: Double, _ share: Double) -> Double {
    end + (start - end) * (1 + cos(.pi * share)) / 2
}
