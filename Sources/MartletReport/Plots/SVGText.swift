import Foundation
import MartletFormats

/// Writes drawings as SVG.
struct SVGText {
    /// The colours of a file of its own; `nil` for the page's variables, which follow light and dark.
    var theme: PlotTheme?

    /// A file that needs nothing else.
    func file(_ drawing: Drawing) -> String {
        let size = "width=\"\(number(drawing.width))\" height=\"\(number(drawing.height))\""
        let ground =
            "<rect width=\"100%\" height=\"100%\" \(paint("fill", .ground))/>"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) \(attributes(drawing)) \
            font-family="system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif">
            \(ground)
            \(body(drawing))
            </svg>

            """
    }

    /// An element for a page.
    func element(_ drawing: Drawing) -> String {
        "<svg \(attributes(drawing))>\n\(body(drawing))\n</svg>"
    }

    private func attributes(_ drawing: Drawing) -> String {
        "viewBox=\"0 0 \(number(drawing.width)) \(number(drawing.height))\" role=\"img\" "
            + "aria-label=\"\(escaped(drawing.title))\""
    }

    private func body(_ drawing: Drawing) -> String {
        drawing.shapes.map(element).joined(separator: "\n")
    }

    private func element(_ shape: Drawing.Shape) -> String {
        switch shape {
        case .path(let points, let colour, let width): path(points, colour, width)
        case .dot(let center, let radius, let colour, let hint):
            closed(
                "circle",
                "cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" r=\"\(number(radius))\" "
                    + paint("fill", colour), hint)
        case .area(let corner, let width, let height, let radius, let colour, let hint):
            closed(
                "rect",
                "x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" width=\"\(number(width))\" "
                    + "height=\"\(number(height))\""
                    + (radius > 0 ? " rx=\"\(number(radius))\"" : "") + " "
                    + paint("fill", colour), hint)
        case .text(
            let text, let place, let size, let anchor, let colour, let isBold, let isTurned):
            "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" "
                + "font-size=\"\(number(size))\""
                + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"")
                + (isBold ? " font-weight=\"600\"" : "")
                + (isTurned
                    ? " transform=\"rotate(-90 \(number(place.x)) \(number(place.y)))\"" : "")
                + " \(paint("fill", colour))>\(escaped(text))</text>"
        case .picture(let picture, let corner, let width, let height):
            "<image x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" "
                + "width=\"\(number(width))\" height=\"\(number(height))\" "
                + "style=\"image-rendering:pixelated\" href=\"\(picture.dataAddress)\"/>"
        }
    }

    private func path(_ points: [DrawingPoint], _ colour: PlotColour, _ width: Double) -> String {
        if points.count == 2 {
            return "<line x1=\"\(number(points[0].x))\" y1=\"\(number(points[0].y))\" "
                + "x2=\"\(number(points[1].x))\" y2=\"\(number(points[1].y))\" "
                + "stroke-width=\"\(number(width))\" \(paint("stroke", colour))/>"
        }
        let places = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        return "<polyline points=\"\(places)\" fill=\"none\" stroke-linejoin=\"round\" "
            + "stroke-linecap=\"round\" stroke-width=\"\(number(width))\" "
            + "\(paint("stroke", colour))/>"
    }

    private func closed(_ name: String, _ attributes: String, _ hint: String?) -> String {
        guard let hint else { return "<\(name) \(attributes)/>" }
        return "<\(name) \(attributes)><title>\(escaped(hint))</title></\(name)>"
    }

    private func paint(_ attribute: String, _ colour: PlotColour) -> String {
        guard let theme else {
            let (name, opacity) = Self.variable(colour)
            let strength = opacity < 1 ? ";\(attribute)-opacity:\(Self.share(opacity))" : ""
            return "style=\"\(attribute):var(--\(name))\(strength)\""
        }
        let (rgb, opacity) = theme.paint(colour)
        return "\(attribute)=\"#\(String(format: "%06x", rgb))\""
            + (opacity < 1 ? " \(attribute)-opacity=\"\(Self.share(opacity))\"" : "")
    }

    private static func variable(_ colour: PlotColour) -> (name: String, opacity: Double) {
        switch colour {
        case .ground: ("card", 1)
        case .ink: ("ink", 1)
        case .soft: ("soft", 1)
        case .line: ("line", 1)
        case .series(let number): ("series-\(abs(number) % PlotColour.seriesCount + 1)", 1)
        case .right(let share): ("series-1", min(1, max(0, share)))
        case .wrong(let share): ("wrong", min(1, max(0, share)))
        }
    }

    private static func share(_ value: Double) -> String { String(format: "%.2f", value) }

    /// At most one decimal.
    private func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        return tenths.truncatingRemainder(dividingBy: 10) == 0
            ? String(format: "%.0f", tenths / 10) : String(format: "%.1f", tenths / 10)
    }
}

extension Picture {
    /// The picture as text for an `img` element: a PNG file in base64.
    package var dataAddress: String {
        "data:image/png;base64," + Data(png()).base64EncodedString()
    }
}
