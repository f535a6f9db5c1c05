/// A colour for a terminal, 0 … 255 each.
struct TerminalColour: Hashable {
    var red: Int
    var green: Int
    var blue: Int

    /// 0.299 red + 0.587 green + 0.114 blue.
    var grey: Double { (299 * Double(red) + 587 * Double(green) + 114 * Double(blue)) / 1000 }

    /// The parameters of the escape sequence that selects the colour.
    func code(_ colours: TerminalStyle.Colours, isBackground: Bool) -> String {
        let plane = isBackground ? 48 : 38
        return switch colours {
        case .none: isBackground ? "49" : "39"
        case .palette: "\(plane);5;\(paletteIndex)"
        case .full: "\(plane);2;\(red);\(green);\(blue)"
        }
    }

    /// The nearest of xterm's colours 16 … 255: a cube of six levels an axis and 24 greys.
    var paletteIndex: Int {
        let levels = [0, 95, 135, 175, 215, 255]
        func level(_ value: Int) -> Int {
            levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0
        }
        let (r, g, b) = (level(red), level(green), level(blue))
        let step = max(0, min(23, ((red + green + blue) / 3 - 3) / 10))
        let grey = 8 + 10 * step
        return distance(levels[r], levels[g], levels[b]) <= distance(grey, grey, grey)
            ? 16 + 36 * r + 6 * g + b : 232 + step
    }

    private func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
        (red - r) * (red - r) + (green - g) * (green - g) + (blue - b) * (blue - b)
    }
}
