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

    private func train(
        _ name: String = "photos", epochs: Int = 4, _ more: String...
    ) throws -> CommandRun {
        try folder.run(
            [
                "train", "--images", folder.path(name), "--image-size", "12", "--epochs",
                "\(epochs)", "--batch-size", "4", "--json", "--out", folder.path("runs"),
            ] + more)
    }

    /// What `evaluate` says.
    private func judged(_ arguments: String...) throws -> Judged {
        let run = try folder.run(["evaluate"] + arguments + ["--json"])
        try #require(run.status == 0, "\(run.messages)")
        return try JSONDecoder().decode(Judged.self, from: Data(run.output.utf8))
    }

    private struct Judged: Decodable {
        var part: String
        var notes: [String]
        var data: String
        var count: Int
        var accuracy: Double
        var loss: Double
    }

    private struct Result: Decodable {
        var run: String
        var model: String
        var examples: Int
        var testExamples: Int
        var testAccuracy: Double
        var testLoss: Double
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
        let judged = try judged(try result(run).model)
        #expect(judged.part == "held back" && judged.count == 4)
    }

    /// The pictures that judged in training judge again; the loss tells them from all others.
    @Test func evaluateJudgesByWhatWasHeldBack() throws {
        try writePictures()
        let run = try train(epochs: 1, "--seed", "3")
        let trained = try result(run)
        for path in [trained.run, trained.model, trained.run + "/checkpoints"] {
            let judged = try judged(path)
            #expect(judged.part == "held back" && judged.count == 4 && judged.notes.isEmpty)
            #expect(judged.data == "photos (held back)")
            #expect(judged.accuracy == trained.testAccuracy)
            #expect(abs(judged.loss - trained.testLoss) < 1e-4 * max(1, trained.testLoss))
        }
        let learned = try judged(trained.run, "--split", "train")
        #expect(learned.part == "train" && learned.count == 16)
        let named = try judged(trained.run, "--data", folder.path("photos"), "--split", "test")
        #expect(named.part == "held back" && named.count == 4)
        let text = try folder.run("evaluate", trained.run, "--quiet")
        #expect(text.output.contains("\npart       held back\n"), "\(text.output)")
        // The file alone knows enough.
        let alone = folder.path("alone.martlet")
        try FileManager.default.copyItem(atPath: trained.model, toPath: alone)
        #expect(try judged(alone).part == "held back")
        #expect(try judged(alone).loss == judged(trained.model).loss)
        // Of another folder nothing is known to have been held back.
        try writePictures("others")
        #expect(try judged(alone, "--data", folder.path("others")).part == "all")

        try FileManager.default.removeItem(atPath: folder.path("photos/red/0.png"))
        for path in [trained.run, alone] {
            let judged = try judged(path)
            #expect(judged.part == "all" && judged.count == 19)
            #expect(
                judged.notes.first?.hasSuffix(
                    "photos has changed since training, so nothing tells which pictures were held back"
                ) == true, "\(judged.notes)")
        }
        let test = try folder.run("evaluate", trained.run, "--split", "test")
        #expect(test.status == 65)
        #expect(
            test.messages.hasSuffix("\n  fix        leave --split out, and all pictures judge\n"),
            "\(test.messages)")
    }

    @Test func evaluateKeepsTheLimits() throws {
        try writePictures()
        let run = try train(epochs: 1, "--limit-train", "6", "--limit-test", "2")
        let trained = try result(run)
        #expect(
            run.messages.contains("train: photos (train), limited from 16: 6 pictures "),
            "\(run.messages)")
        #expect(
            run.messages.contains("test: photos (held back), limited from 4: 2 pictures "))
        let alone = folder.path("alone.martlet")
        try FileManager.default.copyItem(atPath: trained.model, toPath: alone)
        for path in [trained.run, alone] {
            let judged = try judged(path)
            #expect(judged.part == "held back" && judged.count == 2)
            #expect(abs(judged.loss - trained.testLoss) < 1e-4 * max(1, trained.testLoss))
            #expect(try self.judged(path, "--split", "train").count == 6)
        }
    }

    /// A folder without `test` is judged by `val`, in training and later; capitals do not matter.
    @Test func partsOfTheFolderJudge() throws {
        try writePictures("set/Train")
        try writePictures("set/VAL")
        let first = try train("set", epochs: 1, "--limit-test", "5")
        let byValidation = try result(first)
        #expect(byValidation.examples == 20 && byValidation.testExamples == 5)
        #expect(
            byValidation.notes.contains {
                $0.hasPrefix("20 of the 20 pictures of set (VAL) are also in set (Train), ")
            }, "\(byValidation.notes)")
        let again = try judged(byValidation.run)
        #expect(again.part == "validation" && again.count == 5)
        #expect(abs(again.loss - byValidation.testLoss) < 1e-4 * max(1, byValidation.testLoss))

        try writePictures("set/Test")
        try FileManager.default.removeItem(atPath: folder.path("set/Test/red/2.png"))
        try FileManager.default.createDirectory(
            atPath: folder.path("set/extra"), withIntermediateDirectories: true)
        let second = try train("set", epochs: 1)
        let byTest = try result(second)
        #expect(byTest.testExamples == 19)
        #expect(
            byTest.notes.contains("the folder VAL is not used; the model is judged by Test"),
            "\(byTest.notes)")
        #expect(byTest.notes.contains("1 folder beside Train is left out: extra"))
        #expect(try judged(byTest.run).part == "test")
        #expect(try judged(byTest.run, "--split", "train").part == "train")
    }

    @Test func picturesWithoutAClassAndEqualOnesAreSaidSo() throws {
        try writePictures()
        // Three pictures in all of blue, so one of them judges; all are equal.
        for number in 1..<8 {
            try FileManager.default.removeItem(
                atPath: folder.path("photos/blue/\(number).\(number % 2 == 0 ? "png" : "jpg")"))
        }
        let blue = URL(fileURLWithPath: folder.path("photos/blue/0.png"))
        for place in ["blue/a.png", "blue/b.png", "1.png", "2.PNG"] {
            let copy = URL(fileURLWithPath: folder.path("photos/" + place))
            try Data(contentsOf: blue).write(to: copy)
        }
        try folder.write("x", to: "photos/readme.txt")
        let run = try train(epochs: 1)
        let notes = try result(run).notes
        #expect(
            notes.contains("2 pictures outside of the class folders are left out: 1.png, 2.PNG"),
            "\(notes)")
        #expect(notes.contains("1 file other than pictures is left out: readme.txt"))
        #expect(
            notes.contains(
                "3 of the 15 pictures are held back for judging: a fifth of each class, at least one"
            ))
        #expect(
            notes.contains {
                $0.hasPrefix(
                    "1 of the 3 pictures of photos (held back) is also in photos (train), ")
            })
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
