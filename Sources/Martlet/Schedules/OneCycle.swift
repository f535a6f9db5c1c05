/// A rate that rises to a maximum and falls far below its start, while the momentum does the opposite.
///
/// The momentum reaches the plan for an optimizer with `withMomentumInput()`.
///
/// - Same as: PyTorch's `OneCycleLR`.
/// - Source: Smith & Topin, arXiv:1708.07120.
public struct OneCycle: RateSchedule {
    /// The form of the lines between turning points.
    public enum Shape: Hashable, Sendable {
        /// Half a wave.
        case cosine
        /// A straight line.
        case linear
    }

    private struct Phase {
        var end: Double
        var rates: (Double, Double)
        var momentums: (Double, Double)
    }

    private let phases: [Phase]
    private let shape: Shape
    private let cyclesMomentum: Bool

    /// Makes a schedule; later steps than the last have the last rate.
    ///
    /// - Parameters:
    ///   - maximum: The rate at the top.
    ///   - steps: The number of all steps.
    ///   - rise: The share of the steps before the top.
    ///   - startDivisor: What the maximum is divided by for the first rate.
    ///   - endDivisor: What the first rate is divided by for the last one.
    ///   - momentum: The lowest, at the top, and the highest; `nil` to leave it alone.
    ///   - shape: The curve between the lowest and the highest rate.
    ///   - threePhases: Whether the rate first falls to the start as it rose, and then to the end.
    /// - Precondition: `steps` is above 1, `rise` is from 0 to 1, the divisors are positive.
    public init(
        maximum: Double, steps: Int, rise: Double = 0.3, startDivisor: Double = 25,
        endDivisor: Double = 10_000, momentum: ClosedRange<Double>? = 0.85...0.95,
        shape: Shape = .cosine, threePhases: Bool = false
    ) {
        precondition(steps > 1, "OneCycle: steps must be above 1, got \(steps)")
        precondition((0...1).contains(rise), "OneCycle: rise must be from 0 to 1, got \(rise)")
        precondition(
            startDivisor > 0 && endDivisor > 0,
            "OneCycle: divisors must be positive, got \(startDivisor) and \(endDivisor)")
        let start = maximum / startDivisor
        let (low, high) = (momentum?.lowerBound ?? 0, momentum?.upperBound ?? 0)
        let top = rise * Double(steps) - 1
        let last = Double(steps - 1)
        var phases = [Phase(end: top, rates: (start, maximum), momentums: (high, low))]
        if threePhases {
            phases.append(
                Phase(end: 2 * top, rates: (maximum, start), momentums: (low, high)))
            phases.append(
                Phase(end: last, rates: (start, start / endDivisor), momentums: (high, high)))
        } else {
            phases.append(
                Phase(end: last, rates: (maximum, start / endDivisor), momentums: (low, high)))
        }
        (self.phases, self.shape, cyclesMomentum) = (phases, shape, momentum != nil)
    }

    /// The rate of a step.
    public func rate(at step: Int) -> Double {
        let (phase, share) = place(step)
        return value(phase.rates, share)
    }

    /// The momentum of a step.
    public func momentum(at step: Int) -> Double? {
        let (phase, share) = place(step)
        return cyclesMomentum ? value(phase.momentums, share) : nil
    }

    /// The phase of a step and the share of it that has passed.
    private func place(_ step: Int) -> (Phase, Double) {
        var start = 0.0
        let last = phases[phases.count - 1]
        let step = min(Double(step), last.end)
        for phase in phases {
            if step <= phase.end {
                return (phase, phase.end > start ? (step - start) / (phase.end - start) : 1)
            }
            start = phase.end
        }
        return (last, 1)
    }

    private func value(_ ends: (Double, Double), _ share: Double) -> Double {
        switch shape {
        case .cosine: cosine(from: ends.0, to: ends.1, share)
        case .linear: ends.0 + (ends.1 - ends.0) * share
        }
    }
}
