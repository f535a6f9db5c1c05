import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletReport

/// `martlet show`: pictures of a data set in the terminal and as files.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show pictures of a data set.",
        discussion: """
            Draws a grid in the terminal, and writes it as a picture with --save. With --augment the \
            pictures are changed as they would be in training; each step is a name, mostly with \
            numbers: \(AugmentationText.examples).

            Example:
              martlet show mnist --count 40 --augment rotate=10 --augment shift=2
            """)

    @Argument(
        help: "A data set by its name, or a file or folder.",
        completion: .custom(Completions.dataSetsAndPaths))
    var subject: String

    @Option(help: "How many pictures are shown.")
    var count = 20

    @Option(help: "How many pictures stand in a row.")
    var columns = 10

    @Option(help: "The number of the first picture, counted from 0.")
    var from = 0

    @Option(help: "The part of the data set.")
    var split = Split.train

    @Option(help: "How grey values are shown; inverted is dark ink on paper.")
    var map = GreyMap.grey

    @Option(
        help: ArgumentHelp("Write the grid as a picture (PNG, JPEG).", valueName: "file"),
        completion: .file(extensions: ["png", "jpg"]))
    var save: String?

    @Option(
        help: ArgumentHelp(
            "Write the picture of this number, counted from 0, as it is to the file --to.",
            valueName: "number"))
    var export: Int?

    @Option(
        help: ArgumentHelp("The file of --export (PNG, JPEG).", valueName: "file"),
        completion: .file(extensions: ["png", "jpg"]))
    var to: String?

    @Option(
        help: ArgumentHelp("A random change, such as rotate=10; repeatable.", valueName: "step"),
        completion: .list(AugmentationText.names))
    var augment: [AugmentationText] = []

    @Option(help: "The number that random changes start from.")
    var seed: UInt64 = 0

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...1000).contains(count) {
            throw ValidationError("--count must be from 1 to 1000, got \(count)")
        }
        if !(1...200).contains(columns) {
            throw ValidationError("--columns must be from 1 to 200, got \(columns)")
        }
        if from < 0 { throw ValidationError("--from must be at least 0, got \(from)") }
        if (export == nil) != (to == nil) {
            throw ValidationError("--export and --to need each other")
        }
        for file in [save, to] {
            if let file { try PictureTarget.check(file) }
        }
    }

    func run() throws {
        let data = try DataSource(data, output).dataset(subject, split)
        let shown = ShownPictures(
            data: data, augmentation: Augmentation(augment.map(\.step)), seed: seed)
        if let export, let to {
            try check(export, "--export", data)
            try PictureTarget.write(shown.picture(export), to: to)
            if output.json { return try output.printJSON(shown.record(of: export, in: to)) }
            print("\(to)  \(data.classNames[Int(data.labels[export])])")
            return
        }
        try check(from, "--from", data)
        let range = from..<min(data.count, from + count)
        if output.json {
            try output.printJSON(shown.record(range))
        } else {
            let pictures = try range.map(shown.labelled)
            print(data.description)
            print(shown.classText + "\n")
            print(
                TerminalPicture.grid(
                    pictures, style: .current(), map: map, across: columns))
        }
        if let save {
            let grid = PictureGrid(try range.map(shown.labelled), columns: columns, map: map)
            try PictureTarget.write(grid.picture, to: save)
            output.note("the grid is in \(save)")
        }
    }

    private func check(_ number: Int, _ option: String, _ data: Dataset) throws {
        guard data.indices.contains(number) else {
            throw CommandFailure(
                .usage,
                "\(option) \(number): \(data.name) has the pictures 0 … \(data.count - 1)")
        }
    }
}

extension GreyMap: ExpressibleByArgument {}
