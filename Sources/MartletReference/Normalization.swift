import Foundation
import MartletGraph

extension Interpreter {
    /// exp(x) over its sum along `axis`, or the logarithm of that, without overflow.
    ///
    /// A row with NaN or +∞ becomes NaN, and so does a row of nothing but −∞.
    static func softmax<Scalar: Real>(
        _ x: HostTensor, axis: Int, logarithm: Bool, of: Scalar.Type
    ) -> HostTensor {
        let view = AxisView(x.type.shape, axis: axis)
        return HostTensor(x.type, of: of) { y in
            x.withUnsafeScalars(as: of) { x in
                for outer in 0..<view.outer {
                    for inner in 0..<view.inner {
                        let start = outer * view.length * view.inner + inner
                        let places = stride(
                            from: start, to: start + view.length * view.inner, by: view.inner)
                        var largest = -Double.infinity
                        for place in places { largest = .larger(largest, x[place].wide) }
                        var sum = 0.0
                        for place in places { sum += exp(x[place].wide - largest) }
                        for place in places {
                            let shifted = x[place].wide - largest
                            y[place] = Scalar(
                                narrowing: logarithm ? shifted - log(sum) : exp(shifted) / sum)
                        }
                    }
                }
            }
        }
    }

    /// (x − mean) / √(variance + ε) over `axes`, with the biased variance.
    static func standardize<Scalar: Real>(
        _ x: HostTensor, axes: [Int], epsilon: Double, of: Scalar.Type
    ) -> HostTensor {
        let moments = Moments(x, axes: axes, epsilon: epsilon, of: of)
        return HostTensor(x.type, of: of) { y in
            x.withUnsafeScalars(as: of) { x in
                moments.walk.forEach { index, group in
                    y[index] = Scalar(narrowing: moments.standardized(x[index].wide, group))
                }
            }
        }
    }

    /// (dy − mean(dy) − y · mean(dy · y)) / √(variance + ε), where y is the standardized x.
    static func standardizeGradient<Scalar: Real>(
        _ x: HostTensor, _ dy: HostTensor, axes: [Int], epsilon: Double, of: Scalar.Type
    ) -> HostTensor {
        let moments = Moments(x, axes: axes, epsilon: epsilon, of: of)
        let zeros = [Double](repeating: 0, count: moments.means.count)
        var (plain, weighted) = (zeros, zeros)
        return HostTensor(x.type, of: of) { dx in
            HostTensor.read(x, dy, as: (of, of)) { x, dy in
                moments.walk.forEach { index, group in
                    let y = moments.standardized(x[index].wide, group)
                    plain[group] += dy[index].wide / moments.count
                    weighted[group] += dy[index].wide * y / moments.count
                }
                moments.walk.forEach { index, group in
                    let y = moments.standardized(x[index].wide, group)
                    let centred = dy[index].wide - plain[group] - y * weighted[group]
                    dx[index] = Scalar(narrowing: centred * moments.scales[group])
                }
            }
        }
    }
}

/// The mean and 1 / √(variance + ε) of each group of elements that standardize together.
private struct Moments {
    /// Goes through the elements; the place is the number of the element's group.
    var walk: StridedWalk
    /// The number of elements in each group.
    var count: Double
    var means: [Double]
    var scales: [Double]

    init<Scalar: Real>(_ x: HostTensor, axes: [Int], epsilon: Double, of: Scalar.Type) {
        let (shape, walk) = (x.type.shape, StridedWalk(over: x.type.shape, folding: axes))
        let count = Double(axes.reduce(1) { $0 * shape[$1] })
        let groups = shape.indices.reduce(1) { axes.contains($1) ? $0 : $0 * shape[$1] }
        var means = [Double](repeating: 0, count: groups)
        var variances = means
        x.withUnsafeScalars(as: Scalar.self) { x in
            walk.forEach { means[$1] += x[$0].wide }
            for group in means.indices { means[group] /= count }
            walk.forEach { index, group in
                let distance = x[index].wide - means[group]
                variances[group] += distance * distance
            }
        }
        (self.walk, self.count, self.means) = (walk, count, means)
        scales = variances.map { 1 / ($0 / count + epsilon).squareRoot() }
    }

    @inline(__always)
    func standardized(_ x: Double, _ group: Int) -> Double { (x - means[group]) * scales[group] }
}
