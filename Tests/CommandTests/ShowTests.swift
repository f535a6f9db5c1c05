import Foundation
import MartletData
import MartletFormats
import Testing

@Suite struct ShowTests {
    let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    @Test func drawsAGridThatFitsTheTerminal() throws {
        for columns in [20, 40, 80] {
            let run = try folder.run(
                "show", "digits", "--count", "12", "--columns", "6",
                environment: ["COLUMNS": String(columns)])
            #expect(run.status == 0, "\(run.messages)")
            let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0] == "digits (train): 1437 pictures u8[1,8,8], 10 classes")
            #expect(lines[1].hasPrefix("classes    0 143, 1 146, "), "\(lines[1])")
            #expect(lines.dropFirst(2).allSatisfy { $0.count <= columns }, "\(columns)")
            if columns == 80 { #expect(run.output.contains("█")) }
        }
    }

    @Test func writesTheGridAndSinglePictures() throws {
        let (grid, one) = (folder.path("grid.png"), folder.path("one.png"))
        let saved = try folder.run("show", "digits", "--count", "10", "--save", grid)
        #expect(saved.status == 0 && saved.messages == "note: the grid is in \(grid)\n")
        #expect(try Picture(contentsOf: URL(fileURLWithPath: grid)).width > 800)
        let exported = try folder.run(
            "show", "digits", "--split", "test", "--export", "3", "--to", one)
        let digits = try Dataset.digits(.test)
        #expect(exported.output == "\(one)  \(digits.labels[3])\n")
        let picture = try Picture(contentsOf: URL(fileURLWithPath: one))
        #expect((picture.width, picture.height, picture.channels) == (8, 8, 1))
        #expect(
            picture.samples == (try digits.image(3)).map { UInt8((Int($0) * 255 + 8) / 16) })
    }

    @Test func anExportIsJSONToo() throws {
        struct Record: Decodable {
            struct Item: Decodable {
                var number: Int
                var label: String
            }
            var file: String
            var picture: Item
        }
        let file = folder.path("one.png")
        let run = try folder.run(
            "show", "digits", "--split", "test", "--export", "3", "--to", file, "--json")
        #expect(run.status == 0 && folder.holds("one.png"), "\(run.messages)")
        let record = try JSONDecoder().decode(Record.self, from: Data(run.output.utf8))
        let label = try Dataset.digits(.test).labels[3]
        #expect(record.file == file && record.picture.number == 3)
        #expect(record.picture.label == String(label))
    }

    /// Advice for those who write Swift stays in the library.
    @Test func adviceIsForTheCommand() throws {
        try folder.writeDigit(0, to: "set/a/1.png")
        let run = try folder.run("show", folder.path("set"), "--split", "test")
        #expect(run.status == 66)
        #expect(run.messages.contains("  fix        name another part"), "\(run.messages)")
        #expect(!run.messages.contains("in Swift"), "\(run.messages)")
    }

    /// On a terminal notes keep to its width; the program `script` makes one.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
    func notesKeepToTheTerminalsWidth() throws {
        #if os(Linux)
            let (command, grid) = (CommandRun.path(of: "martlet"), folder.path("grid.png"))
            let run = try folder.shell(
                """
                COLUMNS=24 script -qec "'\(command)' show digits --count 2 --save '\(grid)' \
                2>&1 >/dev/null" /dev/null
                """)
            #expect(run.status == 0)
            #expect(run.output.contains("note: the grid is in\r\n  \(grid)\r\n"), "\(run.output)")
        #endif
    }

    @Test func augmentedPicturesDifferAndRepeat() throws {
        let plain = try folder.run("show", "digits", "--count", "4")
        let steps = ["--augment", "rotate=20", "--augment", "shift=-1:1"]
        let turned = try (0..<2).map { _ in
            try CommandRun(
                ["show", "digits", "--count", "4"] + steps, environment: folder.environment)
        }
        #expect(turned[0].status == 0, "\(turned[0].messages)")
        #expect(turned[0].output == turned[1].output && turned[0].output != plain.output)
        for step in ["rotat=20", "rotate", "rotate=a", "crop=-1", "scale=0:0", "shift=1:2:3"] {
            let wrong = try folder.run("show", "digits", "--augment", step)
            #expect(wrong.status == 64, "\(step)")
        }
    }

    @Test(arguments: [
        (["--from", "1437"], "--from 1437: digits (train) has the pictures 0 … 1436"),
        (["--export", "9999", "--to", "/tmp/x.png"], "--export 9999: digits (train) has"),
        (["--export", "1"], "--export and --to need each other"),
        (["--save", "grid.gif"], "grid.gif must end in .png, .jpg or .jpeg"),
        (["--count", "0"], "--count must be from 1 to 1000, got 0"),
    ])
    func badUsageEndsWith64(arguments: [String], message: String) throws {
        let run = try CommandRun(
            ["show", "digits"] + arguments, environment: folder.environment)
        #expect(run.status == 64)
        #expect(run.messages.hasPrefix("error: " + message), "\(run.messages)")
    }

    @Test func aPlaceThatCannotBeWrittenEndsWith73() throws {
        let file = try folder.write("x", to: "file")
        let run = try folder.run("show", "digits", "--save", file + "/grid.png")
        #expect(run.status == 73)
        #expect(run.messages.hasPrefix("error: cannot write \(file)/grid.png"))
    }
}
