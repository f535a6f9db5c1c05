import Foundation
import Martlet
import MartletData
import MartletReport

/// Writes what a person looks at after a run: result, plots and report.
public struct RunOutput {
    private let folder: RunFolder
    private let result: RunResult
    private let test: Dataset?

    /// Takes a result; pictures of predictions need the test data.
    public init(folder: RunFolder, result: RunResult, test: Dataset?) {
        (self.folder, self.result, self.test) = (folder, result, test)
    }

    /// Reads the result of a run that is finished.
    ///
    /// - Parameter dataFolder: Where sets with names are looked for first. Without the test data the
    ///   page has no pictures.
    public init(folder: RunFolder, dataFolder: URL?) throws {
        let data: Data
        do {
            data = try Data(contentsOf: folder.result)
        } catch {
            throw DataError(
                .missing, file: folder.result.path, expected: "the result of a finished run",
                found: error.localizedDescription,
                fix: "finish the run with martlet train --resume \(folder.url.path)")
        }
        let result = try JSONText.decode(
            RunResult.self, String(decoding: data, as: UTF8.self))
        let test = try? RunData(result.settings, folder: dataFolder, expected: nil).test
        self.init(
            folder: folder, result: result,
            test: test?.labels.map { Int($0) } == result.labels ? test : nil)
    }

    /// The result and its curves for a terminal.
    public func text(columns: Int) -> String {
        let curve = result.history.lossPlot().text(columns: columns, rows: 12)
        return result.text + "\n\n" + curve
    }

    /// Writes every file.
    public func write() throws {
        try AtomicFile.write(Array(try JSONText.encode(result).utf8), to: folder.result)
        try plot(result.history.figure(), "history")
        if let confusion { try plot(Figure(confusion), "confusion") }
        if result.settings.recipe.hasPrefix("cifar10-lenet5") {
            try plot(Figure([result.history.summedLossPlot(examples: result.examples)]), "loss")
        }
        if let test, let grid = predictionGrid(test) {
            try AtomicFile.write(
                grid, to: folder.plots.appendingPathComponent("predictions.png"))
        }
        try AtomicFile.write(Array(try report().html.utf8), to: folder.report)
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

    /// Mistakes, the surest first, and then the first pictures that were recognised.
    private var shown: [Int] {
        let all = result.labels.indices
        let wrong = all.filter { result.labels[$0] != result.predictions[$0] }
            .sorted { (result.confidences[$1], $0) < (result.confidences[$0], $1) }
        let right = all.filter { result.labels[$0] == result.predictions[$0] }
        return Array(wrong.prefix(24) + right.prefix(24))
    }

    private func predictionGrid(_ test: Dataset) -> [UInt8]? {
        let pictures = result.labels.indices.prefix(20).compactMap { index in
            (try? test.picture(index)).map { picture in
                LabelledPicture(
                    picture, caption: classNames[result.predictions[index]],
                    isRight: result.predictions[index] == result.labels[index])
            }
        }
        guard !pictures.isEmpty else { return nil }
        return PictureGrid(pictures, columns: 10).picture.png()
    }

    private func report() throws -> TrainingReport {
        var report = TrainingReport(
            title: result.settings.recipe, summary: result.title,
            facts: [
                ("test accuracy", NumberForm.percent(result.testAccuracy)),
                (
                    "recognised",
                    "\(NumberText.grouped(result.correct)) / \(NumberText.grouped(result.testExamples))"
                ),
                ("test loss", NumberText.fixed(result.testLoss, 4)),
                ("training time", NumberForm.seconds(result.trainingSeconds)),
                ("parameters", NumberText.grouped(result.parameterCount)),
            ], history: result.history, confusion: confusion)
        if let test {
            report.samples = try shown.map { index in
                TrainingReport.Sample(
                    pixels: try test.image(index), imageShape: test.imageShape,
                    brightest: test.brightest, label: classNames[result.labels[index]],
                    prediction: classNames[result.predictions[index]],
                    confidence: result.confidences[index])
            }
        }
        report.settings = try Self.rows(of: result.settings)
        report.comparisons = result.rows.map {
            .init(name: $0.name, reported: $0.reported, ours: $0.ours, remark: $0.remark)
        }
        report.comparisonTitle = "The text's numbers and ours"
        report.notes = result.notes
        if result.settings.recipe.hasPrefix("cifar10-lenet5") {
            report.examplesOfSummedLoss = result.examples
        }
        report.environment = TrainingReport.environment(
            engine: result.engine.joined(separator: ", "), seed: String(result.settings.seed),
            arguments: result.command)
        return report
    }

    /// The settings by their names in the file.
    private static func rows(of settings: RunSettings) throws -> [TrainingReport.Fact] {
        let object = try JSONSerialization.jsonObject(
            with: Data(try JSONText.encode(settings).utf8))
        let entries = object as? [String: Any] ?? [:]
        return entries.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    }
}
