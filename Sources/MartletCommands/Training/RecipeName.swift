import Foundation
import MartletRecipes
import MartletReport

/// Finds recipes by their names.
enum RecipeName {
    /// The recipe, or an error that lists the names.
    static func recipe(_ name: String) throws -> Recipe {
        if let recipe = Recipe.named(name) { return recipe }
        let names = Recipe.all.map(\.name)
        let hint = NearestName.find(name, in: names).map { "; did you mean \($0)?" } ?? ""
        throw CommandFailure(
            .usage,
            "there is no recipe \(name)\(hint)\n  recipes    \(names.joined(separator: ", "))")
    }
}

/// The list of recipes, as `--list` prints it.
enum RecipeList {
    private struct Record: Encodable {
        var name: String
        var title: String
        var data: String
        var epochs: Int
        var settings: RunSettings
    }

    /// Prints it.
    static func show(_ output: OutputOptions) throws {
        if output.json {
            return try output.printJSON(
                Recipe.all.map {
                    Record(
                        name: $0.name, title: $0.title, data: $0.settings.data,
                        epochs: $0.settings.epochs, settings: $0.settings)
                })
        }
        var table = TextTable(["recipe", "data", "epochs", "what it is"])
        for recipe in Recipe.all {
            table.add([
                recipe.name, recipe.settings.data, String(recipe.settings.epochs), recipe.title,
            ])
        }
        print(table.text(columns: TerminalStyle.current().columns))
    }
}

/// Paths of data as settings keep them, so that a run can go on from any folder.
enum DataPath {
    /// The whole path of a path; a name without any slash is the same for a data set that is known.
    static func absolute(_ text: String) -> String {
        guard case .path(let url)? = try? DataReference(text) else { return text }
        return url.standardizedFileURL.path
    }
}
