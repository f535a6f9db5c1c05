/// A rate that shrinks when a number stops getting better; it remembers, so it can be saved.
///
///     var plateau = ReduceOnPlateau(from: 0.1, patience: 3)
///     step.optimizer.learningRate = Float(plateau.update(validationLoss))
///
/// - Same as: PyTorch's `ReduceLROnPlateau`; Keras' callback of the same name with `.absolute`, whose
///   patience is one more.
public struct ReduceOnPlateau: Codable, Hashable, Sendable {
    /// Which numbers are better.
    public enum Mode: String, Codable, Hashable, Sendable {
        case smallerIsBetter
        case largerIsBetter
    }

    /// How much better a number must be.
    public enum Threshold: Codable, Hashable, Sendable {
        /// By this share of the best.
        case relative(Double)
        /// By this much.
        case absolute(Double)
    }

    /// The rate now.
    public private(set) var rate: Double
    /// The best number so far.
    public private(set) var best: Double?
    private let mode: Mode
    private let factor: Double
    private let patience: Int
    private let threshold: Threshold
    private let cooldown: Int
    private let minimum: Double
    private let smallestChange: Double
    private var badCount = 0
    private var cooldownCount = 0

    /// Makes a schedule.
    ///
    /// - Parameters:
    ///   - rate: The rate at the start.
    ///   - mode: Whether smaller or larger numbers are better.
    ///   - factor: What the rate is multiplied by.
    ///   - patience: How many numbers in a row may be no better.
    ///   - threshold: How much better a number must be to count.
    ///   - cooldown: How many numbers after a change do not count.
    ///   - minimum: The lowest rate.
    ///   - smallestChange: Smaller changes of the rate are not made.
    /// - Precondition: `factor` is between 0 and 1.
    public init(
        from rate: Double, mode: Mode = .smallerIsBetter, factor: Double = 0.1,
        patience: Int = 10, threshold: Threshold = .relative(1e-4), cooldown: Int = 0,
        minimum: Double = 0, smallestChange: Double = 1e-8
    ) {
        precondition(
            factor > 0 && factor < 1,
            "ReduceOnPlateau: the factor must be between 0 and 1, got \(factor)")
        (self.rate, self.mode, self.factor, self.patience) = (rate, mode, factor, patience)
        (self.threshold, self.cooldown, self.minimum) = (threshold, cooldown, minimum)
        self.smallestChange = smallestChange
    }

    /// Takes a number, such as the loss of an epoch, and gives the rate from now on.
    ///
    /// NaN is no better than any number.
    @discardableResult
    public mutating func update(_ number: Double) -> Double {
        if isBetter(number) {
            best = number
            badCount = 0
        } else {
            badCount += 1
        }
        if cooldownCount > 0 {
            cooldownCount -= 1
            badCount = 0
        }
        if badCount > patience {
            let next = max(rate * factor, minimum)
            if rate - next > smallestChange { rate = next }
            cooldownCount = cooldown
            badCount = 0
        }
        return rate
    }

    private func isBetter(_ number: Double) -> Bool {
        guard let best else { return !number.isNaN }
        switch (mode, threshold) {
        case (.smallerIsBetter, .relative(let share)): return number < best * (1 - share)
        case (.smallerIsBetter, .absolute(let margin)): return number < best - margin
        case (.largerIsBetter, .relative(let share)): return number > best * (1 + share)
        case (.largerIsBetter, .absolute(let margin)): return number > best + margin
        }
    }
}
