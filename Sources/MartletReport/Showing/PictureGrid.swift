import Foundation
import MartletFormats

/// Pictures with captions, side by side in one picture.
///
///     let samples = try (0..<20).map(data.labelledPicture)
///     let grid = PictureGrid(samples, columns: 10, map: .inverted)
///     try grid.picture.write(to: URL(fileURLWithPath: "samples.png"))
///
/// Small pictures are enlarged by a whole factor, so that their pixels stay sharp squares; pictures
/// with a side above 256 pixels are made smaller. Captions are green for right predictions and red
/// for wrong ones; a caption that is too long ends in "..".
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
    ///     84 pixels long.
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
        let longest = self.pictures.map { max($0.picture.width, $0.picture.height) }.max() ?? 84
        self.scale = scale ?? max(1, 84 / longest)
    }

    private static let longestSide = 256

    private static func limited(_ picture: Picture) -> Picture {
        let side = max(picture.width, picture.height)
        guard side > longestSide else { return picture }
        return picture.resized(
            width: max(1, picture.width * longestSide / side),
            height: max(1, picture.height * longestSide / side))
    }

    private static let gap = 8
    private static let letter = 2
    private static let ink: Canvas.Colour = (34, 34, 34)
    private static let right: Canvas.Colour = (17, 122, 51)
    private static let wrong: Canvas.Colour = (196, 30, 30)

    /// The whole grid on white; one white pixel when there are no pictures.
    public var picture: Picture {
        guard !pictures.isEmpty else { return Picture(width: 1, height: 1, filledWith: [255]) }
        let gap = Self.gap
        let across = min(columns, pictures.count)
        let down = (pictures.count + across - 1) / across
        let inner = pictures.map(\.picture.width).max().map { $0 * scale } ?? 1
        let tall = pictures.map(\.picture.height).max().map { $0 * scale } ?? 1
        let longest = pictures.map { BitmapFont.width($0.caption) * Self.letter }.max() ?? 0
        let cell = max(inner, min(longest, 2 * inner))
        let line = longest == 0 ? 0 : BitmapFont.height * Self.letter + 4
        var canvas = Canvas(
            width: gap + across * (cell + gap), height: gap + down * (tall + line + gap),
            (255, 255, 255))
        for (number, labelled) in pictures.enumerated() {
            let left = gap + number % across * (cell + gap)
            let top = gap + number / across * (tall + line + gap)
            let shown = map(labelled.picture)
            canvas.draw(
                shown, x: left + (cell - shown.width * scale) / 2,
                y: top + (tall - shown.height * scale) / 2, scale: scale)
            let text = Self.shortened(labelled.caption, to: cell)
            canvas.write(
                text, x: left + (cell - BitmapFont.width(text) * Self.letter) / 2,
                y: top + tall + 4, scale: Self.letter,
                labelled.isRight.map { $0 ? Self.right : Self.wrong } ?? Self.ink)
        }
        return canvas.picture
    }

    private static func shortened(_ text: String, to width: Int) -> String {
        if BitmapFont.width(text) * letter <= width { return text }
        var text = text
        while !text.isEmpty && BitmapFont.width(text + "..") * letter > width { text.removeLast() }
        return text.isEmpty ? "" : text + ".."
    }

    /// Writes the grid as PNG, or as JPEG when the name ends in `.jpg` or `.jpeg`.
    public func write(to url: URL) throws(FormatError) { try picture.write(to: url) }
}
