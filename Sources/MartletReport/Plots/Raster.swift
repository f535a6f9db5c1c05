import Foundation
import MartletFormats

/// Draws with smooth edges into pixels.
///
/// Each shape is a set of distances: a pixel is covered as far as its middle lies inside the shape's
/// edge, from half a pixel outside (not at all) to half a pixel inside (whole).
struct Raster {
    private let width: Int
    private let height: Int
    private let scale: Double
    private let theme: PlotTheme
    private var samples: [UInt8]
    /// How far the shape in hand covers each pixel; 0 between shapes.
    private var cover: [Float]
    private var touched: (x: ClosedRange<Int>, y: ClosedRange<Int>)?

    /// The drawing as an RGB picture; `scale` is the number of pixels for one of the drawing's.
    static func picture(_ drawing: Drawing, theme: PlotTheme, scale: Double) -> Picture {
        var raster = Raster(drawing, theme: theme, scale: scale)
        for shape in drawing.shapes { raster.draw(shape) }
        return Picture(
            width: raster.width, height: raster.height, channels: 3, samples: raster.samples)
    }

    private init(_ drawing: Drawing, theme: PlotTheme, scale: Double) {
        self.scale = min(8, max(0.25, scale))
        width = max(1, Int((drawing.width * self.scale).rounded()))
        height = max(1, Int((drawing.height * self.scale).rounded()))
        self.theme = theme
        let ground = theme.paint(.ground).rgb
        samples = Picture(width: width, height: height, filledWith: Self.parts(ground)).samples
        cover = [Float](repeating: 0, count: width * height)
    }

    private mutating func draw(_ shape: Drawing.Shape) {
        switch shape {
        case .path(let points, let colour, let width):
            coverPath(points.map(scaled), radius: width * scale / 2)
            blend(colour)
        case .dot(let center, let radius, let colour, _):
            coverPath([scaled(center)], radius: radius * scale)
            blend(colour)
        case .area(let corner, let width, let height, let radius, let colour, _):
            coverArea(
                scaled(corner), width: width * scale, height: height * scale,
                radius: radius * scale)
            blend(colour)
        case .text(
            let text, let place, let size, let anchor, let colour, let isBold, let isTurned):
            let strokes = StrokeFont.strokes(
                text, at: place, size: size, anchor: anchor, isTurned: isTurned)
            let radius = max(0.5, size * scale * (isBold ? 0.058 : 0.038))
            for stroke in strokes { coverPath(stroke.map(scaled), radius: radius) }
            blend(colour)
        case .picture(let picture, let corner, let width, let height):
            copy(picture, scaled(corner), width: width * scale, height: height * scale)
        }
    }

    private func scaled(_ point: DrawingPoint) -> DrawingPoint {
        DrawingPoint(point.x * scale, point.y * scale)
    }

    /// Covers what lies within `radius` of the line through `points`.
    private mutating func coverPath(_ points: [DrawingPoint], radius: Double) {
        guard let first = points.first else { return }
        let ends = points.count == 1 ? [first, first] : points
        for (from, to) in zip(ends, ends.dropFirst()) {
            let (dx, dy) = (to.x - from.x, to.y - from.y)
            let length = dx * dx + dy * dy
            visit(
                min(from.x, to.x) - radius, max(from.x, to.x) + radius,
                min(from.y, to.y) - radius, max(from.y, to.y) + radius
            ) { x, y in
                let along =
                    length == 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length
                let part = min(1, max(0, along))
                return radius - hypot(x - from.x - part * dx, y - from.y - part * dy)
            }
        }
    }

    /// Covers a rectangle with round corners.
    private mutating func coverArea(
        _ corner: DrawingPoint, width: Double, height: Double, radius: Double
    ) {
        let round = min(radius, width / 2, height / 2)
        let (middleX, middleY) = (corner.x + width / 2, corner.y + height / 2)
        visit(corner.x, corner.x + width, corner.y, corner.y + height) { x, y in
            let outX = abs(x - middleX) - width / 2 + round
            let outY = abs(y - middleY) - height / 2 + round
            return round - hypot(max(0, outX), max(0, outY)) - min(0, max(outX, outY))
        }
    }

    /// Covers pixels of a rectangle by their depth inside a shape, in pixels.
    private mutating func visit(
        _ left: Double, _ right: Double, _ top: Double, _ bottom: Double,
        depth: (Double, Double) -> Double
    ) {
        guard left.isFinite, right.isFinite, top.isFinite, bottom.isFinite else { return }
        let columns = Self.range(left, right, width)
        let rows = Self.range(top, bottom, height)
        guard let columns, let rows else { return }
        for row in rows {
            for column in columns {
                let value = depth(Double(column) + 0.5, Double(row) + 0.5) + 0.5
                let share = Float(min(1, max(0, value)))
                let index = row * width + column
                cover[index] = max(cover[index], share)
            }
        }
        if let old = touched {
            touched = (
                min(
                    old.x.lowerBound, columns.lowerBound)...max(
                        old.x.upperBound, columns.upperBound),
                min(old.y.lowerBound, rows.lowerBound)...max(old.y.upperBound, rows.upperBound)
            )
        } else {
            touched = (columns, rows)
        }
    }

    private static func range(_ low: Double, _ high: Double, _ count: Int) -> ClosedRange<Int>? {
        let first = max(0, floor(low) - 1)
        let last = min(Double(count - 1), ceil(high) + 1)
        return first <= last ? Int(first)...Int(last) : nil
    }

    /// Puts a colour where the shape covers, and forgets the shape.
    private mutating func blend(_ colour: PlotColour) {
        guard let area = touched else { return }
        touched = nil
        let (rgb, opacity) = theme.paint(colour)
        let parts = Self.parts(rgb).map(Float.init)
        for row in area.y {
            for column in area.x {
                let index = row * width + column
                let share = cover[index] * Float(opacity)
                cover[index] = 0
                if share == 0 { continue }
                for channel in 0..<3 {
                    let old = Float(samples[3 * index + channel])
                    samples[3 * index + channel] = UInt8(
                        clamping: Int((old + (parts[channel] - old) * share).rounded()))
                }
            }
        }
    }

    /// Shows a picture with square pixels.
    private mutating func copy(
        _ picture: Picture, _ corner: DrawingPoint, width: Double, height: Double
    ) {
        let source = picture.rgb()
        let (left, top) = (Int(corner.x.rounded()), Int(corner.y.rounded()))
        let (columns, rows) = (Int(width.rounded()), Int(height.rounded()))
        for row in 0..<max(0, rows) where (0..<self.height).contains(top + row) {
            for column in 0..<max(0, columns) where (0..<self.width).contains(left + column) {
                let from =
                    row * source.height / rows * source.width
                    + column * source.width / columns
                let to = (top + row) * self.width + left + column
                for channel in 0..<3 {
                    samples[3 * to + channel] = source.samples[3 * from + channel]
                }
            }
        }
    }

    private static func parts(_ rgb: UInt32) -> [UInt8] {
        [16, 8, 0].map { UInt8(truncatingIfNeeded: rgb >> $0) }
    }
}
