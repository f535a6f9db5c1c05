import Foundation
import Martlet
import MartletData
import MartletFormats
import MartletReport

/// Writes what a person looks at after a run: result, plots and report.
public struct RunOutput {
    private let folder: RunFolder
    private let result: RunResult
    /// The data that judged, or why there are no pictures of it.
    private let test: Result<Dataset, NoPictures>

    /// Why the page shows no pictures.
    private struct NoPictures: Error {
        let reason: String
    }

    /// Takes a result; pictures of predictions need the test data.
    public init(folder: RunFolder, result: RunResult, test: Dataset) {
        (self.folder, self.result, self.test) = (folder, result, .success(test))
    }

    private init(folder: RunFolder, result: RunResult, test: Result<Dataset, NoPictures>) {
        (self.folder, self.result, self.test) = (folder, result, test)
    }

    /// Reads the result of a run that is finished.
    ///
    /// - Parameter fetching: Where the test data is looked for. Without it the page has no pictures,
    ///   and says so.
    public init(folder: RunFolder, _ fetching: FetchSettings) throws {
        let result = try Self.result(in: folder)
        self.init(folder: folder, result: result, test: Self.test(of: result, fetching))
    }

    /// What the result file of a finished run holds.
    static func result(in folder: RunFolder) throws -> RunResult {
        let data: Data
        do {
            data = try Data(contentsOf: folder.result)
        } catch {
            let isRun = FileManager.default.fileExists(atPath: folder.settings.path)
            throw DataError(
                .missing, file: folder.result.path, expected: "the result of a finished run",
                found: isRun ? "a run that has not ended" : "no run in \(folder.url.path)",
                fix: isRun
                    ? "finish the run with martlet train --resume \(folder.url.relativePath)"
                    : "name the folder of a run, such as runs/mnist-keras-1")
        }
        let result: RunResult
        do {
            result = try JSONText.decode(RunResult.self, String(decoding: data, as: UTF8.self))
        } catch {
            throw DataError(
                .malformed, file: folder.result.path,
                place: (error as? DecodingError)?.place ?? "", expected: "the result of a run",
                found: error.plainReason)
        }
        try result.check(file: folder.result.path)
        return result
    }

    private static func test(
        of result: RunResult, _ fetching: FetchSettings
    ) -> Result<Dataset, NoPictures> {
        do {
            let test = try RunData(result.settings, fetching, expected: nil).test
            guard test.labels.map({ Int($0) }) == result.labels else {
                return .failure(
                    NoPictures(reason: "\(test.name) is not what it was when the run ended"))
            }
            return .success(test)
        } catch {
            return .failure(NoPictures(reason: headline(error)))
        }
    }

    /// The first line of an error.
    private static func headline(_ error: any Error) -> String {
        "\(error)".split(separator: "\n").first.map(String.init) ?? "the data cannot be read"
    }

    /// The numbers of the run.
    public var runResult: RunResult { result }

    /// The curves of loss and accuracy for a terminal.
    ///
    /// They are at most 100 columns wide, so that they keep their form on wide terminals.
    public func curves(_ style: TerminalStyle) -> String {
        var plots = [result.history.lossPlot(title: result.lossTitle)]
        let accuracy = result.history.metricPlot("accuracy", title: "Accuracy")
        if !accuracy.isEmpty { plots.append(accuracy) }
        return plots.map { plot in
            plot.text(
                columns: min(100, style.columns), rows: 10, usesUnicode: style.usesUnicode,
                usesColour: style.colours != .none)
        }.joined(separator: "\n\n")
    }

    /// Writes every file.
    ///
    /// - Returns: Why the page has no pictures, as a sentence; `nil` when it has some.
    public func write() throws -> String? {
        try AtomicFile.write(Array(try JSONText.encode(result).utf8), to: folder.result)
        try plot(result.history.figure(lossTitle: result.lossTitle), "history")
        if let confusion { try plot(Figure(confusion), "confusion") }
        if showsSummedLoss {
            try plot(Figure([result.history.summedLossPlot(examples: result.examples)]), "loss")
        }
        let pictures = pictures()
        if let grid = pictures.grid {
            try AtomicFile.write(
                grid, to: folder.plots.appendingPathComponent("predictions.png"))
        }
        var report = try report()
        (report.samples, report.mistakes) = (pictures.first, pictures.mistakes)
        if let missing = pictures.missing { report.notes.append(missing) }
        try AtomicFile.write(Array(report.html.utf8), to: folder.report)
        return pictures.missing
    }

    private func plot(_ figure: Figure, _ name: String) throws {
        let place = folder.plots.appendingPathComponent(name)
        try AtomicFile.write(Array(figure.svg().utf8), to: place.appendingPathExtension("svg"))
        try AtomicFile.write(figure.png(), to: place.appendingPathExtension("png"))
    }

    private var classNames: [String] { result.classes.map(\.name) }

    private var confusion: ConfusionMatrix? {
        guard classNames.count > 1 else { return nil }
        return ConfusionMatrix(
            classNames: classNames, labels: result.labels, predictions: result.predictions)
    }

