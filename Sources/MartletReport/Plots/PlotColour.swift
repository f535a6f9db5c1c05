/// A colour by its purpose, so that a drawing fits light and dark grounds.
public enum PlotColour: Sendable, Hashable {
    /// The ground behind everything.
    case ground
    /// Titles and the most important text.
    case ink
    /// Labels.
    case soft
    /// Grid lines and frames.
    case line
    /// The curve of that number, 0 for the first: blue, orange, green, violet, and over again.
    case series(Int)
    /// A right answer, as strong as the share 0 … 1 says.
    case right(Double)
    /// A mistake, as strong as the share 0 … 1 says.
    case wrong(Double)

    /// The number of different colours of curves.
    static let seriesCount = 4
}

/// The colours of a drawing as red, green and blue.
public struct PlotTheme: Sendable, Hashable {
    /// Dark on white, for paper and light pages.
    public static let light = PlotTheme(
        ground: 0xFFFFFF, ink: 0x1F2328, soft: 0x5B6470, line: 0xE4E2DD,
        series: [0x1668B8, 0xD9730F, 0x2E8B57, 0x7A5AA8], wrong: 0xC03522)
    /// Light on nearly black.
    public static let dark = PlotTheme(
        ground: 0x1C2024, ink: 0xE8E6E1, soft: 0xA0A8B1, line: 0x33393F,
        series: [0x62AEF7, 0xF5A65B, 0x6CC48F, 0xB49AE0], wrong: 0xF4806E)

    let ground: UInt32
    let ink: UInt32
    let soft: UInt32
    let line: UInt32
    let series: [UInt32]
    let wrong: UInt32

    /// The colour as `0xRRGGBB`, and how much it covers, 0 … 1.
    func paint(_ colour: PlotColour) -> (rgb: UInt32, opacity: Double) {
        switch colour {
        case .ground: (ground, 1)
        case .ink: (ink, 1)
        case .soft: (soft, 1)
        case .line: (line, 1)
        case .series(let number): (series[abs(number) % series.count], 1)
        case .right(let share): (series[0], min(1, max(0, share)))
        case .wrong(let share): (wrong, min(1, max(0, share)))
        }
    }
}
