import Foundation
import MartletGraph

extension GraphGrower {
    private func count(_ x: Value, _ axes: [Int]) -> Double {
        Double(axes.reduce(1) { $0 * shape(x)[$1] })
    }

    /// A float, or sometimes a whole number.
    private func numbers() -> Value {
        let whole = flip(0.25) ? pick { type($0).dtype.isInteger } : nil
        return whole ?? float()
    }

    func growReduce() {
        let kind = choose(Reduction.allCases)
        let x = numbers()
        let axes = flip(0.05) ? [] : self.axes(of: x)
        let count = self.count(x, axes)
        let isWhole = type(x).dtype.isInteger
        let known = bounds[x.index]
        switch kind {
        case .max, .min: _ = add(.reduce(kind, axes: axes), [x], known)
        case .sum where builder.graph[x].op.name.hasPrefix("standardize"):
            return  // What was centred sums up to nothing but rounding.
        case .sum: _ = add(.reduce(.sum, axes: axes), [x], sum(of: known, count, isWhole))
        case .product:
            if isWhole {
                let high = pow(known.magnitude, count)
                let low = known.low >= 0 ? 0 : -high
                _ = add(.reduce(.product, axes: axes), [x], Bounds(low, max(high, 1)))
            } else if let base = positive(x) {
                let factor = bounds[base.index]
                let high = pow(factor.high, count)
                _ = add(
                    .reduce(.product, axes: axes), [base],
                    Bounds(
                        pow(factor.low, count) * 0.99, high * 1.01,
                        error: high * (factor.error * count.squareRoot() + 1e-6)))
            }
        }
    }

    /// The bounds of a sum of `count` elements; errors are taken to be independent.
    private func sum(of known: Bounds, _ count: Double, _ isWhole: Bool) -> Bounds {
        let low = min(known.low, known.low * count)
        let high = max(known.high, known.high * count)
        let root = count.squareRoot()
        return Bounds(
            low, high,
            error: isWhole ? 0 : known.error * root + 1e-7 * root * min(known.magnitude, 10))
    }

    func growArgReduce() {
        let x =
            pick {
                type($0).dtype != .bool && !shape($0).isEmpty && bounds[$0.index].isExact
            } ?? source(TensorType(.int64, shape(rank: 1...4)), -5...5)
        let axis = integer(0...shape(x).count - 1)
        _ = add(
            .argReduce(choose(ArgReduction.allCases), axis: axis), [x],
            Bounds(0, Double(shape(x)[axis] - 1)))
    }

    func growCumulativeSum() {
        let x = numbers()
        guard !shape(x).isEmpty else { return }
        let axis = integer(0...shape(x).count - 1)
        _ = add(
            .cumulativeSum(axis: axis, reverse: flip(0.5)), [x],
            sum(of: bounds[x.index], count(x, [axis]), type(x).dtype.isInteger))
    }

    func growSoftmax() {
        guard let x = tame(float { !shape($0).isEmpty }, 20), !shape(x).isEmpty else { return }
        let axis = integer(0...shape(x).count - 1)
        let known = bounds[x.index]
        if flip(0.5) {
            _ = add(.softmax(axis: axis), [x], Bounds(0, 1, error: known.error + 1e-6))
        } else {
            let low = -2 * known.magnitude - log(count(x, [axis])) - 0.001
            _ = add(.logSoftmax(axis: axis), [x], Bounds(low, 0.001, error: known.error * 2 + 2e-6))
        }
    }

    func growStandardize() {
        let isGradient = flip(0.5)
        let any =
            isGradient
            ? source(TensorType(floatType(), [integer(2...7), integer(2...7), integer(2...7)]))
            : float { !shape($0).isEmpty }
        guard let x = tame(any, 10), !shape(x).isEmpty else { return }
        let axes = self.axes(of: x)
        let known = bounds[x.index]
        let count = self.count(x, axes)
        // Fresh random numbers spread well; the variance of others may be anything but about 0.
        let isSpread = isFresh(x) && count >= 8 && known.magnitude >= 1
        guard isSpread || (count >= 3 && !isFlat[x.index]) else { return }
        let epsilon = choose(isSpread ? [1e-5, 1e-3] : [1e-2, 0.1])
        let slope = isSpread ? 8 : 1 / epsilon.squareRoot()
        let error = (known.error + 1e-7) * slope * 2
        let root = count.squareRoot()
        if !isGradient {
            _ = add(
                .standardize(axes: axes, epsilon: epsilon), [x],
                Bounds(-root, root, error: error + 1e-6))
            return
        }
        // With few or equal elements the terms of the gradient cancel, and rounding is all that is left.
        guard isSpread else { return }
        let partner =
            pick {
                type($0) == type(x) && $0 != x && isFresh($0) && bounds[$0.index].magnitude <= 2
            }
            ?? source(type(x), -1...1)
        let other = bounds[partner.index]
        // The three terms of the gradient are each at most about as large as dy times the slope.
        let high = 4 * slope * other.magnitude * max(1, root / 4)
        _ = add(
            .standardizeGradient(axes: axes, epsilon: epsilon), [x, partner],
            Bounds(
                -high, high,
                error: slope * (3 * other.error + 4 * other.magnitude * error) + 1e-6))
    }

    /// True for numbers that come from outside at every run.
    private func isFresh(_ x: Value) -> Bool {
        switch builder.graph[x].op {
        case .input, .constant: !isFlat[x.index]
        default: false
        }
    }
}
