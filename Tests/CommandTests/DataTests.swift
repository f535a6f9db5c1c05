import Foundation
import MartletData
import Testing

@Suite struct DataTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    @Test func aClosedPipeIsNoError() throws {
        let run = try folder.shell("martlet data info digits | head -1")
        #expect(run.status == 0)
        #expect(run.output.split(separator: "\n").count == 1)
        #expect(run.messages.isEmpty, "\(run.messages)")
        // With the signal ignored, writing fails instead.
        let ignored = try folder.shell("trap '' PIPE; martlet show digits --count 1000 | head -1")
        #expect(ignored.messages.isEmpty, "\(ignored.messages)")
    }

    @Test func outputThatIsLostIsAnError() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        let run = try folder.shell("martlet data info digits > /dev/full")
        #expect(run.status == 74)
        #expect(run.messages.hasPrefix("error: cannot write to standard output: "))
    }

    @Test func tellsShapesClassesAndValues() throws {
        let run = try folder.run("data", "info", "digits")
        #expect(run.status == 0, "\(run.messages)")
        #expect(
            run.output.hasPrefix(
                """
                digits (train): 1437 pictures u8[1,8,8], 10 classes
                digits (test): 360 pictures u8[1,8,8], 10 classes
                values     0 … 16, full brightness 16
                mean       0.30
                """), "\(run.output)")
        #expect(run.output.contains("\nclass  train  test\n0        143    35\n"), "\(run.output)")
    }

    @Test func checksTheParts() throws {
        let good = try folder.run("data", "check", "digits")
        #expect(good.status == 0, "\(good.messages)")
        #expect(good.output.hasPrefix("checked 1797 pictures of digits (train), digits (test)\n"))

        try folder.writeDigit(0, to: "set/train/a/1.png")
        try folder.writeDigit(1, to: "set/train/b/1.png")
        try folder.writeDigit(0, to: "set/test/a/1.png")
        let shared = try folder.run("data", "check", folder.path("set"))
        #expect(shared.status == 65)
        #expect(shared.output.contains("groups of equal pictures in different sets"))
        #expect(shared.messages.hasPrefix("error: parts share pictures"))

        try folder.write("no picture", to: "set/train/b/2.png")
        let damaged = try folder.run("data", "check", folder.path("set"), "--json")
        #expect(damaged.status == 65)
        #expect(damaged.output.contains("\"isUsable\" : false"))
        #expect(damaged.messages == "error: 1 pictures cannot be read\n")
    }

    /// A check names what training on the folder leaves out, or refuses it for.
    @Test func checksWhatTrainingRefuses() throws {
        for (number, name) in ["one/a/1.png", "one/a/2.png"].enumerated() {
            try folder.writeDigit(number, to: name)
        }
        let one = try folder.run("data", "check", folder.path("one"), "--json")
        #expect(one.status == 65 && one.output.contains("\"isUsable\" : false"), "\(one.output)")
        #expect(
            one.messages == """
                error: train --images needs a folder of pictures for each of two or more classes, \
                and there is the class a alone

                """)
        try folder.writeDigit(2, to: "one/b/1.png")
        let few = try folder.run("data", "check", folder.path("one"))
        #expect(few.status == 65)
        #expect(few.output.hasSuffix("one to be judged by, and b has 1\n"), "\(few.output)")
        try folder.writeDigit(3, to: "one/b/2.png")
        try folder.writeDigit(4, to: "one/loose.png")
        let loose = try folder.run("data", "check", folder.path("one"))
        #expect(loose.status == 0, "\(loose.messages)")
        #expect(
            loose.output.contains(
                "1 picture outside of the class folders is left out: loose.png\n"),
            "\(loose.output)")
        #expect(!loose.output.contains("nothing to note"))
    }

    @Test func listsThePicturesOfAFolderOfWhichNoneCanBeRead() throws {
        try folder.write("no picture", to: "broken/a/1.png", makingFolder: true)
        try folder.write("no picture", to: "broken/b/1.png", makingFolder: true)
        let run = try folder.run("data", "check", folder.path("broken"))
        #expect(run.status == 65)
        #expect(run.output.contains("\n2 damaged:\n  \(folder.path("broken/a/1.png"))  "))
        #expect(run.messages == "error: 2 pictures cannot be read\n")
        let json = try folder.run("data", "check", folder.path("broken"), "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let record = try #require(object as? [String: Any])
        #expect((record["damaged"] as? [Any])?.count == 2 && record["isUsable"] as? Bool == false)
    }

    @Test func wrongNamesAndFoldersSayWhatWouldBeRight() throws {
        let slip = try folder.run("data", "info", "mnits")
        #expect(slip.status == 64)
        #expect(
            slip.messages == """
                error: there is no data set named mnits
                  fix        did you mean mnist?
                             known: digits, mnist, fashion-mnist, kmnist, cifar10, cifar100

                """)
        let absent = try folder.run("data", "info", folder.path("absent"))
        #expect(absent.status == 66)
        #expect(absent.messages.contains("found      nothing of that name"))
        try folder.write("readme", to: "README.md")
        let wrong = try folder.run("data", "info", folder.url.path)
        #expect(wrong.status == 65)
        #expect(wrong.messages.contains("found      README.md"), "\(wrong.messages)")
        let text = try folder.write("some text\n", to: "text.npz")
        let damaged = try folder.run("data", "info", text)
        #expect(damaged.status == 65)
        #expect(damaged.messages.hasPrefix("error: \(text) "))
    }
}
