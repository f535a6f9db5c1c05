import CPNG

/// Reads PNG through libpng, after its own look at the header.
///
/// - Source: Portable Network Graphics (PNG) Specification, W3C, sections 5.2 and 11.2.
struct PNGReader {
    static let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private let file: FileContents
    private let reading: PictureReading
    private let width: Int
    private let height: Int
    private let channels: Int

    /// Reads the header.
    init(_ file: FileContents, _ reading: PictureReading) throws(FormatError) {
        (self.file, self.reading) = (file, reading)
        var cursor = ByteCursor(file, at: 8)
        let length = try cursor.bigEndian(4, "the header chunk")
        let name = try cursor.bigEndian(4, "the header chunk")
        guard length == 13, name == 0x4948_4452 else {
            throw FormatError(
                .malformed, file: file.name, offset: 8, expected: "the chunk IHDR of 13 bytes",
                found: "a chunk of \(length) bytes")
        }
        width = Int(try cursor.bigEndian(4, "the width"))
        height = Int(try cursor.bigEndian(4, "the height"))
        let depth = try cursor.byte("the bit depth")
        let colour = try cursor.byte("the colour type")
        guard let depths = Self.depths[colour], depths.contains(depth) else {
            throw FormatError(
                .malformed, file: file.name, offset: 24,
                expected: "a bit depth and a colour type that go together",
                found: "\(depth) bits, colour type \(colour)")
        }
        let hasTransparentColour = Self.hasChunk("tRNS", file)
        let colours = colour == 0 || colour == 4 ? 1 : 3
        channels = colours + (colour >= 4 || hasTransparentColour ? 1 : 0)
        // What the rows take before they are packed.
        let samples = colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1
        let (rowBits, overflow) = width.multipliedReportingOverflow(by: samples * Int(depth))
        let size = checkedProduct([overflow ? .max / 2 : rowBits / 8 + 1, height])
        try reading.check(
            file, width: width, height: height, decodedBytes: size ?? .max,
            mostBytes: (file.bytes.count + 64) * Packing.largestRatio)
    }

    private static let depths: [UInt8: [UInt8]] = [
        0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
    ]

    /// True when a chunk of that name stands before the pixels.
    private static func hasChunk(_ name: String, _ file: FileContents) -> Bool {
        var cursor = ByteCursor(file, at: 8)
        while let length = try? cursor.bigEndian(4, ""), let mark = try? cursor.take(4, "") {
            let bytes = file.bytes[mark]
            if bytes.elementsEqual(name.utf8) { return true }
            if bytes.elementsEqual("IDAT".utf8) { return false }
            guard (try? cursor.take(Int(length) + 4, "")) != nil else { return false }
        }
        return false
    }

    func picture() throws(FormatError) -> Picture {
        var samples = [UInt8](repeating: 0, count: width * height * channels)
        var failure = cpng_failure()
        let done = samples.withUnsafeMutableBufferPointer { target in
            file.bytes.withUnsafeBufferPointer { source in
                cpng_decode(
                    source.baseAddress, source.count, UInt32(width), UInt32(height),
                    Int32(channels), target.baseAddress, &failure)
            }
        }
        guard done else {
            throw FormatError(
                .malformed, file: file.name, offset: failure.position, expected: "an intact PNG",
                found: text(of: &failure.message), fix: "the file is damaged; get it again")
        }
        let hasAlpha = channels == 2 || channels == 4
        return Picture(
            width: width, height: height, channels: hasAlpha ? channels - 1 : channels,
            samples: hasAlpha ? reading.opaque(samples, channels: channels) : samples)
    }
}

/// The text in a C array of characters that ends with a zero.
func text<Characters>(of characters: inout Characters) -> String {
    withUnsafeBytes(of: &characters) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
