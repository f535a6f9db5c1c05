import Foundation
import MartletFormats
import Testing

/// `martlet train --images` on a folder as people have them.
@Suite struct ImagesTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    /// Red and blue pictures of several sizes; the colours are easily told apart.
    private func writePictures(_ name: String = "photos") throws {
        for (label, count, colour) in [("red", 12, 0), ("blue", 8, 2)] {
            try FileManager.default.createDirectory(
                atPath: folder.path("\(name)/\(label)"), withIntermediateDirectories: true)
            for number in 0..<count {
                let (width, height) = (20 + number, 30 - number)
                var samples = [UInt8](repeating: 0, count: width * height * 3)
                for pixel in 0..<width * height {
                    samples[3 * pixel + colour] = UInt8(200 + (pixel + number) % 50)
                }
                try Picture(width: width, height: height, channels: 3, samples: samples)
                    .write(
                        to: URL(
                            fileURLWithPath: folder.path(
                                "\(name)/\(label)/\(number).\(number % 2 == 0 ? "png" : "jpg")")))
            }
        }
    }

    private func train(_ name: String = "photos") throws -> CommandRun {
        try folder.run(
            "train", "--images", folder.path(name), "--image-size", "12", "--epochs", "4",
            "--batch-size", "4", "--json", "--out", folder.path("runs"))
    }

    private struct Result: Decodable {
        var model: String
        var examples: Int
        var testExamples: Int
        var testAccuracy: Double
        var classes: [Row]
        var notes: [String]

        struct Row: Decodable {
            var name: String
            var support: Int
        }
    }

    private func result(_ run: CommandRun) throws -> Result {
        try JSONDecoder().decode(Result.self, from: Data(run.output.utf8))
    }

    @Test func learnsPredictsAndGoesOnFromAnyFolder() throws {
        try writePictures()
        let run = try train()
        #expect(run.status == 0, "\(run.messages)")
        let result = try result(run)
        // A fifth of each class is held back.
        #expect(result.examples == 16 && result.testExamples == 4)
        #expect(result.classes.map(\.name) == ["blue", "red"])
        #expect(result.classes.map(\.support) == [2, 2])
        #expect(result.testAccuracy == 1, "\(run.messages)")
        let predicted = try folder.run(
            "predict", result.model, folder.path("photos/red"), "--json")
        #expect(predicted.status == 0)
        let labels = predicted.output.split(separator: "\n")
        #expect(labels.count == 12 && labels.allSatisfy { $0.contains("\"label\":\"red\"") })
        // The path of the pictures is kept whole, so a run goes on from elsewhere.
        let settings = try folder.text("runs/images-1/settings.json")
        #expect(settings.contains("\"data\" : \"\(folder.path("photos"))\""), "\(settings)")
    }

    /// What is no picture is named and left out; the rest is learned from.
    @Test func picturesThatCannotBeReadAreNamed() throws {
        try writePictures()
        try folder.write("no picture", to: "photos/red/text.jpg")
        let whole = try Data(
            contentsOf: URL(fileURLWithPath: folder.path("photos/red/1.jpg")))
        try whole.prefix(whole.count / 3).write(
            to: URL(fileURLWithPath: folder.path("photos/blue/broken.jpg")))
        try folder.write("not a picture by its name", to: "photos/red/notes.txt")
        let run = try train()
        #expect(run.status == 0, "\(run.messages)")
        let notes = try result(run).notes.joined(separator: "\n")
        #expect(notes.contains("2 of 22 pictures cannot be read and are left out: "), "\(notes)")
        #expect(notes.contains("text.jpg") && notes.contains("broken.jpg"))
        #expect(run.messages.contains("text.jpg"))
        #expect(try result(run).examples == 16)
    }

    @Test func anEmptyClassIsSaidSo() throws {
        try writePictures()
        try FileManager.default.createDirectory(
            atPath: folder.path("photos/green"), withIntermediateDirectories: true)
        let run = try train()
        #expect(run.status == 0, "\(run.messages)")
        #expect(try result(run).classes.map(\.name) == ["blue", "red"])
        #expect(run.messages.contains("the folder green has no pictures, so it is no class"))
        let judged = try folder.run("evaluate", try result(run).model, "--json")
        #expect(judged.status == 0, "\(judged.messages)")
        #expect(judged.messages.contains("which the model may have learned from"))
    }

    /// Small pictures are not blown up; a side that was given counts.
    @Test func theSideSuitsThePictures() throws {
        try writePictures()
        let run = try folder.run(
            "train", "--images", folder.path("photos"), "--epochs", "1", "--limit-train", "4",
            "--limit-test", "2", "--quiet", "--out", folder.path("runs"))
        #expect(run.status == 0, "\(run.messages)")
        #expect(try folder.text("runs/images-1/settings.json").contains("\"imageSize\" : 32"))
    }

    @Test func foldersThatCannotBeLearnedFromSayWhatIsExpected() throws {
        let absent = try train("absent")
        #expect(absent.status == 66, "\(absent.messages)")
        try folder.write("x", to: "flat/readme.txt", makingFolder: true)
        let flat = try train("flat")
        #expect(flat.status == 66)
        #expect(flat.messages.contains("expected   folders of pictures, one for each class"))
        try writePictures("one")
        try FileManager.default.removeItem(atPath: folder.path("one/blue"))
        let one = try train("one")
        #expect(one.status == 65)
        #expect(
            one.messages.contains("expected   a folder of pictures for each of two or more classes")
        )
        try writePictures("few")
        for number in 1..<8 {
            try FileManager.default.removeItem(
                atPath: folder.path("few/blue/\(number).\(number % 2 == 0 ? "png" : "jpg")"))
        }
        let few = try train("few")
        #expect(few.status == 65)
        #expect(few.messages.contains("at least 2 pictures in each class"), "\(few.messages)")
        try writePictures("spoiled")
        try FileManager.default.createDirectory(
            atPath: folder.path("spoiled/green"), withIntermediateDirectories: true)
        try FileManager.default.removeItem(atPath: folder.path("spoiled/blue"))
        try folder.write("no picture", to: "spoiled/blue/text.jpg", makingFolder: true)
        let spoiled = try train("spoiled")
        #expect(spoiled.status == 65)
        #expect(spoiled.messages.contains("found      none; cannot be read: blue/text.jpg ("))
        #expect(!folder.holds("runs"))
    }
}
