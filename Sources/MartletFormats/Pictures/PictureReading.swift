import Foundation

/// How a picture is read from a file.
public struct PictureReading: Hashable, Sendable {
    /// What becomes of pixels that are transparent.
    public enum Transparency: Hashable, Sendable {
        /// They are painted over a colour: red, green, blue.
        case over(red: UInt8, green: UInt8, blue: UInt8)
        /// Their colour is taken as it stands, as Pillow's `convert` does.
        case ignored

        /// They are painted over white paper.
        public static let overWhite = Transparency.over(red: 255, green: 255, blue: 255)
    }

    /// What becomes of transparent pixels; painted over white by default.
    public var transparency: Transparency
    /// Whether the turn that a camera noted (EXIF) is carried out; true by default.
    ///
    /// Pillow and torchvision do not do it of themselves.
    public var isUpright: Bool
    /// The most pixels that a file may claim, against pictures made to fill the memory.
    public var pixelLimit: Int

    /// Collects the choices.
    public init(
        transparency: Transparency = .overWhite, isUpright: Bool = true,
        pixelLimit: Int = 64_000_000
    ) {
        (self.transparency, self.isUpright) = (transparency, isUpright)
        self.pixelLimit = pixelLimit
    }
}

extension Picture {
    /// Reads the picture of the file at `url`: PNG, JPEG, BMP or GIF.
    public init(
        contentsOf url: URL, _ reading: PictureReading = PictureReading()
    ) throws(FormatError) {
        try self.init(FileContents(contentsOf: url, limit: 1 << 30), reading)
    }

    /// Reads a picture in memory; its first bytes decide what format it is, not its name.
    ///
    /// Grey pictures come with one channel, all others with three; of 16-bit samples the high byte
    /// is kept. Of a GIF with several frames the first is read.
    ///
    /// - Throws: `FormatError` before memory is taken for sizes that exceed the limit or that the
    ///   file cannot hold; also for damage that other readers paint over.
    public init(
        _ file: FileContents, _ reading: PictureReading = PictureReading()
    ) throws(FormatError) {
        let bytes = file.bytes
        if bytes.holds(PNGReader.mark) {
            self = try PNGReader(file, reading).picture()
        } else if bytes.holds([0xFF, 0xD8, 0xFF]) {
            self = try JPEGReader(file, reading).picture()
        } else if bytes.holds(Array("BM".utf8)) {
            self = try BMPReader(file, reading).picture()
        } else if bytes.holds(Array("GIF8".utf8)) {
            self = try GIFReader(file, reading).picture()
        } else {
            throw FormatError(
                Self.foreignName(bytes) == nil ? .malformed : .unsupported, file: file.name,
                offset: 0, expected: "a PNG, JPEG, BMP or GIF picture",
                found: Self.foreignName(bytes) ?? bytes.opening,
                fix: "convert the file to PNG")
        }
    }

    /// The name of a format that is known but not read.
    private static func foreignName(_ bytes: [UInt8]) -> String? {
        let text = { (part: String, offset: Int) in bytes.holds(Array(part.utf8), at: offset) }
        if text("RIFF", 0), text("WEBP", 8) { return "a WebP picture" }
        if text("ftyp", 4) { return "an HEIF, AVIF or MP4 file" }
        if bytes.holds([0x49, 0x49, 0x2A, 0]) || bytes.holds([0x4D, 0x4D, 0, 0x2A]) {
            return "a TIFF picture"
        }
        return text("<svg", 0) || text("<?xml", 0) ? "an SVG drawing or other XML" : nil
    }
}

extension PictureReading {
    /// Refuses sizes that are no picture, exceed the limit or cannot come from so few bytes.
    ///
    /// - Parameter mostBytes: an upper bound for the decoded bytes that the file can hold.
    func check(
        _ file: FileContents, width: Int, height: Int, decodedBytes: Int? = nil,
        mostBytes: Int? = nil
    ) throws(FormatError) {
        guard width > 0, height > 0 else {
            throw FormatError(
                .malformed, file: file.name, place: "header", expected: "a size of 1 x 1 or more",
                found: "\(width) x \(height)")
        }
        guard let pixels = checkedProduct([width, height]), pixels <= pixelLimit else {
            throw FormatError(
                .tooLarge, file: file.name, place: "header",
                expected: "at most \(pixelLimit) pixels", found: "\(width) x \(height)",
                fix:
                    "make the picture smaller; in Swift, PictureReading(pixelLimit:) sets the limit"
            )
        }
        guard let decodedBytes, let mostBytes, decodedBytes > mostBytes else { return }
        throw FormatError(
            .malformed, file: file.name, place: "header",
            expected: "data for \(width) x \(height) pixels",
            found: "\(file.bytes.count) bytes, which cannot hold them")
    }

    /// The sample of a channel painted with an opacity over the background.
    static func blended(_ sample: UInt8, alpha: UInt8, over background: UInt8) -> UInt8 {
        let sum = Int(sample) * Int(alpha) + Int(background) * (255 - Int(alpha))
        return UInt8(truncatingIfNeeded: (sum + 127) / 255)
    }

    /// Drops the last of the samples of each pixel, which is its opacity.
    func opaque(_ samples: [UInt8], channels: Int) -> [UInt8] {
        let colours = channels - 1
        var result = [UInt8](repeating: 0, count: samples.count / channels * colours)
        let background: [UInt8]? =
            switch transparency {
            case .ignored: nil
            case .over(let red, let green, let blue):
                colours == 3
                    ? [red, green, blue]
                    : Picture(width: 1, height: 1, channels: 3, samples: [red, green, blue]).grey()
                        .samples
            }
        for pixel in 0..<samples.count / channels {
            let alpha = samples[pixel * channels + colours]
            for channel in 0..<colours {
                let sample = samples[pixel * channels + channel]
                result[pixel * colours + channel] =
                    background.map {
                        Self.blended(sample, alpha: alpha, over: $0[channel])
                    } ?? sample
            }
        }
        return result
    }
}
