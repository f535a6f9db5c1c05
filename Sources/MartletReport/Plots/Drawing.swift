import MartletFormats

/// A point of a drawing, in pixels from the upper left corner.
package struct DrawingPoint: Sendable, Hashable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

/// Lines, areas, text and pictures in their order, the first at the bottom.
///
/// What a plot comes to before it is written as SVG or as pixels.
package struct Drawing: Sendable {
    /// Where text stands against its point.
    package enum Anchor: String, Sendable { case start, middle, end }

    /// One thing that is drawn; `hint` is text that a page shows under the pointer.
    package enum Shape: Sendable {
        case path([DrawingPoint], colour: PlotColour, width: Double)
        case dot(DrawingPoint, radius: Double, colour: PlotColour, hint: String?)
        case area(
            DrawingPoint, width: Double, height: Double, radius: Double, colour: PlotColour,
            hint: String?)
        case text(
            String, DrawingPoint, size: Double, anchor: Anchor, colour: PlotColour, isBold: Bool,
            isTurned: Bool)
        case picture(Picture, DrawingPoint, width: Double, height: Double)
    }

    /// What the drawing shows, for people who cannot see it.
    package var title: String
    /// The size in pixels.
    package var width: Double, height: Double
    package var shapes: [Shape] = []

    package init(title: String, width: Double, height: Double) {
        (self.title, self.width, self.height) = (title, width, height)
    }

    mutating func line(
        _ from: DrawingPoint, _ to: DrawingPoint, _ colour: PlotColour = .line, width: Double = 1
    ) {
        shapes.append(.path([from, to], colour: colour, width: width))
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, size: Double = 13, anchor: Anchor = .start,
        _ colour: PlotColour = .soft, isBold: Bool = false, isTurned: Bool = false
    ) {
        shapes.append(
            .text(
                text, DrawingPoint(x, y), size: size, anchor: anchor, colour: colour,
                isBold: isBold, isTurned: isTurned))
    }

    /// Puts another drawing's shapes at a place of this one.
    package mutating func add(_ other: Drawing, x: Double, y: Double) {
        func moved(_ point: DrawingPoint) -> DrawingPoint {
            DrawingPoint(point.x + x, point.y + y)
        }
        shapes += other.shapes.map { shape in
            switch shape {
            case .path(let points, let colour, let width):
                .path(points.map(moved), colour: colour, width: width)
            case .dot(let center, let radius, let colour, let hint):
                .dot(moved(center), radius: radius, colour: colour, hint: hint)
            case .area(let corner, let width, let height, let radius, let colour, let hint):
                .area(
                    moved(corner), width: width, height: height, radius: radius, colour: colour,
                    hint: hint)
            case .text(
                let text, let place, let size, let anchor, let colour, let isBold, let isTurned):
                .text(
                    text, moved(place), size: size, anchor: anchor, colour: colour,
                    isBold: isBold, isTurned: isTurned)
            case .picture(let picture, let corner, let width, let height):
                .picture(picture, moved(corner), width: width, height: height)
            }
        }
    }
}
