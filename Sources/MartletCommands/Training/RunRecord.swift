import Martlet
import MartletRecipes
import MartletReport

/// What a run came to, as `train` and `report` show it.
struct RunRecord: Encodable {
    private let result: RunResult
    private let folder: RunFolder

    /// Takes a result and where its files are.
    init(_ result: RunResult, _ folder: RunFolder) { (self.result, self.folder) = (result, folder) }

    /// Prints the result and the places of its files.
    ///
    /// - Parameter curves: Text under the numbers.
    func show(_ output: OutputOptions, curves: String = "") throws {
        if output.json { return try output.printJSON(self) }
        print(result.text(columns: TerminalStyle.current().columns))
        if !curves.isEmpty { print("\n\(curves)") }
        print("")
        print("model          \(folder.model.relativePath)")
        print("report         \(folder.report.relativePath)")
    }

    private enum CodingKeys: String, CodingKey {
        case run, model, report, title, settings, testAccuracy, testLoss, correct, testExamples
        case examples, initialAccuracy, parameterCount, trainingSeconds, engine, epochs, classes
        case rows, notes
    }

    /// The numbers without the predictions for single pictures, which `result.json` has.
    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(folder.url.path, forKey: .run)
        try values.encode(folder.model.path, forKey: .model)
        try values.encode(folder.report.path, forKey: .report)
        try values.encode(result.title, forKey: .title)
        try values.encode(result.settings, forKey: .settings)
        try values.encode(result.testAccuracy, forKey: .testAccuracy)
        try values.encode(result.testLoss, forKey: .testLoss)
        try values.encode(result.correct, forKey: .correct)
        try values.encode(result.testExamples, forKey: .testExamples)
        try values.encode(result.examples, forKey: .examples)
        try values.encodeIfPresent(result.initialAccuracy, forKey: .initialAccuracy)
        try values.encode(result.parameterCount, forKey: .parameterCount)
        try values.encode(result.trainingSeconds, forKey: .trainingSeconds)
        try values.encode(result.engine, forKey: .engine)
        try values.encode(result.history.epochs, forKey: .epochs)
        try values.encode(result.classes, forKey: .classes)
        try values.encode(result.rows, forKey: .rows)
        try values.encode(result.notes, forKey: .notes)
    }
}
