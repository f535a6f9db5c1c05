import Foundation
import Martlet
import MartletData
import MartletFormats
import Testing

@Suite struct PredictTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    /// The digits 0 ..< 20 of the test part, fed as they are.
    private func direct(_ model: String) throws -> [String] {
        let classifier = try Classifier(
            contentsOf: URL(fileURLWithPath: model), engine: Engines.make(.reference))
        let digits = try Dataset.digits(.test).first(20)
        return try classifier.predict(digits).choices.map { String($0) }
    }

    private struct Line: Decodable {
        var path: String
        var label: String?
        var inverted: Bool?
        var confidence: Double?
        var error: String?
        var scores: [Double]?
        var top: [Choice]?

        struct Choice: Decodable {
            var label: String
            var probability: Double
        }
    }

    private func lines(_ run: CommandRun) throws -> [Line] {
        try run.output.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }

    @Test(arguments: ["png", "jpg"], [1, 5])
    func digitsInFilesAreNamedAsTheyAreDirectly(ending: String, scale: Int) throws {
        let model = try folder.writeModel()
        let direct = try direct(model)
        for isInverted in [false, true] {
            for number in 0..<20 {
                let name = String(format: "p/%02d.%@", number, ending)
                try folder.writeDigit(number, to: name, scale: scale, isInverted: isInverted)
            }
            let run = try folder.run("predict", model, folder.path("p"), "--json")
            #expect(run.status == 0, "\(run.messages)")
            let lines = try lines(run)
            #expect(lines.count == 20)
            #expect(lines.allSatisfy { $0.inverted == isInverted })
            let labels = lines.compactMap(\.label)
            let equal = zip(labels, direct).filter { $0 == $1 }.count
            // Without loss and scaling every picture is the very same input.
            #expect(equal >= (ending == "png" && scale == 1 ? 20 : 19), "\(labels) \(direct)")
            #expect(run.messages.contains("light and dark were exchanged") == isInverted)
        }
    }

    @Test func aLineHasPathClassAndConfidence() throws {
        let model = try folder.writeModel()
        let one = try folder.writeDigit(0, to: "one.png")
        let run = try folder.run("predict", model, one, "--top", "3", "--scores")
        #expect(run.status == 0)
        let fields = run.output.split(whereSeparator: \.isWhitespace)
        #expect(fields.count == 1 + 3 * 2 + 10, "\(run.output)")
        #expect(String(fields[0]) == one)
        #expect(fields[2].hasSuffix("%") && fields[4].hasSuffix("%"))
        #expect(run.messages.isEmpty)
    }

    @Test func aBrokenPictureIsNamedAndTheRestGoOn() throws {
        let model = try folder.writeModel()
        let text = try folder.write("no picture\n", to: "text.png")
        let one = try folder.writeDigit(0, to: "one.png")
        let run = try folder.run("predict", model, text, folder.path("absent.png"), one)
        #expect(run.status == 65)
        #expect(run.messages.contains("error: \(text) is damaged or has another format\n"))
        #expect(run.messages.contains("error: cannot read \(folder.path("absent.png"))\n"))
        #expect(run.messages.hasSuffix("error: 2 of 3 could not be read\n"))
        #expect(run.output.hasPrefix(one) && run.output.split(separator: "\n").count == 1)

        let json = try lines(try folder.run("predict", model, text, one, "--json"))
        #expect(json.map(\.path) == [text, one])
        #expect(json[0].error?.contains("expected   a PNG, JPEG, BMP or GIF picture") == true)
        #expect(json[1].error == nil && json[1].label != nil)
    }

    #if os(Linux)
        @Test func aNameThatIsNoTextCanBeRenamed() throws {
            let model = try folder.writeModel()
            let run = try folder.shell(
                """
                file="$(printf '\(folder.url.path)/b\\377.png')"
                touch "$file"
                martlet predict '\(model)' "$file"
                """)
            #expect(run.status == 66)
            #expect(
                run.messages.contains("  fix        rename it: the name is not valid UTF-8\n"),
                "\(run.messages)")
        }
    #endif

    @Test func whatIsNotThereEndsWith66() throws {
        let model = try folder.writeModel()
        let picture = try folder.run("predict", model, folder.path("absent.png"))
        #expect(picture.status == 66)
        let none = try folder.run("predict", folder.path("absent.martlet"), folder.path("x.png"))
        #expect(none.status == 66)
        #expect(none.messages.hasPrefix("error: cannot read \(folder.path("absent.martlet"))\n"))
        try FileManager.default.createDirectory(
            atPath: folder.path("empty"), withIntermediateDirectories: true)
        let empty = try folder.run("predict", model, folder.path("empty"))
        #expect(empty.status == 66)
        #expect(empty.messages.contains("a folder without any"))
        let address = try folder.run("predict", model, "https://example.org/seven.png")
        #expect(address.status == 66)
        #expect(address.messages.contains("fix        download it, then name the file"))
    }

    @Test func namesOfClassesMustBeAsManyAsResults() throws {
        let model = try folder.writeModel()
        let before = try Data(contentsOf: URL(fileURLWithPath: model))
        let picture = try folder.writeDigit(0, to: "one.png")
        let many = (0..<12).map { "c\($0)" }.joined(separator: ",")
        for names in ["a,b", many] {
            let run = try folder.run("predict", model, picture, "--classes", names)
            #expect(run.status == 64)
            #expect(run.messages.contains("error: --classes must name 10 classes, one for each"))
            let converted = try folder.run(
                "convert", model, model, "--classes", names, "--force")
            #expect(converted.status == 64)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: model)) == before)
    }

    /// Letters that steer a terminal are shown; JSON has them as they are.
    @Test func namesCannotSteerTheTerminal() throws {
        let model = try folder.writeModel()
        let picture = try folder.writeDigit(0, to: "a\u{1B}[31m\nb.png")
        let seen = folder.url.path + "/a\\u{1B}[31m\\nb.png"
        let run = try folder.run("predict", model, picture)
        #expect(run.status == 0 && run.output.hasPrefix(seen + "  "), "\(run.output)")
        #expect(run.output.split(separator: "\n").count == 1)
        let json = try lines(try folder.run("predict", model, picture, "--json"))
        #expect(json.map(\.path) == [picture])
        try FileManager.default.removeItem(atPath: picture)
        let absent = try folder.run("predict", model, picture)
        #expect(absent.messages.hasPrefix("error: cannot read \(seen)\n"), "\(absent.messages)")
        let broken = try folder.run("predict", "\u{1B}[31m.martlet", picture)
        #expect(broken.status == 66 && !broken.messages.contains("\u{1B}"), "\(broken.messages)")
    }

    @Test(.enabled(if: geteuid() != 0, "nothing is closed to the superuser"))
    func aFolderThatCannotBeReadSaysSo() throws {
        let model = try folder.writeModel()
        try folder.writeDigit(0, to: "closed/one.png")
        let closed = folder.path("closed")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: closed)
        defer {
            try? FileManager.default.setAttributes(
                [.posixPermissions: 0o700], ofItemAtPath: closed)
        }
        let run = try folder.run("predict", model, closed)
        #expect(run.status == 66)
        #expect(run.messages.contains("  found      Permission denied\n"), "\(run.messages)")
    }

    @Test func aFileOfClassesThatCannotBeReadSaysSo() throws {
        let model = try folder.writeModel()
        let picture = try folder.writeDigit(0, to: "one.png")
        for (name, found) in [("none.txt", "No such file or directory"), ("", "a folder")] {
            let run = try folder.run("predict", model, picture, "--classes", folder.path(name))
            #expect(run.status == 66)
            #expect(
                run.messages.hasSuffix(
                    """
                      expected   a file with the name of a class on each line, or names with commas \
                    between
                      found      \(found)

                    """), "\(run.messages)")
        }
    }

    @Test func aFileThatIsNoModelEndsWith65() throws {
        let text = try folder.write("no model, but some text", to: "text.martlet")
        let run = try folder.run("predict", text, folder.path("x.png"))
        #expect(run.status == 65)
        #expect(
            run.messages.hasPrefix("error: \(text) is not a model file, and no file of weights\n"),
            "\(run.messages)")
        #expect(run.messages.hasSuffix("  found      text: no model, but some text\n"))
        let picture = try folder.writeDigit(0, to: "picture.png")
        for command in ["evaluate", "predict", "summary"] {
            let more = command == "predict" ? [picture] : []
            let run = try folder.run([command, picture] + more)
            #expect(run.status == 65)
            #expect(run.messages.contains("picture.png is not a model file"), "\(run.messages)")
            #expect(run.messages.contains("  found      a PNG picture\n"), "\(run.messages)")
            #expect(run.messages.contains("name the model first") == (command == "predict"))
        }
        let model = try folder.writeModel()
        let like = try folder.run(
            "convert", model, folder.path("net.onnx"), "--like", picture)
        #expect(like.status == 65)
        #expect(
            like.messages.hasPrefix(
                "error: \(picture): is not a model file of Martlet\n  a PNG picture\n"),
            "\(like.messages)")
    }

    @Test func invertedPicturesCanBeLeftAsTheyAre() throws {
        let model = try folder.writeModel()
        let picture = try folder.writeDigit(0, to: "dark.png", isInverted: true)
        let kept = try folder.run("predict", model, picture, "--invert", "never", "--json")
        #expect(try lines(kept)[0].inverted == false)
        #expect(kept.messages.isEmpty)
        let always = try folder.run("predict", model, picture, "--invert", "always", "--json")
        let auto = try folder.run("predict", model, picture, "--json", "--quiet")
        #expect(always.output == auto.output)
        #expect(auto.messages.isEmpty)
    }

    @Test func explainsAndShowsWhatTheModelSees() throws {
        let model = try folder.writeModel()
        let picture = try folder.writeDigit(0, to: "dark.png", scale: 4, isInverted: true)
        let run = try folder.run("predict", model, picture, "--explain", "--show")
        #expect(run.output.contains("  read      32 x 32, grey\n"))
        #expect(
            run.output.contains(
                "  prepared  light and dark exchanged; squashed to 8 x 8, bilinear; "
                    + "0 … 255 as 0 … 16\n"))
        let drawn = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(drawn.filter { $0.contains("█") }.count >= 3)
        #expect(drawn.allSatisfy { $0.count <= 90 })
    }
}
