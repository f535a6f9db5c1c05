import Foundation

/// How the numbers of an axis are spread.
public enum PlotScale: Sendable, Hashable {
    /// Equal differences are equally long.
    case linear
    /// Equal ratios are equally long; numbers that are not positive are left out.
    case logarithmic
}

/// A range of values with round numbers to mark on it.
package struct Axis: Sendable {
    package let low: Double
    package let high: Double
    package let ticks: [Double]
    private let scale: PlotScale
    private let step: Double

    /// Spans `values`, widened to round numbers unless they are `wholeNumbers` such as epochs.
    ///
    /// Values that are not finite, or too large to compute with, are left out; see `holds`.
    package init(values: [Double], wholeNumbers: Bool = false, scale: PlotScale = .linear) {
        let values = values.filter { Self.holds($0, scale) }
        let smallest = values.min() ?? (scale == .linear ? 0 : 1)
        let largest = values.max() ?? smallest + 1
        self.scale = scale
        if scale == .logarithmic {
            (low, high, ticks) = Self.powers(smallest, largest)
            step = 0
        } else if wholeNumbers {
            (low, high, step, ticks) = Self.wholes(smallest, largest)
        } else {
            (low, high, step, ticks) = Self.rounds(smallest, largest)
        }
    }

    /// True when a value can be shown.
    package static func holds(_ value: Double, _ scale: PlotScale = .linear) -> Bool {
        abs(value) < 1e300 && (scale == .linear || value > 1e-300)
    }

    /// Where `value` lies between `low` (0) and `high` (1).
    package func share(_ value: Double) -> Double {
        switch scale {
        case .linear: (value - low) / (high - low)
        case .logarithmic: log10(value / low) / log10(high / low)
        }
    }

    /// A tick's value as text; all ticks get the same number of decimals.
    package func label(_ tick: Double) -> String {
        guard scale == .linear else {
            let isSmall = low < 0.999e-3
            return Self.shortened(String(format: isSmall ? "%.0e" : "%g", tick))
        }
        let largest = max(abs(low), abs(high))
        if largest >= 1e6 || largest < 1e-4 {
            return tick == 0 ? "0" : Self.shortened(String(format: "%.3g", tick))
        }
        let decimals = max(0, -Int(floor(log10(step) + 1e-9)))
        return decimals == 0 && largest >= 1000
            ? Int(tick).grouped : String(format: "%.\(decimals)f", tick)
    }

    /// A power of ten without the sign and zeros that C writes, `2e6`.
    private static func shortened(_ text: String) -> String {
        guard let mark = text.firstIndex(of: "e"),
            let exponent = Int(text[text.index(after: mark)...])
        else { return text }
        return "\(text[..<mark])e\(exponent)"
    }

    private typealias Range = (low: Double, high: Double, step: Double, ticks: [Double])

    private static func rounds(_ smallest: Double, _ largest: Double) -> Range {
        // A single value stands in the middle.
        let isFlat = largest - smallest <= abs(largest) * 1e-9
        let margin = isFlat ? (largest == 0 ? 0.5 : abs(largest) / 2) : 0
        let (from, to) = (smallest - margin, largest + margin)
        let step = roundStep(to - from)
        let low = floor(from / step + 1e-9) * step
        let high = max(ceil(to / step - 1e-9) * step, low + step)
        return (low, high, step, marks(low, high, step))
    }

    private static func wholes(_ smallest: Double, _ largest: Double) -> Range {
        if largest == smallest { return (smallest - 0.5, largest + 0.5, 1, [smallest]) }
        let step = max(1, roundStep(largest - smallest).rounded())
        return (smallest, largest, step, marks(smallest, largest, step))
    }

    /// A number 1, 2 or 5 times a power of ten of which at most six span `span`.
    private static func roundStep(_ span: Double) -> Double {
        let power = pow(10, floor(log10(span / 4)))
        let factor = [1.0, 2, 5, 10].first { span / (power * $0) <= 6 } ?? 10
        return power * factor
    }

    private static func marks(_ low: Double, _ high: Double, _ step: Double) -> [Double] {
        let first = ceil(low / step - 1e-9)
        let count = Int(min(12, max(0, floor(high / step + 1e-9) - first)))
        return (0...count).map { (first + Double($0)) * step }
    }

    private static func powers(
        _ smallest: Double, _ largest: Double
    ) -> (low: Double, high: Double, ticks: [Double]) {
        let from = floor(log10(smallest) + 1e-9)
        let to = max(ceil(log10(largest) - 1e-9), from + 1)
        let every = max(1, Int(((to - from) / 6).rounded(.up)))
        let exponents = stride(from: Int(from), through: Int(to), by: every)
        let factors: [Double] = to - from < 2 ? [1, 2, 5] : [1]
        let ticks = exponents.flatMap { exponent in
            factors.map { $0 * pow(10, Double(exponent)) }
        }
        let high = pow(10, to)
        return (pow(10, from), high, ticks.filter { $0 <= high * 1.000001 })
    }
}
