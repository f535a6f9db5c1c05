import Foundation
import MartletFormats
import MartletGraph
import MartletTestSupport
import Testing

@Suite struct PictureReadingTests {
    @Test func decodesEveryFixture() throws {
        let fixtures = try PictureFixtures()
        var (exact, most) = (0, 0)
        for entry in fixtures.readable {
            let url = Fixtures.url("data/images/\(entry.file)")
            let picture = try Picture(contentsOf: url, PictureFixtures.asPillow)
            #expect(picture.width == entry.width && picture.height == entry.height, "\(entry.file)")
            for (name, samples) in [
                ("rgb", picture.rgb().samples), ("grey", picture.grey().samples),
            ] {
                let expected = try fixtures.expected.array("full\(entry.row).\(name)").bytes
                let found = difference(samples, expected)
                #expect(
                    found.most <= entry.decodeMax && found.mean <= entry.decodeMean,
                    "\(entry.file) \(name): \(found)")
                exact += found.most == 0 ? 1 : 0
                most = max(most, found.most)
            }
        }
        print(
            "pictures: \(2 * fixtures.readable.count) arrays, \(exact) equal bit for bit,",
            "largest difference \(most)")
    }

    @Test func refusesFormatsThatAreNotRead() throws {
        for name in PictureFixtures.unread {
            let error = Fixtures.expectRefusal(name) {
                _ = try Picture(contentsOf: Fixtures.url("data/images/\(name)"))
            }
            #expect(error?.kind == .unsupported && error?.found == "a WebP picture")
        }
    }

    @Test func turnsPicturesUpright() throws {
        let fixtures = try PictureFixtures()
        var count = 0
        for entry in fixtures.entries {
            guard let row = entry.rowUpright else { continue }
            let picture = try Picture(contentsOf: Fixtures.url("data/images/\(entry.file)"))
            let expected = try fixtures.expected.array("full\(row).rgb")
            #expect([picture.height, picture.width] == Array(expected.type.shape[..<2]))
            let found = difference(picture.samples, expected.bytes)
            #expect(found.most <= entry.decodeMax, "\(entry.file): \(found)")
            count += 1
        }
        #expect(count == 8)
    }

    @Test func refusesEveryBadFile() throws {
        // What may also be read, by what the list says must happen.
        let readable = [
            "palette_index_out_of_range.png", "garbage_in_scan.jpg", "bomb_idat.png",
        ]
        var counts = (refused: 0, read: 0)
        let list = try JSONSerialization.jsonObject(
            with: Data(contentsOf: Fixtures.url("data/images/bad/bad.json")))
        let files =
            (list as? [[String: Any]]) ?? ((list as? [String: Any])?["files"] as? [[String: Any]])
        for item in try #require(files) {
            let name = try #require(item["file"] as? String)
            let file = try Fixtures.contents("data/images/bad/\(name)")
            if readable.contains(name), (try? Picture(file)) != nil {
                counts.read += 1
                continue
            }
            Fixtures.expectRefusal(name) { _ = try Picture(file) }
            counts.refused += 1
        }
        #expect(counts.refused >= 38)
        print("pictures: \(counts.refused) bad files refused, \(counts.read) read as allowed")
    }

    /// Index 9 of a palette of two colours; libpng must not look outside of it.
    @Test func indicesBeyondThePaletteAreBlack() throws {
        let file = try Fixtures.contents("data/images/bad/palette_index_out_of_range.png")
        let mark = Array("PLTE".utf8)
        let start = try #require(
            file.bytes.indices.first { file.bytes[$0...].starts(with: mark) })
        let palette = [
            file.bytes[(start + 4)..<(start + 7)], file.bytes[(start + 7)..<(start + 10)],
        ]
        let samples = try Picture(file).samples
        let pixels = stride(from: 0, to: samples.count, by: 3).map { Array(samples[$0..<$0 + 3]) }
        let others = pixels.filter { !palette.map(Array.init).contains($0) }
        #expect(!others.isEmpty && others.allSatisfy { $0 == [0, 0, 0] }, "\(others)")
    }

    @Test func paintsTransparentPixelsOverAColour() throws {
        let url = Fixtures.url("data/images/png_rgba8.png")
        let ignored = try Picture(contentsOf: url, PictureFixtures.asPillow)
        let white = try Picture(contentsOf: url)
        let black = try Picture(
            contentsOf: url, PictureReading(transparency: .over(red: 0, green: 0, blue: 0)))
        #expect(ignored != white && white != black)
        for index in white.samples.indices {
            // colour * a + 255 * (1 - a) and colour * a differ by what the colour lets through.
            let (light, dark) = (Int(white.samples[index]), Int(black.samples[index]))
            let alpha = 255 - (light - dark)
            let product = Int(ignored.samples[index]) * alpha
            #expect(abs(product - dark * 255) <= 511, "sample \(index)")
        }
    }

    @Test func limitsTheSizeBeforeDecoding() throws {
        let url = Fixtures.url("data/images/png_digit40.png")
        let error = Fixtures.expectRefusal("limit") {
            _ = try Picture(contentsOf: url, PictureReading(pixelLimit: 1599))
        }
        #expect(error?.kind == .tooLarge)
        #expect(error?.fix.hasPrefix("make the picture smaller; in Swift, ") == true)
        #expect(try Picture(contentsOf: url, PictureReading(pixelLimit: 1600)).width == 40)
    }

    @Test func writesWhatItReads() throws {
        var numbers = SeededGenerator(seed: 3)
        for (width, height) in [(1, 1), (7, 5), (64, 33)] {
            for channels in [1, 3] {
                let samples = (0..<width * height * channels).map { _ in
                    UInt8.random(in: 0...255, using: &numbers)
                }
                let picture = Picture(
                    width: width, height: height, channels: channels, samples: samples)
                let png = try Picture(FileContents(picture.png(), name: "written.png"))
                #expect(png == picture)
                #expect(Picture(picture.tensor) == picture)
                let smooth = picture.resized(width: 64, height: 64, .bicubic)
                    .resized(width: 96, height: 96)
                let jpeg = try Picture(
                    FileContents(smooth.jpeg(quality: 98, halvesColour: false), name: "written.jpg")
                )
                let found = difference(jpeg.samples, smooth.samples)
                #expect(found.most <= 24 && found.mean < 2, "\(found)")
                #expect(jpeg.channels == channels)
            }
        }
    }

    @Test func writesFilesByTheirEnding() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-pictures-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let picture = Picture(width: 9, height: 4, filledWith: [200, 100, 0])
        for (name, mark) in [("a.png", [0x89, 0x50] as [UInt8]), ("a.jpg", [0xFF, 0xD8])] {
            let url = folder.appendingPathComponent(name)
            try picture.write(to: url)
            #expect(try FileContents(contentsOf: url).bytes.starts(with: mark))
        }
        try picture.write(to: folder.appendingPathComponent("new/folder/a.png"))
        let error = Fixtures.expectRefusal("unwritable") {
            try picture.write(to: folder.appendingPathComponent("a.png/a.png"))
        }
        #expect(error?.kind == .unwritable)
    }
}
