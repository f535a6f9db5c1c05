import Foundation

/// One value of a curve.
public struct PlotPoint: Sendable, Hashable {
    public var x: Double
    public var y: Double

    /// Puts two numbers together.
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

/// One curve or cloud of a plot.
public struct PlotSeries: Sendable, Hashable {
    /// How the points are shown.
    public enum Mark: Sendable, Hashable {
        /// Joined by lines, with dots while there are few.
        case line
        /// Dots alone.
        case dots
    }

    /// The name in the legend.
    public var name: String
    /// The points in the order in which they are joined; values that are not finite break the line.
    public var points: [PlotPoint]
    public var mark: Mark

    /// Collects points.
    public init(name: String, points: [PlotPoint], mark: Mark = .line) {
        (self.name, self.points, self.mark) = (name, points, mark)
    }
}

/// Curves over a common axis, with a title, round numbers at the axes and a legend.
public struct Plot: Sendable, Hashable {
    /// How the numbers of the vertical axis are written.
    public enum Format: Sendable, Hashable {
        /// As they are.
        case number
        /// Shares 0 … 1 as percentages.
        case percent
    }

    public var title: String
    /// What runs along the horizontal axis.
    public var horizontalName: String
    public var series: [PlotSeries]
    /// Values that the vertical axis always shows.
    public var include: [Double]
    public var format: Format
    public var scale: PlotScale
    /// True when the horizontal axis counts something.
    public var countsHorizontally: Bool

    /// Collects the parts of a plot.
    public init(
        title: String, horizontalName: String = "epoch", series: [PlotSeries],
        include: [Double] = [], format: Format = .number, scale: PlotScale = .linear,
        countsHorizontally: Bool = true
    ) {
        (self.title, self.horizontalName, self.series) = (title, horizontalName, series)
        (self.include, self.format, self.scale) = (include, format, scale)
        self.countsHorizontally = countsHorizontally
    }

    /// True when there is nothing that can be shown.
    package var isEmpty: Bool { !series.contains { $0.points.contains(where: holds) } }

    /// The horizontal axis over all points that can be shown.
    package var horizontalAxis: Axis {
        Axis(values: shown.map(\.x), wholeNumbers: countsHorizontally)
    }

    /// The vertical axis over all points that can be shown.
    package var verticalAxis: Axis {
        let factor = format == .percent ? 100.0 : 1
        return Axis(values: (shown.map(\.y) + include).map { $0 * factor }, scale: scale)
    }

    /// The height of a value on the vertical axis, 0 … 1.
    package func height(_ value: Double, on axis: Axis) -> Double {
        axis.share(format == .percent ? value * 100 : value)
    }

    /// A tick of the vertical axis as text.
    package func label(_ tick: Double, on axis: Axis) -> String {
        axis.label(tick) + (format == .percent ? "%" : "")
    }

    /// A value as a hint shows it.
    func exact(_ value: Double) -> String {
        format == .percent
            ? NumberText.percent(value) : String(format: "%.4g", value)
    }

    /// The last value of a curve as a legend shows it, also when it is no number.
    func lastText(_ line: PlotSeries) -> String? {
        guard let value = line.points.last?.y else { return nil }
        if !value.isFinite || format == .percent || abs(value) < 0.001 {
            return value.isFinite ? exact(value) : NumberText.loss(value)
        }
        if abs(value) < 10 { return String(format: "%.4f", value) }
        return abs(value) < 1000
            ? String(format: "%.1f", value)
            : abs(value) < 1e15 ? Int(value.rounded()).grouped : exact(value)
    }

    /// The parts of a curve between values that cannot be shown.
    package func pieces(_ line: PlotSeries) -> [[PlotPoint]] {
        line.points.split { !holds($0) }.map(Array.init)
    }

    private var shown: [PlotPoint] { series.flatMap(\.points).filter(holds) }

    private func holds(_ point: PlotPoint) -> Bool {
        Axis.holds(point.x) && Axis.holds(point.y, scale)
    }
}
