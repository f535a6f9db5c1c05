import Foundation
import MartletFormats
import Testing

/// BMP and GIF pictures made here, of the kinds that the fixtures do not have.
@Suite struct OtherPictureTests {
    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func bmp(
        _ width: Int, _ height: Int, bits: Int, palette: [UInt8] = [], rows: [UInt8],
        compression: Int = 0
    ) -> FileContents {
        let header =
            little(40, 4) + little(width, 4) + little(height, 4) + little(1, 2)
            + little(bits, 2) + little(compression, 4) + little(rows.count, 4) + little(0, 8)
            + little(palette.count / 4, 4) + little(0, 4)
        let start = 14 + header.count + palette.count
        let file =
            Array("BM".utf8) + little(start + rows.count, 4) + little(0, 4)
            + little(start, 4) + header + palette + rows
        return FileContents(file, name: "made.bmp")
    }

    /// Blue, green, red and a spare byte for each colour.
    private static let palette: [UInt8] = [10, 20, 30, 0, 40, 50, 60, 0, 70, 80, 90, 0]
    private static let colours: [[UInt8]] = [[30, 20, 10], [60, 50, 40], [90, 80, 70]]

    @Test func readsPalettesOfBMP() throws {
        let eight = bmp(3, 2, bits: 8, palette: Self.palette, rows: [2, 1, 0, 0, 0, 1, 2, 0])
        let expected = [0, 1, 2, 2, 1, 0].flatMap { Self.colours[$0] }
        #expect(try Picture(eight).samples == expected)
        let four = bmp(
            3, 2, bits: 4, palette: Self.palette, rows: [0x21, 0, 0, 0, 0x01, 0x20, 0, 0])
        #expect(try Picture(four).samples == expected)
        let one = bmp(3, 1, bits: 1, palette: Self.palette, rows: [0b0100_0000, 0, 0, 0])
        #expect(try Picture(one).samples == [0, 1, 0].flatMap { Self.colours[$0] })
        Fixtures.expectRefusal("colour 3 of 3") {
            _ = try Picture(
                bmp(3, 1, bits: 8, palette: Self.palette, rows: [0, 3, 0, 0]))
        }
    }

    @Test func readsBMPFromTheTopAndInFourBytes() throws {
        let top = bmp(1, -2, bits: 32, rows: [1, 2, 3, 255, 4, 5, 6, 0])
        #expect(try Picture(top).samples == [3, 2, 1, 6, 5, 4])
        let bottom = bmp(1, 2, bits: 32, rows: [1, 2, 3, 255, 4, 5, 6, 0])
        #expect(try Picture(bottom).samples == [6, 5, 4, 3, 2, 1])
        let error = Fixtures.expectRefusal("compressed") {
            _ = try Picture(bmp(1, 1, bits: 8, palette: Self.palette, rows: [0], compression: 1))
        }
        #expect(error?.kind == .unsupported)
        Fixtures.expectRefusal("lowest height") {
            _ = try Picture(bmp(1, Int(Int32.min), bits: 24, rows: [0, 0, 0, 0]))
        }
    }

    /// A GIF whose codes are the pixels themselves, with a clear code before each.
    private func gif(
        _ width: Int, _ height: Int, pixels: [Int], interlaced: Bool = false,
        transparent: Int? = nil
    ) -> FileContents {
        let palette: [UInt8] = [30, 20, 10, 60, 50, 40, 90, 80, 70, 0, 0, 0]
        var file = Array("GIF89a".utf8) + little(width, 2) + little(height, 2) + [0x81, 0, 0]
        file += palette
        if let transparent { file += [0x21, 0xF9, 4, 1, 0, 0, UInt8(transparent), 0] }
        file += [0x2C, 0, 0, 0, 0] + little(width, 2) + little(height, 2)
        file += [interlaced ? 0x40 : 0, 2]
        var (bits, count, packed) = (0, 0, [UInt8]())
        for code in pixels.flatMap({ [4, $0] }) + [5] {
            bits |= code << count
            count += 3
            while count >= 8 {
                packed.append(UInt8(bits & 255))
                bits >>= 8
                count -= 8
            }
        }
        packed.append(UInt8(bits & 255))
        file += [UInt8(packed.count)] + packed + [0, 0x3B]
        return FileContents(file, name: "made.gif")
    }

    @Test func readsInterlacedAndTransparentGIF() throws {
        let pixels = [0, 1, 2, 0, 1, 2, 1, 1, 0]
        let plain = try Picture(gif(1, 9, pixels: pixels))
        #expect(plain.samples == pixels.flatMap { Self.colours[$0] })
        // The rows come as 0, 8; then 4; then 2, 6; then 1, 3, 5, 7.
        let order = [0, 8, 4, 2, 6, 1, 3, 5, 7]
        let interlaced = try Picture(gif(1, 9, pixels: order.map { pixels[$0] }, interlaced: true))
        #expect(interlaced == plain)
        let over = try Picture(gif(1, 9, pixels: pixels, transparent: 1))
        #expect(over.samples == pixels.flatMap { $0 == 1 ? [255, 255, 255] : Self.colours[$0] })
        let ignored = try Picture(
            gif(1, 9, pixels: pixels, transparent: 1), PictureReading(transparency: .ignored))
        #expect(ignored == plain)
    }

    @Test func refusesGIFWithTooFewPixels() throws {
        Fixtures.expectRefusal("few") { _ = try Picture(gif(2, 5, pixels: [0, 1, 2])) }
        Fixtures.expectRefusal("colour") {
            var file = gif(1, 1, pixels: [0]).bytes
            file[10] = 0x80  // Two colours, so that the next bytes are no longer a frame.
            _ = try Picture(FileContents(file, name: "made.gif"))
        }
    }
}
