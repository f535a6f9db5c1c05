import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletFormats
import MartletReport

/// `martlet predict`: names what pictures show.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Name what pictures show.",
        discussion: """
            One line for each picture: path, class, confidence. A picture that cannot be read is \
            named and left out; the command then ends with 65.

            Example:
              martlet predict mnist.martlet seven.png photos/ --top 3
            """)

    @Argument(
        help: "The model: a run, a model file, .onnx or .keras; weights with --recipe or --like.",
        completion: .file())
    var model: String

    @Argument(help: "Pictures (PNG, JPEG, BMP, GIF), or folders of them.", completion: .file())
    var pictures: [String]

    @Option(help: "How many classes are named, the likeliest first.")
    var top = 1

    @Flag(help: "Add the model's results for all classes.")
    var scores = false

    @Option(help: "How a picture is brought to the model's size: as the model says unless given.")
    var fit: PicturePreparation.Fit?

    @Option(
        help: """
            Whether light and dark are exchanged. With auto they are when the edge of the picture is \
            not like the ground that the model knows.
            """)
    var invert = InvertChoice.auto

    @Flag(help: "Draw each picture as the model sees it.")
    var show = false

    @Flag(help: "Tell how each picture became the model's input.")
    var explain = false

    @OptionGroup var importing: ImportOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var device: DeviceOptions

    /// `--invert`.
    enum InvertChoice: String, ExpressibleByArgument, CaseIterable {
        case never, always, auto

        var inverting: Classifier.Inverting {
            switch self {
            case .never: .never
            case .always: .always
            case .auto: .automatic
            }
        }
    }

    func validate() throws {
        if top < 1 { throw ValidationError("--top must be at least 1, got \(top)") }
        if output.json && (show || explain) {
            throw ValidationError("--json excludes --show and --explain")
        }
    }

    func run() throws {
        let engine = try device.engine()
        let opened = try openedModel()
        let classifier = try Classifier(opened.file, engine: engine)
        let found = PicturePaths(pictures)
        var failures = Failures(isJSON: output.json, output)
        for problem in found.problems { try failures.add(problem) }
        let line = PredictionLine(
            classifier.description, paths: found.paths, top: top, showsScores: scores)
        for path in found.paths {
            do {
                let subject = try Subject(path, classifier, fit: fit, invert.inverting)
                if output.json {
                    try output.printJSON(line.record(path, subject.prediction), isLine: true)
                } else {
                    print(line.text(path, subject.prediction))
                    if explain { print(subject.explanation(classifier.description)) }
                    if show { print(subject.drawing) }
                }
                if invert == .auto && subject.prediction.isInverted {
                    output.note(
                        "\(path.visible()): light and dark were exchanged; "
                            + "--invert never leaves it as it is")
                }
            } catch let error as FormatError {
                try failures.add(error)
            }
        }
        try failures.finish(of: found.paths.count + found.problems.count)
    }
}

extension PredictCommand {
    /// The model; of a picture in its place it is said where the model belongs.
    private func openedModel() throws -> OpenedModel {
        do {
            return try ModelOpener(options: importing).model(at: model, output)
        } catch var failure as CommandFailure where failure.status == .badData {
            let ending = (model as NSString).pathExtension.lowercased()
            if ImageFolder.endings.contains(ending) {
                failure.description += "\n  fix        name the model first, then the pictures"
            }
            throw failure
        }
    }
}

/// The pictures that could not be read.
private struct Failures {
    private let isJSON: Bool
    private let output: OutputOptions
    private var count = 0
    private var allAreMissing = true

    init(isJSON: Bool, _ output: OutputOptions) { (self.isJSON, self.output) = (isJSON, output) }

    mutating func add(_ error: FormatError) throws {
        count += 1
        if error.kind != .missing { allAreMissing = false }
        var shown = error
        shown.file = error.file.visible()
        Console.message(
            "error: \(shown.description.withoutSwiftAdvice.visible(keepingLines: true))")
        if isJSON {
            try output.printJSON(UnreadablePicture(error), isLine: true)
        }
    }

    /// Throws when there were any; each has been named already.
    func finish(of total: Int) throws {
        guard count > 0 else { return }
        if total > 1 { Console.message("error: \(count) of \(total) could not be read") }
        throw CommandFailure(allAreMissing && count == total ? .noInput : .badData)
    }
}
