import Foundation

/// Curves over epochs as an SVG picture that follows the page's colours.
struct LineChart {
    /// One curve; its colour is the page's `--series-1`, `--series-2` … in the order of the list.
    struct Series {
        var name: String
        /// Points with growing `x`; values that are not finite are left out.
        var points: [(x: Double, y: Double)]
    }

    var title: String
    var series: [Series]
    /// The values that the vertical axis always shows.
    var include: [Double] = []
    /// How a value is written on the axis and in the hint over a point.
    var format: (Double) -> String

    private let width = 560.0
    private let height = 300.0
    private let left = 64.0
    private let right = 16.0
    private let top = 16.0
    private let bottom = 52.0

    /// The whole figure with its title and legend.
    var html: String {
        let legend = series.enumerated().map { index, line in
            "<span class=\"key\"><i style=\"background:var(--series-\(index + 1))\"></i>"
                + "\(escaped(line.name))</span>"
        }.joined()
        return """
            <figure class="card">
            <figcaption><h2>\(escaped(title))</h2><span class="legend">\(legend)</span></figcaption>
            \(svg)
            </figure>
            """
    }

    private var svg: String {
        let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        let xs = Axis(values: points.map(\.x), wholeNumbers: true)
        let ys = Axis(values: points.map(\.y) + include, wholeNumbers: false)
        var parts: [String] = []
        for tick in ys.ticks {
            let y = vertical(tick, ys)
            parts.append(
                "<line class=\"grid\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(y)\" "
                    + "y2=\"\(y)\"/><text x=\"\(left - 8)\" y=\"\(y + 4)\" text-anchor=\"end\">"
                    + "\(escaped(format(tick)))</text>")
        }
        for tick in xs.ticks {
            parts.append(
                "<text x=\"\(horizontal(tick, xs))\" y=\"\(height - bottom + 20)\" "
                    + "text-anchor=\"middle\">\(String(format: "%.0f", tick))</text>")
        }
        parts.append(
            "<text x=\"\((left + width - right) / 2)\" y=\"\(height - 4)\" "
                + "text-anchor=\"middle\">epoch</text>")
        for (index, line) in series.enumerated() { parts.append(curve(line, index, xs, ys)) }
        return "<svg viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
            + "aria-label=\"\(escaped(title))\">\(parts.joined(separator: "\n"))</svg>"
    }

    private func curve(_ line: Series, _ index: Int, _ xs: Axis, _ ys: Axis) -> String {
        let colour = "var(--series-\(index + 1))"
        let places = line.points.filter { $0.x.isFinite && $0.y.isFinite }.map { point in
            (x: horizontal(point.x, xs), y: vertical(point.y, ys), point: point)
        }
        let path = places.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        let dots = places.map { place in
            "<circle cx=\"\(place.x)\" cy=\"\(place.y)\" r=\"\(places.count > 25 ? 2 : 3.5)\" fill=\"\(colour)\"><title>"
                + "epoch \(String(format: "%.0f", place.point.x)), \(escaped(line.name)): "
                + "\(escaped(format(place.point.y)))</title></circle>"
        }.joined()
        return "<polyline points=\"\(path)\" stroke=\"\(colour)\"/>\(dots)"
    }

    private func horizontal(_ x: Double, _ axis: Axis) -> Double {
        rounded(left + axis.share(x) * (width - left - right))
    }

    private func vertical(_ y: Double, _ axis: Axis) -> Double {
        rounded(height - bottom - axis.share(y) * (height - top - bottom))
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// A range of values with round numbers to mark on it.
package struct Axis {
    package let low: Double
    package let high: Double
    package let ticks: [Double]

    /// Spans `values`, widened to round numbers unless they are `wholeNumbers` such as epochs.
    package init(values: [Double], wholeNumbers: Bool) {
        let smallest = values.min() ?? 0
        let largest = values.max() ?? 1
        let span = largest > smallest ? largest - smallest : 1
        var step = pow(10, floor(log10(span / 4)))
        for factor in [1.0, 2, 5, 10] where span / (step * factor) <= 6 {
            step *= factor
            break
        }
        if wholeNumbers { step = max(1, step.rounded()) }
        low = wholeNumbers ? smallest : floor(smallest / step) * step
        high =
            wholeNumbers ? max(largest, smallest + 1) : max(ceil(largest / step) * step, low + step)
        let first = ceil(low / step)
        let last = floor(high / step + 1e-9)
        ticks = Array(stride(from: first, through: last, by: 1)).map { $0 * step }
    }

    /// Where `value` lies between `low` (0) and `high` (1).
    func share(_ value: Double) -> Double { (value - low) / (high - low) }
}
