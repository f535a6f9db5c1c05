import Foundation

/// Writes small grey pictures as PNG, without compression.
///
/// - Source: Portable Network Graphics (PNG) Specification, W3C; RFC 1950 and RFC 1951 (zlib and
///   its stored blocks).
package enum GreyPNG {
    /// The file for `width × height` pixels, 8 bits each, row-major, 255 is white.
    ///
    /// - Precondition: `pixels.count == width * height`, both sizes positive.
    package static func encode(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
        precondition(width > 0 && height > 0 && pixels.count == width * height)
        var rows: [UInt8] = []
        rows.reserveCapacity((width + 1) * height)
        for row in 0..<height {
            rows.append(0)  // No filter.
            rows += pixels[row * width..<(row + 1) * width]
        }
        let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", header) + chunk("IDAT", stored(rows)) + chunk("IEND", [])
    }

    /// The same as text for an `img` element.
    static func dataAddress(_ pixels: [UInt8], width: Int, height: Int) -> String {
        "data:image/png;base64,"
            + Data(encode(pixels, width: width, height: height)).base64EncodedString()
    }

    private static func chunk(_ name: String, _ contents: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + contents
        return bigEndian(UInt32(contents.count)) + body + bigEndian(checksum(body))
    }

    /// A zlib stream of stored blocks of at most 65,535 bytes.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let count = min(65_535, bytes.count - start)
            let isLast: UInt8 = start + count == bytes.count ? 1 : 0
            let low = UInt8(count & 255)
            let high = UInt8(count >> 8)
            stream += [isLast, low, high, ~low, ~high]
            stream += bytes[start..<start + count]
            start += count
        } while start < bytes.count
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return stream + bigEndian(b << 16 | a)
    }

    /// The cyclic redundancy check CRC-32 of PNG's chunks.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
