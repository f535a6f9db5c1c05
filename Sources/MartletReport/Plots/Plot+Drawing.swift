import Foundation

extension Plot {
    /// What the numbers of the vertical axis need at the left.
    package var leftMargin: Double {
        let ys = verticalAxis
        let widest = ys.ticks.map { StrokeFont.width(label($0, on: ys), size: 13) }.max() ?? 0
        return max(48, widest + 32)
    }

    /// The plot as a drawing; title and legend may be left to the place where the drawing goes.
    ///
    /// - Parameter margin: at least this much room at the left, so that plots below each other line
    ///   up.
    package func drawing(
        width: Double = 640, height: Double = 340, showsTitle: Bool = true, margin: Double = 0
    ) -> Drawing {
        var drawing = Drawing(title: title, width: width, height: height)
        if showsTitle { drawing.text(title, 16, 27, size: 16, .ink, isBold: true) }
        let (xs, ys) = (horizontalAxis, verticalAxis)
        let labels = ys.ticks.map { label($0, on: ys) }
        let frame = Frame(
            left: max(margin, leftMargin), right: width - 20, top: showsTitle ? 48 : 12,
            bottom: height - 50)
        if showsTitle { addLegend(to: &drawing, right: frame.right, y: 22) }
        for (tick, label) in zip(ys.ticks, labels) {
            let y = frame.y(ys.share(tick))
            drawing.line(DrawingPoint(frame.left, y), DrawingPoint(frame.right, y))
            drawing.text(label, frame.left - 10, y + 4.5, anchor: .end)
        }
        for tick in xs.ticks {
            drawing.text(
                xs.label(tick), frame.x(xs.share(tick)), frame.bottom + 21, anchor: .middle)
        }
        drawing.text(
            horizontalName, (frame.left + frame.right) / 2, height - 8, anchor: .middle)
        if isEmpty {
            drawing.text(
                "no values to show", (frame.left + frame.right) / 2,
                (frame.top + frame.bottom) / 2, anchor: .middle)
        }
        for (index, line) in series.enumerated() {
            add(line, index, to: &drawing, frame, xs, ys)
        }
        return drawing
    }

    /// The rectangle between the axes.
    private struct Frame {
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double

        func x(_ share: Double) -> Double { left + share * (right - left) }
        func y(_ share: Double) -> Double { bottom - share * (bottom - top) }
    }

    private func add(
        _ line: PlotSeries, _ index: Int, to drawing: inout Drawing, _ frame: Frame, _ xs: Axis,
        _ ys: Axis
    ) {
        let colour = PlotColour.series(index)
        for piece in pieces(line) {
            let places = piece.map { point in
                DrawingPoint(frame.x(xs.share(point.x)), frame.y(height(point.y, on: ys)))
            }
            if line.mark == .line, places.count > 1 {
                drawing.shapes.append(.path(places, colour: colour, width: 2.2))
            }
            let isAlone = places.count == 1
            guard line.mark == .dots || isAlone || line.points.count <= 60 else { continue }
            let radius = line.points.count <= 30 || isAlone ? 3.6 : 2.2
            for (place, point) in zip(places, piece) {
                let hint =
                    "\(horizontalName) \(String(format: "%g", point.x)), \(line.name): "
                    + exact(point.y)
                drawing.shapes.append(.dot(place, radius: radius, colour: colour, hint: hint))
            }
        }
    }

    /// Names of the curves from the right edge, each behind its colour.
    private func addLegend(to drawing: inout Drawing, right: Double, y: Double) {
        guard series.count > 1 else { return }
        var x = right
        for (index, line) in series.enumerated().reversed() {
            x -= StrokeFont.width(line.name, size: 13)
            drawing.text(line.name, x, y + 4.5)
            x -= 24
            switch line.mark {
            case .line:
                drawing.line(
                    DrawingPoint(x, y), DrawingPoint(x + 16, y), .series(index), width: 2.6)
            case .dots:
                drawing.shapes.append(
                    .dot(
                        DrawingPoint(x + 10, y), radius: 3.6, colour: .series(index), hint: nil))
            }
            x -= 18
        }
    }
}
