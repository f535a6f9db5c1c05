import Foundation
import MartletData
import MartletFormats
import MartletReport
import Testing

@Suite struct PictureGridTests {
    private func grey(_ samples: [UInt8], width: Int) -> Picture {
        Picture(width: width, height: samples.count / width, channels: 1, samples: samples)
    }

    /// The picture with a character for each pixel: ink, space for white, the first letter of others.
    private func drawn(_ picture: Picture) -> [String] {
        (0..<picture.height).map { y in
            let line = (0..<picture.width).map { x in
                let place = 3 * (y * picture.width + x)
                return switch Array(picture.samples[place..<place + 3]) {
                case [255, 255, 255]: " "
                case [22, 104, 184]: "b"
                case [192, 53, 34]: "r"
                case [0, 0, 0]: "0"
                default: "?"
                }
            }.joined()
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    @Test func picturesAreEnlargedAndCaptionsStandBelow() {
        let pixels = grey([0, 255, 255, 0], width: 2)
        let grid = PictureGrid(
            [LabelledPicture(pixels, caption: "1", isRight: true)], scale: 6)
        let lines = drawn(grid.picture)
        #expect(grid.picture.width == 28 && grid.picture.height == 8 + 12 + 24 + 8)
        #expect(lines[8...13].allSatisfy { $0 == "        000000" })
        #expect(lines[14...19].allSatisfy { $0 == "              000000" })
        // The 1 stands in the middle of the picture's 12 pixels.
        let text = lines[20...]
        #expect(text.contains { $0.contains("b") } && !text.contains { $0.contains("r") })
        #expect(text.allSatisfy { $0.count <= 20 && $0.prefix(8).allSatisfy { $0 == " " } })
        // A second line makes room below.
        let mistake = PictureGrid(
            [LabelledPicture(pixels, caption: "1", detail: "7", isRight: false)], scale: 6)
        #expect(mistake.picture.height == grid.picture.height + 21)
        #expect(drawn(mistake.picture).contains { $0.contains("r") })
    }

    @Test func gridsHaveRowsAndAMap() {
        let dark = LabelledPicture(grey([0], width: 1))
        let grid = PictureGrid([dark, dark, dark], columns: 2, scale: 4)
        #expect(grid.picture.width == 8 + 2 * 12 && grid.picture.height == 8 + 2 * 12)
        let lines = drawn(grid.picture)
        #expect(lines[8] == "        0000        0000" && lines[20] == "        0000")
        let inverted = PictureGrid([dark], map: .inverted, scale: 4)
        #expect(drawn(inverted.picture).allSatisfy { $0.isEmpty })
        #expect(PictureGrid([]).picture.width == 1)
        #expect(
            PictureGrid([LabelledPicture(grey([UInt8](repeating: 0, count: 784), width: 28))]).scale
                == 3)
    }

    @Test func longCaptionsEndInDotsAndLargePicturesShrink() {
        let wide = grey([UInt8](repeating: 0, count: 600 * 300), width: 600)
        let caption = String(repeating: "long ", count: 40)
        let picture = PictureGrid([LabelledPicture(wide, caption: caption, isRight: false)]).picture
        #expect(picture.width == 16 + 512)
        #expect(picture.height == 16 + 128 + 24)
        let text = drawn(picture)[136...].joined()
        #expect(text.contains("r") && !text.contains("b"))
    }

    @Test func predictionsNameTheTruthWhenTheyAreWrong() {
        let picture = grey([0], width: 1)
        let right = LabelledPicture(picture, label: "cat", prediction: "cat")
        let wrong = LabelledPicture(picture, label: "cat", prediction: "dog")
        #expect(right.caption == "cat" && right.isRight == true)
        #expect(wrong.caption == "dog (cat)" && wrong.isRight == false)
    }

    @Test func dataSetsGivePicturesWithTheirBrightestAsWhite() throws {
        let data = Dataset(
            name: "two", images: [0, 16, 8, 4, 1, 2, 3, 4, 5, 6, 7, 8], imageShape: [3, 1, 2],
            brightest: 16, labels: [1, 0], classNames: ["a", "b"])
        let first = try data.labelledPicture(0)
        #expect(first.caption == "b" && first.picture.channels == 3)
        #expect(first.picture.samples == [0, 128, 16, 255, 64, 32])
        let grey = Picture(planes: [1, 2, 3, 4] as [UInt8], shape: [2, 1, 2])
        #expect(grey.channels == 1 && grey.samples == [1, 2])
    }

    @Test(arguments: ["png", "jpg"]) func gridsBecomeFiles(form: String) throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(UUID().uuidString).\(form)")
        defer { try? FileManager.default.removeItem(at: url) }
        let grid = PictureGrid([LabelledPicture(grey([0, 90, 180, 255], width: 2), caption: "é ?")])
        try grid.write(to: url)
        let back = try Picture(contentsOf: url)
        #expect((back.width, back.height) == (grid.picture.width, grid.picture.height))
        if form == "png" { #expect(back.rgb() == grid.picture) }
    }
}
