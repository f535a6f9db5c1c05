import Foundation

/// Numbers of which two together are nearly normal.
///
/// The table holds 4,096 quantiles of the normal distribution at equal steps, scaled so that their
/// variance is 1/2. The sum of two independent ones has mean 0 and variance 1, and values up to 5.2.
enum NormalTable {
    static let values: [Float] = {
        let count = 4096
        var quantiles = [Double](repeating: 0, count: count)
        for index in count / 2..<count {
            let quantile = normalQuantile((Double(index) + 0.5) / Double(count))
            quantiles[index] = quantile
            quantiles[count - 1 - index] = -quantile
        }
        let variance = quantiles.reduce(0) { $0 + $1 * $1 } / Double(count)
        return quantiles.map { Float($0 / (2 * variance).squareRoot()) }
    }()

    /// The number below which a normal number lies with the given probability, 0.5 ..< 1.
    private static func normalQuantile(_ probability: Double) -> Double {
        var (low, high) = (0.0, 10.0)
        // The upper tail erfc keeps its digits.
        while high - low > 1e-9 {
            let middle = (low + high) / 2
            if 0.5 * erfc(middle / 2.0.squareRoot()) > 1 - probability {
                low = middle
            } else {
                high = middle
            }
        }
        return (low + high) / 2
    }
}
