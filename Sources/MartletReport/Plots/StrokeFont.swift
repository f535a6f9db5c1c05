import Foundation

/// Letters of even lines for drawings that become pixels, at any size.
///
/// Knows the printable characters of ASCII and a few signs. Letters with marks lose them, a few more
/// characters have a stand-in, and others are their code points in a box, so that they differ.
package enum StrokeFont {
    /// The part of the size that a capital letter is high.
    private static let capital = 0.72
    /// The units of a capital letter's height in the glyphs.
    private static let capitalUnits = 7.0
    /// The units between two letters.
    private static let gap = 1.35

    /// One character: its width and its lines, in units with the base line at 0 and `y` upwards.
    struct Glyph {
        var width: Double
        var strokes: [[DrawingPoint]]
    }

    /// The length of a line of text in pixels.
    package static func width(_ text: String, size: Double) -> Double {
        let units = glyphs(of: text).reduce(0.0) { $0 + $1.width + gap }
        return max(0, units - gap) * size * capital / capitalUnits
    }

    /// The lines of a text in a drawing's pixels.
    static func strokes(
        _ text: String, at place: DrawingPoint, size: Double, anchor: Drawing.Anchor,
        isTurned: Bool
    ) -> [[DrawingPoint]] {
        let unit = size * capital / capitalUnits
        let shift: Double =
            switch anchor {
            case .start: 0
            case .middle: -width(text, size: size) / 2
            case .end: -width(text, size: size)
            }
        var x = shift
        var strokes: [[DrawingPoint]] = []
        for glyph in glyphs(of: text) {
            for stroke in glyph.strokes {
                strokes.append(
                    stroke.map { point in
                        let (right, up) = (x + point.x * unit, point.y * unit)
                        return isTurned
                            ? DrawingPoint(place.x - up, place.y - right)
                            : DrawingPoint(place.x + right, place.y - up)
                    })
            }
            x += (glyph.width + gap) * unit
        }
        return strokes
    }

    private static func glyphs(of text: String) -> [Glyph] {
        text.flatMap { character -> [Glyph] in
            if let glyph = glyphs[character] { return [glyph] }
            let text = String(character)
            let plain =
                standIns[character]
                ?? (character.isLetter
                    ? text.folding(options: .diacriticInsensitive, locale: nil) : text)
            let known = plain.compactMap { glyphs[$0] }
            if !known.isEmpty, known.count == plain.count { return known }
            return text.precomposedStringWithCanonicalMapping.unicodeScalars.map(numbered)
        }
    }

    private static let standIns: [Character: String] = [
        "−": "-", "…": "...", "’": "'", "‘": "'", "“": "\"", "”": "\"", "→": "->", "\u{A0}": " ",
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l",
        "Ł": "L", "đ": "d", "Đ": "D", "ı": "i",
    ]

    /// A box with the code point of a character in hexadecimal digits, two rows of two or three.
    ///
    /// With the gap behind it a box of four digits is about as wide as a Chinese character.
    private static func numbered(_ scalar: Unicode.Scalar) -> Glyph {
        let (width, height, margin, bottom) = (2.6, 3.6, 1.1, -2.3)
        let code = String(scalar.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: (code.count <= 4 ? 4 : 6) - code.count)
        let digits = zeros + code
        let perRow = digits.count / 2
        let right = margin + Double(perRow) * (width + margin)
        let top = bottom + margin + 2 * (height + margin)
        var strokes = [polygon([0, bottom, right, bottom, right, top, 0, top, 0, bottom])]
        for (index, digit) in digits.enumerated() {
            guard let shape = glyphs[digit] else { continue }
            let x = margin + Double(index % perRow) * (width + margin)
            let y = bottom + margin + (index < perRow ? height + margin : 0)
            strokes += shape.strokes.map { stroke in
                stroke.map { point in
                    DrawingPoint(
                        x + point.x * width / shape.width, y + point.y * height / capitalUnits)
                }
            }
        }
        return Glyph(width: right, strokes: strokes)
    }

    /// The glyphs of `StrokeFont.shapes`.
    private static let glyphs: [Character: Glyph] = {
        var glyphs: [Character: Glyph] = [" ": Glyph(width: 1.6, strokes: [])]
        for (character, shape) in shapes { glyphs[character] = parsed(shape) }
        return glyphs
    }()

    /// Reads `width; stroke; stroke …`: `L` straight lines, `S` a smooth line through points, `A` an
    /// arc of an ellipse by centre, radii and angles in degrees.
    private static func parsed(_ shape: String) -> Glyph {
        let parts = shape.split(separator: ";")
        let strokes = parts.dropFirst().map { part in
            let numbers = part.dropFirst().split(separator: " ").compactMap { Double($0) }
            return switch part.first {
            case "S": smooth(polygon(numbers))
            case "A" where numbers.count == 6: arc(numbers)
            default: polygon(numbers)
            }
        }
        return Glyph(width: parts.first.flatMap { Double($0) } ?? 4, strokes: strokes)
    }

    private static func polygon(_ numbers: [Double]) -> [DrawingPoint] {
        stride(from: 0, to: numbers.count - 1, by: 2).map {
            DrawingPoint(numbers[$0], numbers[$0 + 1])
        }
    }

    private static func arc(_ numbers: [Double]) -> [DrawingPoint] {
        let pieces = max(4, Int(abs(numbers[5] - numbers[4]) / 15))
        return (0...pieces).map { piece in
            let share = Double(piece) / Double(pieces)
            let angle = (numbers[4] + (numbers[5] - numbers[4]) * share) * Double.pi / 180
            return DrawingPoint(
                numbers[0] + numbers[2] * cos(angle), numbers[1] + numbers[3] * sin(angle))
        }
    }

    /// A curve through all points, Catmull and Rom's cubic between each two.
    private static func smooth(_ points: [DrawingPoint]) -> [DrawingPoint] {
        guard points.count > 2 else { return points }
        let pieces = 6
        var curve: [DrawingPoint] = []
        for index in 0..<points.count - 1 {
            let a = points[max(0, index - 1)]
            let (b, c) = (points[index], points[index + 1])
            let d = points[min(points.count - 1, index + 2)]
            for piece in 0..<pieces {
                let t = Double(piece) / Double(pieces)
                func blend(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
                    let linear = (c - a) * t
                    let square = (2 * a - 5 * b + 4 * c - d) * t * t
                    let cube = (3 * b - a - 3 * c + d) * t * t * t
                    return b + (linear + square + cube) / 2
                }
                curve.append(
                    DrawingPoint(blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)))
            }
        }
        return curve + points.suffix(1)
    }
}
