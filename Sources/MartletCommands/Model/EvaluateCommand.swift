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
            which the model was most certain. Pictures of a folder that cannot be read are named and \
            left out; the command then ends with 65.

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

    @Option(help: "The part of the data set that judges: test unless there is none.")
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
        let (data, leftOut) = try pictures(of: name, for: opened.file.description)
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
            classifier, data, leftOut: leftOut, worst: worst, model: model)
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

    /// The part that was asked for, or the one that there is.
    private func pictures(
        of name: String, for model: ModelDescription
    ) throws -> (data: Dataset, leftOut: [UnreadablePicture]) {
        let source = DataSource(data, output)
        if let split { return try ModelData.load(name, split, for: model, source) }
        do {
            return try ModelData.load(name, .test, for: model, source)
        } catch let error as DataError where error.kind == .missing {
            return try whole(name, for: model, source, insteadOf: error)
        }
    }

    /// The training part of data without a part that judges; where that is missing too, the error of
    /// the other says more.
    private func whole(
        _ name: String, for model: ModelDescription, _ source: DataSource,
        insteadOf missing: DataError
    ) throws -> (data: Dataset, leftOut: [UnreadablePicture]) {
        do {
            let whole = try ModelData.load(name, .train, for: model, source)
            output.note(
                "\(name) has no part test; its part train judges, which the model may have learned from"
            )
            return whole
        } catch let error as DataError where error.kind == .missing {
            throw missing
        }
    }

    private static func noData(_ model: String) throws -> String {
        throw CommandFailure(
            .usage,
            "\(model) does not say which data it learned from\n"
                + "  fix        name a data set: --data mnist")
    }
}
