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

    /// The result and its curves for a terminal, at most `columns` wide.
    public func text(columns: Int) -> String {
        var style = TerminalStyle.current()
        style.columns = columns
        return text(style)
    }

    /// The result and its curves for a terminal of a certain kind.
    ///
    /// The curves are at most 100 columns wide, so that they keep their form on wide terminals.
    public func text(_ style: TerminalStyle) -> String {
        var plots = [result.history.lossPlot(title: result.lossTitle)]
        let accuracy = result.history.metricPlot("accuracy", title: "Accuracy")
        if !accuracy.isEmpty { plots.append(accuracy) }
        let curves = plots.map { plot in
            plot.text(
                columns: min(100, style.columns), rows: 10, usesUnicode: style.usesUnicode,
                usesColour: style.colours != .none)
        }
        let notes = missingPictures.map { "note: \($0)" }
        return (([result.text] + notes).joined(separator: "\n") + "\n\n")
            + curves.joined(separator: "\n\n")
    }

    /// Writes every file.
    public func write() throws {
        try AtomicFile.write(Array(try JSONText.encode(result).utf8), to: folder.result)
        try plot(result.history.figure(lossTitle: result.lossTitle), "history")
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

    /// Mistakes, the worst first, and then the first pictures that were recognised.
    private var shown: [Int] {
        let all = result.labels.indices
        func size(_ index: Int) -> Double {
            result.isRegression
                ? Double(abs(result.labels[index] - result.predictions[index]))
                : result.confidences[index]
        }
        let wrong = all.filter { result.labels[$0] != result.predictions[$0] }
            .sorted { (size($1), $0) < (size($0), $1) }
        let right = all.filter { result.labels[$0] == result.predictions[$0] }
        return Array(wrong.prefix(24) + right.prefix(24))
    }

    private func predictionGrid(_ test: Dataset) -> [UInt8]? {
        let pictures = result.labels.indices.prefix(20).compactMap { index in
            (try? test.picture(index)).map { picture in
                let isRight = result.predictions[index] == result.labels[index]
                return LabelledPicture(
                    picture, caption: classNames[result.predictions[index]],
                    detail: isRight ? "" : classNames[result.labels[index]], isRight: isRight)
            }
        }
        guard !pictures.isEmpty else { return nil }
        return PictureGrid(pictures, columns: 10).picture.png()
    }

    private func report() throws -> TrainingReport {
        var report = TrainingReport(
            title: result.settings.recipe, summary: summary,
            facts: [
                ("test accuracy", NumberText.metric("accuracy", result.testAccuracy)),
                (
                    "recognised",
                    NumberText.grouped(result.correct) + " of "
                        + NumberText.grouped(result.testExamples)
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
                    confidence: result.isRegression ? nil : result.confidences[index])
            }
        }
        report.lossTitle = result.lossTitle
        report.settings = result.settingFacts
        report.comparisons = result.rows.map {
            .init(
                name: $0.name, reported: Self.unspaced($0.reported), ours: Self.unspaced($0.ours),
                remark: $0.remark)
        }
        report.comparisonTitle = "The text's numbers and ours"
        report.notes = result.notes.dropFirst(result.rows.isEmpty ? 1 : 0) + missingPictures
        if result.isRegression, result.history.epochs.last.map(differs) ?? false {
            report.notes.append(
                "The accuracy at the top and the matrix take a result outside of the classes for the "
                    + "nearest class, the curve for a mistake.")
        }
        if result.settings.recipe.hasPrefix("cifar10-lenet5") {
            report.examplesOfSummedLoss = result.examples
        }
        report.environment = TrainingReport.environment(
            engine: result.engine.joined(separator: ", "),
            date: result.finished.flatMap { try? Date($0, strategy: .iso8601) } ?? Date(),
            arguments: result.command)
        return report
    }

    /// What to say when the test pictures are not there.
    private var missingPictures: [String] {
        test == nil
            ? ["The page has no pictures, because the test data of this run was not found."] : []
    }

    /// The recipe's title, and its first note where no numbers of a text follow.
    private var summary: String {
        func sentence(_ text: String) -> String {
            text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
        }
        let note = result.rows.isEmpty ? result.notes.first : nil
        return ([result.title] + [note].compactMap { $0 }).map(sentence).joined(separator: " ")
    }

    /// True when the last epoch's accuracy is another than that of the judgement.
    private func differs(_ epoch: History.Epoch) -> Bool {
        epoch["val_accuracy"].map { abs($0 - result.testAccuracy) > 1e-9 } ?? false
    }

    /// Percentages as the rest of the page writes them.
    private static func unspaced(_ text: String) -> String {
        text.replacingOccurrences(of: " %", with: "%")
    }
}
