/// Reads uncompressed BMP of 1, 4, 8, 24 or 32 bits a pixel; the fourth byte of 32 bits is left out.
///
/// - Source: Microsoft, "Bitmap Storage", BITMAPFILEHEADER and BITMAPINFOHEADER.
struct BMPReader {
    private let file: FileContents
    private let width: Int
    private let height: Int
    private let isTopDown: Bool
    private let bitCount: Int
    /// Blue, green, red and a spare byte for each colour.
    private let palette: Range<Int>
    private let pixelOffset: Int

    init(_ file: FileContents, _ reading: PictureReading) throws(FormatError) {
        self.file = file
        var cursor = ByteCursor(file, at: 10)
        pixelOffset = try cursor.size(4, "the place of the pixels")
        let headerSize = try cursor.size(4, "the header")
        guard (40...124).contains(headerSize) else {
            throw FormatError(
                .unsupported, file: file.name, offset: 14, expected: "a header of 40 to 124 bytes",
                found: "\(headerSize)")
        }
        let columns = Int(Int32(truncatingIfNeeded: try cursor.littleEndian(4, "the width")))
        let rows = Int(Int32(truncatingIfNeeded: try cursor.littleEndian(4, "the height")))
        _ = try cursor.littleEndian(2, "the planes")
        bitCount = try cursor.size(2, "the bits of a pixel")
        let method = try cursor.size(4, "the compression")
        (width, height, isTopDown) = (columns, abs(rows), rows < 0)
        _ = try cursor.take(12, "the header")
        var colours = try cursor.size(4, "the number of colours")
        guard [1, 4, 8, 24, 32].contains(bitCount), method == 0 else {
            throw FormatError(
                .unsupported, file: file.name, offset: 28,
                expected: "1, 4, 8, 24 or 32 bits a pixel, not compressed",
                found: "\(bitCount) bits, compression \(method)", fix: "convert the file to PNG")
        }
        try reading.check(file, width: width, height: height)
        let needed = (width * bitCount + 31) / 32 * 4 * height
        var pixels = ByteCursor(file, at: pixelOffset)
        _ = try pixels.take(needed, "pixels")
        cursor.position = 14 + headerSize
        if colours == 0 || colours > 256 { colours = bitCount <= 8 ? 1 << bitCount : 0 }
        palette = bitCount <= 8 ? try cursor.take(4 * colours, "colours") : 0..<0
    }

    func picture() throws(FormatError) -> Picture {
        let rowSize = (width * bitCount + 31) / 32 * 4
        var samples = [UInt8](repeating: 0, count: width * height * 3)
        for y in 0..<height {
            let row = pixelOffset + (isTopDown ? y : height - 1 - y) * rowSize
            for x in 0..<width {
                let source = try colour(row: row, column: x)
                for channel in 0..<3 {
                    samples[(y * width + x) * 3 + channel] = file.bytes[source + 2 - channel]
                }
            }
        }
        return Picture(width: width, height: height, channels: 3, samples: samples)
    }

    /// Where the blue, green and red byte of a pixel stand.
    private func colour(row: Int, column: Int) throws(FormatError) -> Int {
        if bitCount >= 24 { return row + column * bitCount / 8 }
        let bit = column * bitCount
        let byte = Int(file.bytes[row + bit / 8])
        let index = byte >> (8 - bitCount - bit % 8) & (1 << bitCount - 1)
        guard 4 * index < palette.count else {
            throw FormatError(
                .malformed, file: file.name, offset: row + bit / 8,
                expected: "one of \(palette.count / 4) colours", found: "colour \(index)")
        }
        return palette.lowerBound + 4 * index
    }
}
