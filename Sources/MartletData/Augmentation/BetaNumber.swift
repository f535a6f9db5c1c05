import Foundation

extension RandomStream {
    /// A number of the distribution Beta(alpha, alpha), 0 … 1.
    ///
    /// The share of one of two gamma numbers in their sum, by their logarithms so that small `alpha`
    /// does not underflow.
    mutating func beta(_ alpha: Double) -> Double {
        let difference = logGamma(shape: alpha) - logGamma(shape: alpha)
        return 1 / (1 + exp(difference))
    }

    /// The logarithm of a number of the distribution Gamma(shape, 1).
    ///
    /// - Source: Marsaglia, Tsang, "A simple method for generating gamma variables", 2000.
    mutating func logGamma(shape: Double) -> Double {
        if shape < 1 { return logGamma(shape: shape + 1) + log(1 - unit()) / shape }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            if log(1 - unit()) < 0.5 * x * x + d * (1 - v + log(v)) { return log(d * v) }
        }
    }

    /// A normal number, by Box and Muller's method.
    mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }
}
