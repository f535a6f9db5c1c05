import MartletFormats

/// A picture in characters.
///
/// With colours and Unicode a character shows two pixels, one above the other. Without, a character
/// shows the mean of two such pixels, by its colour or by how full it is; or, where the picture is
/// small enough, two characters show each pixel.
public struct TerminalPicture: Sendable {
    /// The picture's lines, which may hold escape sequences.
    public let lines: [String]
    /// The columns that each line takes.
    public let columns: Int

    /// Shades each pixel of a grey picture by its share of `brightest`, two columns a pixel.
    ///
    /// - Precondition: `pixels.count == width * height`, row-major.
    public init(pixels: [UInt8], width: Int, height: Int, brightest: UInt8) {
        precondition(
            pixels.count == width * height,
            "TerminalPicture: \(pixels.count) pixels for \(width)×\(height)")
        let scale = 255 / Double(max(1, brightest))
        lines = (0..<height).map { row in
            Shade.line(
                (0..<width).flatMap { column in
                    let value = min(255, Double(pixels[row * width + column]) * scale)
                    return [value, value]
                }, Shade.blocks)
        }
        columns = 2 * width
    }

    /// Draws a picture of any size.
    ///
    /// - Parameters:
    ///   - style: what the terminal can show.
    ///   - width: the most columns to take; nil for the terminal's. Wider pictures are made smaller.
    public init(
        _ picture: Picture, style: TerminalStyle, map: GreyMap = .grey, width: Int? = nil
    ) {
        let limit = max(1, min(style.columns, width ?? style.columns))
        var picture = map(picture)
        let doubles =
            !(style.usesUnicode && style.colours != .none)
            && 2 * picture.width <= min(limit, 40)
        if picture.width > limit {
            picture = picture.resized(
                width: limit, height: max(1, picture.height * limit / picture.width))
        }
        let cells = Cells(picture.rgb())
        if style.colours == .none {
            let ramp = style.usesUnicode ? Shade.blocks : Shade.ascii
            lines = cells.greyRows(doubled: doubles).map { Shade.line($0, ramp) }
        } else if style.usesUnicode {
            lines = cells.halfBlocks(style.colours)
        } else {
            lines = cells.colouredSpaces(style.colours, doubled: doubles)
        }
        columns = picture.width * (doubles ? 2 : 1)
    }
}

/// Characters by how much of their cell is filled.
private enum Shade {
    static let blocks: [Character] = [" ", "░", "▒", "▓", "█"]
    static let ascii: [Character] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]

    /// A character for each brightness 0 … 255.
    static func line(_ values: [Double], _ ramp: [Character]) -> String {
        String(
            values.map { ramp[min(ramp.count - 1, Int($0 / 255 * Double(ramp.count)))] })
    }
}

/// The pixels of a picture in pairs, one above the other.
private struct Cells {
    let picture: Picture

    init(_ rgb: Picture) { picture = rgb }

    private func colour(_ x: Int, _ y: Int) -> TerminalColour {
        let place = 3 * (y * picture.width + x)
        return TerminalColour(
            red: Int(picture.samples[place]), green: Int(picture.samples[place + 1]),
            blue: Int(picture.samples[place + 2]))
    }

    /// The mean of a pixel and the one below; the last of an odd number stands alone.
    private func mean(_ x: Int, _ y: Int) -> TerminalColour {
        let (upper, lower) = (colour(x, y), colour(x, min(y + 1, picture.height - 1)))
        return TerminalColour(
            red: (upper.red + lower.red) / 2, green: (upper.green + lower.green) / 2,
            blue: (upper.blue + lower.blue) / 2)
    }

    func greyRows(doubled: Bool) -> [[Double]] {
        rows(doubled: doubled) { $0.grey }
    }

    private func rows<Value>(
        doubled: Bool, _ value: (TerminalColour) -> Value
    ) -> [[Value]] {
        stride(from: 0, to: picture.height, by: doubled ? 1 : 2).map { y in
            (0..<picture.width).flatMap { x in
                doubled
                    ? [value(colour(x, y)), value(colour(x, y))]
                    : [value(mean(x, y))]
            }
        }
    }

    func colouredSpaces(_ colours: TerminalStyle.Colours, doubled: Bool) -> [String] {
        rows(doubled: doubled) { $0 }.map { row in
            var line = ""
            var last = ""
            for colour in row {
                let code = colour.code(colours, isBackground: true)
                if code != last { line += "\u{1B}[\(code)m" }
                last = code
                line += " "
            }
            return line + "\u{1B}[0m"
        }
    }

    func halfBlocks(_ colours: TerminalStyle.Colours) -> [String] {
        stride(from: 0, to: picture.height, by: 2).map { y in
            var line = ""
            var last = ""
            for x in 0..<picture.width {
                var code = colour(x, y).code(colours, isBackground: false)
                if y + 1 < picture.height {
                    code += ";" + colour(x, y + 1).code(colours, isBackground: true)
                }
                if code != last { line += "\u{1B}[\(code)m" }
                last = code
                line += "▀"
            }
            return line + "\u{1B}[0m"
        }
    }
}