    /// The pictures that were not recognised, the worst first.
    private var mistakes: [Int] {
        let isRegression = result.isRegression
        func size(_ index: Int) -> Double {
            isRegression
                ? Double(abs(result.labels[index] - result.predictions[index]))
                : result.confidences[index]
        }
        return result.labels.indices.filter { result.labels[$0] != result.predictions[$0] }
            .sorted { (size($1), $0) < (size($0), $1) }
    }

    /// The pictures in each section of the page.
    private static let mostSamples = 24

    /// What can be shown of the test data, and why nothing when that is so.
    private func pictures() -> (
        grid: [UInt8]?, first: [TrainingReport.Sample], mistakes: [TrainingReport.Sample],
        missing: String?
    ) {
        do {
            let test = try test.get()
            func samples(_ indices: some Sequence<Int>) throws -> [TrainingReport.Sample] {
                try indices.prefix(Self.mostSamples).map { try sample($0, of: test) }
            }
            return (
                try predictionGrid(test), try samples(result.labels.indices),
                try samples(mistakes), nil
            )
        } catch {
            let reason = (error as? NoPictures)?.reason ?? Self.headline(error)
            return (
                nil, [], [],
                "there are no pictures of predictions: \(reason); with the data in place, "
                    + "martlet report \(folder.url.relativePath) draws them"
            )
        }
    }

    private func predictionGrid(_ test: Dataset) throws -> [UInt8]? {
        let pictures = try result.labels.indices.prefix(20).map { index in
            let isRight = result.predictions[index] == result.labels[index]
            return LabelledPicture(
                try test.picture(index), caption: classNames[result.predictions[index]],
                detail: isRight ? "" : classNames[result.labels[index]], isRight: isRight)
        }
        guard !pictures.isEmpty else { return nil }
        return PictureGrid(pictures, columns: 10).picture.png()
    }

    private func sample(_ index: Int, of test: Dataset) throws -> TrainingReport.Sample {
        TrainingReport.Sample(
            pixels: try test.image(index), imageShape: test.imageShape,
            brightest: test.brightest, label: classNames[result.labels[index]],
            prediction: classNames[result.predictions[index]],
            confidence: result.isRegression ? nil : result.confidences[index])
    }

    private func report() throws -> TrainingReport {
        var report = TrainingReport(
            title: result.settings.recipe, summary: summary,
            facts: [
                ("test accuracy", NumberText.percent(result.testAccuracy)),
                (
                    "recognised",
                    "\(result.correct.grouped) of \(result.testExamples.grouped)"
                ),
                ("test loss", NumberText.fixed(result.testLoss, 4)),
                ("training time", NumberText.words(seconds: result.trainingSeconds)),
                ("parameters", result.parameterCount.grouped),
            ], history: result.history, confusion: confusion)
        report.lossTitle = result.lossTitle
        report.settings = result.settingFacts
        report.comparisons = result.rows.map {
            .init(
                name: $0.name, reported: $0.reported, ours: $0.ours, remark: $0.remark)
        }
        report.comparisonTitle = "The text's numbers and ours"
        report.notes = Array(result.notes.dropFirst(result.rows.isEmpty ? 1 : 0))
        if result.isRegression, result.history.epochs.last.map(differs) ?? false {
            report.notes.append(
                "The accuracy at the top and the matrix take a result outside of the classes for the "
                    + "nearest class, the curve for a mistake.")
        }
        if let epoch = restoredEpoch {
            report.notes.append(
                "The model is that of epoch \(epoch), where the test loss was smallest; the curves "
                    + "go on to the last epoch.")
        }
        if showsSummedLoss {
            report.examplesOfSummedLoss = result.examples
        }
        report.environment = TrainingReport.environment(
            engine: result.engine.joined(separator: ", "),
            date: result.finished.flatMap { try? Date($0, strategy: .iso8601) } ?? Date(),
            arguments: result.command)
        return report
    }

    private var showsSummedLoss: Bool {
        Recipe.named(result.settings.recipe)?.showsSummedLoss ?? false
    }

    /// The recipe's title, and its first note where no numbers of a text follow.
    private var summary: String {
        func sentence(_ text: String) -> String {
            text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
        }
        let note = result.rows.isEmpty ? result.notes.first : nil
        return ([result.title] + [note].compactMap { $0 }).map(sentence).joined(separator: " ")
    }

    /// The number of the best epoch where a run with patience went on beyond it.
    private var restoredEpoch: Int? {
        let epochs = result.history.epochs
        let judged = epochs.filter { !($0["val_loss"] ?? .nan).isNaN }
        let best = judged.min { ($0["val_loss"] ?? .infinity) < ($1["val_loss"] ?? .infinity) }
        guard result.settings.patience != nil, let best, best.number != epochs.last?.number
        else { return nil }
        return best.number
    }

    /// True when the last epoch's accuracy is another than that of the judgement.
    private func differs(_ epoch: History.Epoch) -> Bool {
        epoch["val_accuracy"].map { abs($0 - result.testAccuracy) > 1e-9 } ?? false
    }
}
