import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletRecipes
import MartletReport

/// `martlet evaluate`: judges a model by pictures whose classes are known.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge a model by pictures whose classes are known.",
        discussion: """
            Shows accuracy, loss, the scores of each class, the confusion matrix and the mistakes of \
            which the model was most certain. A model that was trained on a folder of pictures is \
            judged by those that training held back. Pictures of a folder that cannot be read are \
            named and left out; the command then ends with 65.

            Example:
              martlet evaluate mnist.martlet --data mnist --save-mistakes mistakes.png
            """)

    @Argument(
        help: "The model: a run, a model file, .onnx or .keras; weights with --recipe or --like.",
        completion: .file())
    var model: String

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "A data set by its name, or a file or folder; the one that the model learned from "
                + "unless given.",
            valueName: "name|path"),
        completion: .custom(Completions.dataSetsAndPaths))
    var subject: String?

    @Option(
        help: "The part that judges: test, or what training held back, unless there is neither.")
    var split: Split?

    @Option(help: "How many of the worst mistakes are listed.")
    var worst = 10

    @Option(
        help: ArgumentHelp("Write the worst mistakes as a picture (PNG, JPEG).", valueName: "file"),
        completion: .file(extensions: ["png", "jpg"]))
    var saveMistakes: String?

    @OptionGroup var importing: ImportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var device: DeviceOptions

    func validate() throws {
        if !(0...1000).contains(worst) {
            throw ValidationError("--worst must be from 0 to 1000, got \(worst)")
        }
    }

    func run() throws {
        let engine = try device.engine()
        var opened = try ModelOpener(options: importing).model(at: model, output)
        let name = try subject ?? opened.file.description.facts["data"] ?? Self.noData(model)
        let judging = try JudgingData(
            name, split, for: opened.file.description, at: model, DataSource(data, output))
        let (data, leftOut) = (judging.data, judging.leftOut)
        for picture in leftOut { Console.message("error: \(picture.error)") }
        guard data.count > 0 else {
            throw leftOut.isEmpty
                ? CommandFailure(.noInput, "\(data.name) has no pictures")
                : CommandFailure(.badData, "no picture of \(data.name) can be read")
        }
        let shape = opened.file.description.preparation.imageShape
        guard data.imageShape == shape else {
            throw CommandFailure(
                .badData,
                """
                the model does not take the pictures of \(data.name)
                  expected   \(PictureShape.words(shape))
                  found      \(PictureShape.words(data.imageShape))
                  fix        give other data; class folders of pictures may have any size
                """)
        }
        if !opened.hasClassNames, opened.canTake(data.classNames) {
            opened.file.description.classNames = data.classNames
        }
        let classifier = try Classifier(opened.file, engine: engine)
        let report = try EvaluationReport(
            classifier, judging, worst: worst, model: model)
        if output.json {
            try output.printJSON(report.record)
        } else {
            print(report.text(columns: TerminalStyle.current().columns))
        }
        if let saveMistakes {
            try report.mistakeGrid().write(to: URL(fileURLWithPath: saveMistakes))
            output.note("the worst mistakes are in \(saveMistakes)")
        }
        guard leftOut.isEmpty else {
            throw CommandFailure(
                .badData,
                "\(leftOut.count) of \(data.count + leftOut.count) pictures could not be read and "
                    + "are left out")
        }
    }

    private static func noData(_ model: String) throws -> String {
        throw CommandFailure(
            .usage,
            "\(model) does not say which data it learned from\n"
                + "  fix        name a data set: --data mnist")
    }
}
