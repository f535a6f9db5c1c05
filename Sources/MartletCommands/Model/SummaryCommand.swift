import ArgumentParser
import Foundation
import Martlet
import MartletFormats
import MartletRecipes
import MartletReport

/// `martlet summary`: what is in a model, a recipe or a file of weights.
struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary",
        abstract: "Show the layers and tensors of a model, a recipe or a file of weights.",
        discussion: """
            Files of weights may come from PyTorch, PaddlePaddle, NumPy and others; their tensors are \
            listed with names, shapes, stored types and sizes, and no code in them is ever run.

            Example:
              martlet summary resnet18.pth
            """)

    @Argument(
        help: "A model file, a run, a recipe or a file of weights.",
        completion: .custom { _, _, beginning in
            Completions.names(RecipeSummaries.names, beginning) + Completions.paths(beginning)
        })
    var subject: String

    @Option(help: "How layers are listed: as a table, or as a tree.")
    var style = SummaryStyle.keras

    @OptionGroup var output: OutputOptions

    func run() throws {
        // A recipe's name is taken at its word; ./NAME is a file.
        if let recipe = Recipe.named(subject) {
            if output.json { return try output.printJSON(RecipeSummaries.record(recipe)) }
            return print(
                try RecipeSummaries.text(recipe, style, columns: TerminalStyle.current().columns))
        }
        guard FileManager.default.fileExists(atPath: subject) else { throw missing }
        // A run stands for its model, as elsewhere.
        let model = RunFolder(URL(fileURLWithPath: subject)).model
        let isRun = FileManager.default.fileExists(atPath: model.path)
        let url = isRun ? model : URL(fileURLWithPath: subject)
        let weights = try WeightFile.named(isRun ? model.path : subject)
        if weights.value("format") == .text("martlet-model") {
            let summary = try ModelFileSummary(ModelFile(contentsOf: url))
            if output.json { return try output.printJSON(summary.record(subject)) }
            return print(summary.text(style))
        }
        let summary = WeightFileSummary(weights)
        if output.json { return try output.printJSON(summary.record) }
        print(summary.text)
    }

    private var missing: FormatError {
        let hint = NearestName.find(subject, in: RecipeSummaries.names)
        return FormatError(
            .missing, file: subject, expected: "a model file, a recipe or a file of weights",
            found: "nothing of that name", fix: hint.map { "did you mean \($0)?" } ?? "")
    }
}

/// How the layers of a model are listed.
enum SummaryStyle: String, ExpressibleByArgument, CaseIterable {
    /// A table with shapes and counts.
    case keras
    /// The tree of modules with their settings.
    case torch
}

/// The summaries of recipes by their names.
enum RecipeSummaries {
    /// The names of all recipes.
    static var names: [String] { Recipe.all.map(\.name) }

    /// The summary of a recipe's network.
    static func text(_ recipe: Recipe, _ style: SummaryStyle, columns: Int) throws -> String {
        let network = recipe.makeNetwork()
        let layers =
            switch style {
            case .keras: try network.summary(inputShape: recipe.inputShape).text(width: columns)
            case .torch: try network.structure(inputShape: recipe.inputShape)
            }
        return "recipe: \(recipe.name), \(recipe.title)\n\n\(layers)"
    }

    /// What `--json` prints.
    struct Record: Encodable {
        struct Layer: Encodable {
            var path: String
            /// The layer's type, `Conv2D`.
            var kind: String
            /// The shape of its result for one picture.
            var outputShape: [Int]
            var parameterCount: Int
        }

        var recipe: String
        var title: String
        var inputShape: [Int]
        var layers: [Layer]
        var parameterCount: Int
        var trainableCount: Int
        var nonTrainableCount: Int
    }

    /// The same as a record.
    static func record(_ recipe: Recipe) throws -> Record {
        let summary = try recipe.makeNetwork().summary(inputShape: recipe.inputShape)
        return Record(
            recipe: recipe.name, title: recipe.title, inputShape: recipe.inputShape,
            layers: summary.rows.map { row in
                Record.Layer(
                    path: row.path, kind: row.kind, outputShape: row.outputShape.map { $0 ?? 1 },
                    parameterCount: row.parameterCount)
            },
            parameterCount: summary.parameterCount, trainableCount: summary.trainableCount,
            nonTrainableCount: summary.nonTrainableCount)
    }
}
