import Foundation

/// What a file seems to be that is not what was asked for, for messages.
package enum ForeignFile {
    /// Formats by their first bytes.
    private static let marks: [(mark: [UInt8], name: String)] = [
        (PNGReader.mark, "a PNG picture"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        (Array("GIF8".utf8), "a GIF picture"), (Array("BM".utf8), "a BMP picture"),
        ([0x49, 0x49, 0x2A, 0], "a TIFF picture"), ([0x4D, 0x4D, 0, 0x2A], "a TIFF picture"),
        ([0x50, 0x4B, 0x03, 0x04], "a zip file of something else"),
        ([0x50, 0x4B, 0x05, 0x06], "an empty zip file"), ([0x1F, 0x8B], "a file packed by gzip"),
        (Array("BZh".utf8), "a file packed by bzip2"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "a file packed by xz"),
        (Array("%PDF".utf8), "a PDF document"), ([0x7F, 0x45, 0x4C, 0x46], "a program"),
        (Array("version https://git-lfs".utf8), "a pointer of Git LFS, not the file itself"),
    ]

    /// The name of what begins so: a format, some text, or the first bytes.
    package static func name(of bytes: [UInt8]) -> String {
        if HDF5File.isHDF5(bytes) { return "an HDF5 file" }
        if let known = marks.first(where: { bytes.holds($0.mark) }) { return known.name }
        if bytes.holds(Array("RIFF".utf8)), bytes.holds(Array("WEBP".utf8), at: 8) {
            return "a WebP picture"
        }
        if bytes.holds(Array("ustar".utf8), at: 257) { return "a tar file" }
        if bytes.count > 2, bytes[0] == 0x08, bytes[1] < 32,
            [0x12, 0x1A, 0x3A, 0x42].contains(bytes[2])
        {
            return "perhaps an ONNX model"
        }
        return bytes.opening
    }

    /// What the file at `url` seems to be when it does not begin as a safetensors file does.
    ///
    /// - Returns: `nil` for a beginning of safetensors, and for a file that cannot be read.
    package static func unlessSafetensors(_ url: URL) -> String? {
        guard let source = try? ByteSource(contentsOf: url),
            let opening = try? source.bytes(0..<min(9, source.count)),
            !Safetensors.recognizes(opening),
            let file = try? FileContents(contentsOf: url)
        else { return nil }
        let format = WeightFormat.all.first { $0.recognizes(file) }
        return format.map { "a file of the format \($0.name)" } ?? name(of: file.bytes)
    }
}
