import Foundation
import MartletFormats

/// Plots one below the other in one picture.
public struct Figure: Sendable {
    /// The drawing of all plots.
    package let drawing: Drawing

    /// Stacks plots.
    ///
    /// - Parameters:
    ///   - width: the width in pixels before scaling.
    ///   - plotHeight: the height of each plot.
    public init(_ plots: [Plot], width: Double = 640, plotHeight: Double = 340) {
        let gap = 12.0
        let height = Double(plots.count) * (plotHeight + gap) - gap
        var drawing = Drawing(
            title: plots.map(\.title).joined(separator: ", "), width: width,
            height: max(1, height))
        let margin = plots.map(\.leftMargin).max() ?? 0
        for (index, plot) in plots.enumerated() {
            drawing.add(
                plot.drawing(width: width, height: plotHeight, margin: margin), x: 0,
                y: Double(index) * (plotHeight + gap))
        }
        self.drawing = drawing
    }

    /// Shows a confusion matrix as coloured cells, a row per true class.
    public init(_ confusion: ConfusionMatrix, title: String = "Confusion") {
        drawing = confusion.drawing(title: title)
    }

    /// The figure as an SVG file of its own.
    public func svg(_ theme: PlotTheme = .light) -> String {
        SVGText(theme: theme).file(drawing)
    }

    /// The figure as pixels; `scale` 2 has twice the pixels each way.
    public func picture(_ theme: PlotTheme = .light, scale: Double = 2) -> Picture {
        Raster.picture(drawing, theme: theme, scale: scale)
    }

    /// The figure as a PNG file.
    public func png(_ theme: PlotTheme = .light, scale: Double = 2) -> [UInt8] {
        picture(theme, scale: scale).png()
    }
}
