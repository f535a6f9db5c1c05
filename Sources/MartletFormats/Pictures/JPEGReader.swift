import CJPEG

/// Reads JPEG through libjpeg: baseline and progressive; grey, colour and CMYK.
///
/// - Source: ITU-T T.81; for the inverted inks of CMYK files with an Adobe marker, libjpeg.txt.
struct JPEGReader {
    private let file: FileContents
    private let reading: PictureReading
    private let header: cjpeg_header

    /// Reads the header.
    init(_ file: FileContents, _ reading: PictureReading) throws(FormatError) {
        (self.file, self.reading) = (file, reading)
        var header = cjpeg_header()
        var failure = cjpeg_failure()
        let done = file.bytes.withUnsafeBufferPointer {
            cjpeg_read_header($0.baseAddress, $0.count, &header, &failure)
        }
        guard done else { throw Self.refusal(file, &failure) }
        guard !header.is_arithmetic else {
            throw FormatError(
                .unsupported, file: file.name, place: "header", expected: "Huffman coding",
                found: "arithmetic coding", fix: "convert the file to PNG")
        }
        // 64 pixels take at least one bit.
        let (width, height) = (Int(header.width), Int(header.height))
        try reading.check(
            file, width: width, height: height, decodedBytes: width * height,
            mostBytes: 512 * file.bytes.count)
        self.header = header
    }

    func picture() throws(FormatError) -> Picture {
        let (width, height) = (Int(header.width), Int(header.height))
        let channels = Int(header.channels)
        var header = header
        var failure = cjpeg_failure()
        var done = false
        let samples = [UInt8](unsafeUninitializedCapacity: width * height * channels) {
            target, count in
            done = file.bytes.withUnsafeBufferPointer { source in
                cjpeg_decode(
                    source.baseAddress, source.count, &header, target.baseAddress, &failure)
            }
            count = done ? width * height * channels : 0
        }
        guard done else { throw Self.refusal(file, &failure) }
        let picture =
            channels == 4
            ? withoutBlack(samples)
            : Picture(width: width, height: height, channels: channels, samples: samples)
        guard reading.isUpright, let turn = Orientation(exifOf: file) else { return picture }
        return picture.turned(turn)
    }

    /// Cyan, magenta, yellow and black ink as red, green and blue light.
    private func withoutBlack(_ samples: [UInt8]) -> Picture {
        let (width, height) = (Int(header.width), Int(header.height))
        var colours = [UInt8](repeating: 0, count: width * height * 3)
        for pixel in 0..<width * height {
            let inks = (0..<4).map { channel in
                let sample = Int(samples[4 * pixel + channel])
                return header.has_adobe_marker ? 255 - sample : sample
            }
            let light = 255 - inks[3]
            for channel in 0..<3 {
                let product = inks[channel] * light + 128
                let absorbed = (product >> 8 + product) >> 8
                colours[3 * pixel + channel] = UInt8(clamping: light - absorbed)
            }
        }
        return Picture(width: width, height: height, channels: 3, samples: colours)
    }

    private static func refusal(
        _ file: FileContents, _ failure: inout cjpeg_failure
    ) -> FormatError {
        FormatError(
            .malformed, file: file.name, offset: failure.position, expected: "an intact JPEG",
            found: text(of: &failure.message), fix: "the file is damaged; get it again")
    }
}
