import Foundation
import Martlet
import MartletData
import MartletFormats
import Testing

@Suite struct EvaluateTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    private struct Result: Decodable {
        var accuracy: Double
        var count: Int
        var part: String
        var notes: [String]
        var loss: Double?
        var confusion: [[Int]]
        var mistakes: [Mistake]
        var leftOut: [Unreadable]

        struct Unreadable: Decodable {
            var path: String
        }

        struct Mistake: Decodable {
            var probability: Double
            var origin: String
        }
    }

    @Test func judgesAsTheLibraryDoes() throws {
        let model = try folder.writeModel()
        let run = try folder.run("evaluate", model, "--json", "--worst", "5")
        #expect(run.status == 0, "\(run.messages)")
        let result = try JSONDecoder().decode(Result.self, from: Data(run.output.utf8))
        let classifier = try Classifier(
            contentsOf: URL(fileURLWithPath: model), engine: Engines.make(.reference))
        let expected = try classifier.assess(try Dataset.digits(.test))
        #expect(result.count == 360)
        #expect(result.accuracy == expected.accuracy && result.accuracy > 0.85)
        #expect(result.confusion.flatMap { $0 }.reduce(0, +) == 360)
        #expect(
            result.mistakes.map(\.probability) == expected.mistakes.prefix(5).map(\.probability))
        #expect((0.05...1).contains(result.loss ?? 0))
    }

    @Test func showsTablesAndWritesTheMistakes() throws {
        let model = try folder.writeModel()
        let grid = folder.path("mistakes.png")
        let run = try folder.run(
            "evaluate", model, "--data", "digits", "--worst", "6", "--save-mistakes", grid)
        #expect(run.status == 0, "\(run.messages)")
        #expect(
            run.output.hasPrefix(
                "data       digits (test): 360 pictures u8[1,8,8], 10 classes\npart       test\n"))
        #expect(run.output.contains("\nclass  precision   recall"), "\(run.output)")
        #expect(run.output.contains("truth │  0  1  2  3  4  5  6  7  8  9 │ recall"))
        #expect(run.output.contains("\npicture "))
        #expect(try Picture(contentsOf: URL(fileURLWithPath: grid)).width > 100)
    }

    /// The pictures of a folder are brought to the model's size, and its class names must agree.
    @Test func judgesAFolderOfPictures() throws {
        let model = try folder.writeModel()
        let digits = try Dataset.digits(.test)
        for number in 0..<40 {
            try folder.writeDigit(number, to: "pictures/\(digits.labels[number])/\(number).png")
        }
        let labels = Set(digits.labels.prefix(40))
        try #require(labels.count == 10)
        let run = try folder.run(
            "evaluate", model, "--data", folder.path("pictures"), "--json")
        #expect(run.status == 0, "\(run.messages)")
        let result = try JSONDecoder().decode(Result.self, from: Data(run.output.utf8))
        #expect(result.count == 40 && result.accuracy >= 0.8)
        let root = folder.path("pictures/")
        #expect(result.mistakes.allSatisfy { $0.origin.hasPrefix(root) }, "\(result.mistakes)")
        #expect(result.part == "all" && result.notes.count == 1)
        #expect(
            result.notes.allSatisfy {
                $0.hasSuffix("so all of it judges, which the model may have learned from")
            }, "\(result.notes)")
        let text = try folder.run("evaluate", model, "--data", folder.path("pictures"), "-q")
        #expect(text.output.contains("\npart       all\nnote       "), "\(text.output)")
        let test = try folder.run(
            "evaluate", model, "--data", folder.path("pictures"), "--split", "test")
        #expect(test.status == 66)
        #expect(
            test.messages.hasSuffix("\n  fix        leave --split out, and what there is judges\n"),
            "\(test.messages)")

        try folder.writeDigit(0, to: "others/cat/1.png")
        try folder.writeDigit(1, to: "others/dog/1.png")
        let other = try folder.run(
            "evaluate", model, "--data", folder.path("others"), "--split", "train")
        #expect(other.status == 65)
        #expect(other.messages.contains("  received   cat, dog\n"), "\(other.messages)")
    }

    /// Broken pictures are named and left out, and the exit code tells of them.
    @Test func picturesThatCannotBeReadAreLeftOut() throws {
        let model = try folder.writeModel()
        let digits = try Dataset.digits(.test)
        for number in 0..<20 {
            try folder.writeDigit(number, to: "set/test/\(digits.labels[number])/\(number).png")
            try folder.writeDigit(number, to: "set/train/\(digits.labels[number])/\(number).png")
        }
        let clean = try folder.run("evaluate", model, "--data", folder.path("set"), "--json")
        #expect(clean.status == 0, "\(clean.messages)")
        let label = digits.labels[0]
        let broken = try folder.write("no picture", to: "set/test/\(label)/broken.png")
        try folder.write("", to: "set/test/\(label)/empty.png")
        let run = try folder.run("evaluate", model, "--data", folder.path("set"), "--json")
        #expect(run.status == 65)
        #expect(run.messages.contains("error: \(broken) is damaged or has another format\n"))
        #expect(
            run.messages.hasSuffix("error: 2 of 22 pictures could not be read and are left out\n"),
            "\(run.messages)")
        let result = try JSONDecoder().decode(Result.self, from: Data(run.output.utf8))
        let whole = try JSONDecoder().decode(Result.self, from: Data(clean.output.utf8))
        #expect(result.count == 20 && result.accuracy == whole.accuracy)
        #expect(whole.leftOut.isEmpty && result.leftOut.count == 2)
        #expect(result.leftOut.first?.path == broken)

        try folder.write("no picture", to: "bad/0/1.png", makingFolder: true)
        let none = try folder.run(
            "evaluate", model, "--data", folder.path("bad"), "--split", "train")
        #expect(none.status == 65 && none.output.isEmpty)
        #expect(
            none.messages.hasSuffix("error: no picture of bad (train) can be read\n"),
            "\(none.messages)")
    }

    @Test func whatCannotBeJudgedSaysWhy() throws {
        let model = try folder.writeModel()
        let unknown = try folder.run("evaluate", model, "--data", "digist")
        #expect(unknown.status == 64)
        #expect(unknown.messages.contains("did you mean digits?"), "\(unknown.messages)")
        let absent = try folder.run("evaluate", model, "--data", "mnist")
        #expect(absent.status == 66)
        #expect(
            absent.messages.hasPrefix(
                "error: the data set mnist is not on this machine, and the network is off\n"))
        let other = try folder.run("evaluate", model, "--data", folder.writeIDX())
        #expect(other.status == 65)
        #expect(
            other.messages == """
                error: the model does not take the pictures of idx (test)
                  expected   grey pictures of 8 x 8 pixels
                  found      grey pictures of 28 x 28 pixels
                  fix        give other data; class folders of pictures may have any size

                """)
        let file = try folder.write("x", to: "file")
        let unwritable = try folder.run("evaluate", model, "--save-mistakes", file + "/x.png")
        #expect(unwritable.status == 73)
        #expect(unwritable.messages.hasPrefix("error: cannot write \(file)/x.png"))
    }

    @Test func aDeviceThatIsNotThereEndsWith69() throws {
        let model = try folder.writeModel()
        let cuda = try folder.run("evaluate", model, "--device", "cuda")
        #expect(cuda.status == 69)
        #expect(cuda.messages.hasPrefix("error: there is no device cuda on this machine\n"))
        let quantum = try folder.run("evaluate", model, "--device", "quantum")
        #expect(quantum.status == 64)
        let threads = try folder.run("evaluate", model, "--threads", "0")
        #expect(threads.status == 64)
        #expect(threads.messages.hasPrefix("error: --threads must be from 1 to 4096, got 0\n"))
    }
}
