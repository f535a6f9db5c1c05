import CJPEG
import CPNG
import Foundation

extension Picture {
    /// The picture as a PNG file, without loss.
    ///
    /// - Parameter level: how hard to pack, 0 to 9.
    public func png(level: Int = 6) -> [UInt8] {
        precondition((0...9).contains(level), "png: level must be 0 to 9, got \(level)")
        var failure = cpng_failure()
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        let done = samples.withUnsafeBufferPointer {
            cpng_encode(
                $0.baseAddress, UInt32(width), UInt32(height), Int32(channels), Int32(level),
                &bytes, &count, &failure)
        }
        precondition(done, "internal: libpng could not write: \(text(of: &failure.message))")
        defer { free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// The picture as a JPEG file.
    ///
    /// - Parameters:
    ///   - quality: 1 to 100.
    ///   - halvesColour: keeps one colour for four pixels, as most programs do.
    /// - Precondition: neither side is longer than 65,500 pixels.
    public func jpeg(quality: Int = 90, halvesColour: Bool = true) -> [UInt8] {
        precondition((1...100).contains(quality), "jpeg: quality must be 1 to 100, got \(quality)")
        precondition(
            width <= 65_500 && height <= 65_500,
            "jpeg: a side may have 65,500 pixels at most, got \(width) x \(height)")
        var failure = cjpeg_failure()
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        let done = samples.withUnsafeBufferPointer {
            cjpeg_encode(
                $0.baseAddress, UInt32(width), UInt32(height), Int32(channels), Int32(quality),
                halvesColour, &bytes, &count, &failure)
        }
        precondition(done, "internal: libjpeg could not write: \(text(of: &failure.message))")
        defer { free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// Writes the picture as PNG, or as JPEG when the name ends in `.jpg` or `.jpeg`; the file is
    /// complete or absent.
    ///
    /// - Creates: the folder, with those above it, when it is not there.
    public func write(to url: URL) throws(FormatError) {
        let isJPEG = ["jpg", "jpeg"].contains(url.pathExtension.lowercased())
        try WholeFile.write([isJPEG ? jpeg() : png()], to: url)
    }
}
