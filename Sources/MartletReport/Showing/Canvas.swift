import MartletFormats

/// An RGB picture that is being drawn.
struct Canvas {
    let width: Int
    let height: Int
    private var samples: [UInt8]

    /// A colour: red, green, blue.
    typealias Colour = (UInt8, UInt8, UInt8)

    /// Starts in one colour.
    init(width: Int, height: Int, _ colour: Colour) {
        (self.width, self.height) = (width, height)
        samples =
            Picture(
                width: width, height: height, filledWith: [colour.0, colour.1, colour.2]
            ).samples
    }

    /// What was drawn.
    var picture: Picture { Picture(width: width, height: height, channels: 3, samples: samples) }

    /// Fills a rectangle; what lies outside is left out.
    mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
        for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
            for column in max(0, x)..<max(0, x, min(self.width, x + width)) {
                let place = 3 * (row * self.width + column)
                samples[place] = colour.0
                samples[place + 1] = colour.1
                samples[place + 2] = colour.2
            }
        }
    }

    /// Draws a picture with every pixel as a square of `scale` pixels.
    mutating func draw(_ picture: Picture, x: Int, y: Int, scale: Int) {
        let source = picture.rgb()
        for row in 0..<source.height {
            for column in 0..<source.width {
                let place = 3 * (row * source.width + column)
                let colour = (
                    source.samples[place], source.samples[place + 1], source.samples[place + 2]
                )
                fill(
                    x: x + column * scale, y: y + row * scale, width: scale, height: scale, colour)
            }
        }
    }

    /// Draws a line of text with its upper left corner at (x, y).
    mutating func write(_ text: String, x: Int, y: Int, scale: Int, _ colour: Colour) {
        for (number, rows) in BitmapFont.rows(text).enumerated() {
            let left = x + number * BitmapFont.advance * scale
            for (row, bits) in rows.enumerated() {
                for column in 0..<5 where bits & (16 >> UInt8(column)) != 0 {
                    fill(
                        x: left + column * scale, y: y + row * scale, width: scale,
                        height: scale, colour)
                }
            }
        }
    }
}
