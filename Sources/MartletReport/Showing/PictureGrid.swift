import Foundation
import MartletFormats

/// Pictures with captions, side by side in one picture.
///
///     let samples = try (0..<20).map(data.labelledPicture)
///     let grid = PictureGrid(samples, columns: 10, map: .inverted)
///     try grid.picture.write(to: URL(fileURLWithPath: "samples.png"))
///
/// Small pictures are enlarged by a whole factor, so that their pixels stay sharp squares; pictures
/// with a side above 256 pixels are made smaller. Captions are blue for right predictions and red for
/// wrong ones; a caption that is too long ends in "..".
public struct PictureGrid: Sendable {
    /// The pictures, row by row.
    public var pictures: [LabelledPicture]
    /// Pictures in a row.
    public var columns: Int
    /// How grey values are shown.
    public var map: GreyMap
    /// The factor by which pictures are enlarged.
    public var scale: Int

    /// Arranges pictures.
    ///
    /// - Parameters:
    ///   - columns: pictures in a row, at least 1.
    ///   - scale: the factor by which pictures are enlarged; nil for one that makes the largest about
    ///     96 pixels long.
    public init(
        _ pictures: [LabelledPicture], columns: Int = 10, map: GreyMap = .grey, scale: Int? = nil
    ) {
        precondition(columns > 0, "PictureGrid: columns must be positive, got \(columns)")
        precondition(
            (scale ?? 1) > 0 && (scale ?? 1) <= 64,
            "PictureGrid: scale must lie in 1 … 64, got \(scale ?? 1)")
        (self.columns, self.map) = (columns, map)
        self.pictures = pictures.map { labelled in
            var labelled = labelled
            labelled.picture = Self.limited(labelled.picture)
            return labelled
        }
        let longest = self.pictures.map { max($0.picture.width, $0.picture.height) }.max() ?? 96
        self.scale = scale ?? max(1, 96 / longest)
    }

    private static let longestSide = 256

    private static func limited(_ picture: Picture) -> Picture {
        let side = max(picture.width, picture.height)
        guard side > longestSide else { return picture }
        return picture.resized(
            width: max(1, picture.width * longestSide / side),
            height: max(1, picture.height * longestSide / side))
    }

    private static let gap = 8.0
    private static let letter = 16.0
    private static let line = 21.0

    /// The whole grid on white; one white pixel when there are no pictures.
    public var picture: Picture {
        pictures.isEmpty
            ? Picture(width: 1, height: 1, filledWith: [255])
            : Raster.picture(drawing, theme: .light, scale: 1)
    }

    /// Pictures and captions in pixels of the result.
    private var drawing: Drawing {
        let gap = Self.gap
        let across = min(columns, pictures.count)
        let down = (pictures.count + across - 1) / across
        let inner = Double((pictures.map(\.picture.width).max() ?? 1) * scale)
        let tall = Double((pictures.map(\.picture.height).max() ?? 1) * scale)
        let longest =
            pictures.flatMap { [$0.caption, $0.detail] }
            .map { StrokeFont.width($0, size: Self.letter).rounded(.up) }.max() ?? 0
        let cell = max(inner, min(longest, 2 * inner))
        let lines =
            pictures.contains { !$0.detail.isEmpty }
            ? 2.0 : pictures.contains { !$0.caption.isEmpty } ? 1 : 0
        let text = lines == 0 ? 0 : lines * Self.line + 3
        var drawing = Drawing(
            title: "pictures", width: gap + Double(across) * (cell + gap),
            height: gap + Double(down) * (tall + text + gap))
        for (number, labelled) in pictures.enumerated() {
            let left = gap + Double(number % across) * (cell + gap)
            let top = gap + Double(number / across) * (tall + text + gap)
            let shown = map(labelled.picture)
            let width = Double(shown.width * scale)
            let height = Double(shown.height * scale)
            drawing.shapes.append(
                .picture(
                    shown,
                    DrawingPoint(
                        left + ((cell - width) / 2).rounded(.down),
                        top + ((tall - height) / 2).rounded(.down)),
                    width: width, height: height))
            let colour: PlotColour = labelled.isRight.map { $0 ? .right(1) : .wrong(1) } ?? .ink
            for (row, (words, colour)) in [
                (labelled.caption, colour), (labelled.detail, .soft),
            ].enumerated() where !words.isEmpty {
                drawing.text(
                    Self.shortened(words, to: cell), left + cell / 2,
                    top + tall + 18 + Double(row) * Self.line, size: Self.letter, anchor: .middle,
                    colour)
            }
        }
        return drawing
    }

    private static func shortened(_ text: String, to width: Double) -> String {
        if StrokeFont.width(text, size: letter) <= width { return text }
        var text = text
        while !text.isEmpty && StrokeFont.width(text + "..", size: letter) > width {
            text.removeLast()
        }
        return text.isEmpty ? "" : text + ".."
    }

    /// Writes the grid as PNG, or as JPEG when the name ends in `.jpg` or `.jpeg`.
    public func write(to url: URL) throws(FormatError) { try picture.write(to: url) }
}
