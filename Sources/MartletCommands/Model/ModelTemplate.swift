import Foundation
import Martlet
import MartletData
import MartletFormats
import MartletInterchange
import MartletRecipes

/// A network that waits for weights.
struct ModelTemplate {
    /// The network with its first values, or those of the model it was taken from.
    var file: ModelFile
    /// Where it comes from, in words.
    var title: String
    /// False where nothing tells what becomes of the pixels.
    var hasScaling = true

    /// The network of a model file.
    init(like path: String, _ options: ImportOptions) throws {
        file = try ModelFile(contentsOf: URL(fileURLWithPath: path))
        if let names = try options.classNames() { file.description.classNames = names }
        title = "the network of \(path)"
    }

    /// The network of a recipe.
    ///
    /// - Parameters:
    ///   - settings: Those of a run, or the recipe's own.
    ///   - known: What became of the pixels in training, where that is known.
    init(
        _ recipe: Recipe, settings: RunSettings, scaling known: Scaling? = nil,
        _ options: ImportOptions
    ) throws {
        let names = try options.classNames() ?? Self.classNames(settings)
        let entry = DatasetEntry.named(settings.data)
        var brightest: UInt8 = 255
        if entry?.name == "digits" {
            brightest = try Dataset.digits(.test).brightest
        }
        let shape = recipe.inputShape
        let isFolder = settings.recipe == Recipe.imagesName
        let description = ModelDescription(
            name: recipe.name, classNames: names, output: recipe.loss.output,
            preparation: PicturePreparation(
                width: shape[2], height: shape[1], channels: shape[0],
                fit: isFolder ? .crop : .squash),
            brightest: brightest, ink: recipe.ink, facts: ["data": settings.data])
        let scaling = options.scaling(brightest: brightest) ?? known
        let usual: Scaling =
            settings.range == .symmetric
            ? .symmetric(brightest: brightest) : .unit(brightest: brightest)
        hasScaling = scaling != nil || settings.range != .standard
        file = try Self.model(
            description, recipe.makeNetwork(classCount: names.count), scaling ?? usual,
            settings.seed)
        title = "the network of the recipe \(recipe.name)"
    }

    private static func model(
        _ description: ModelDescription, _ network: some Layer, _ scaling: Scaling, _ seed: Int
    ) throws -> ModelFile {
        try ModelFile(description, network: network, scaling: scaling, seed: seed)
    }

    /// The network of the run that a checkpoint belongs to.
    init(_ run: RunFolder, _ checkpoint: Checkpoint, _ options: ImportOptions) throws {
        if FileManager.default.fileExists(atPath: run.model.path) {
            try self.init(like: run.model.path, options)
            // They are of the weights that the file has.
            file.description.facts = file.description.facts.filter { $0.key == "data" }
            return
        }
        let settings = try run.readSettings()
        let recipe =
            settings.recipe == Recipe.imagesName
            ? Recipe.images(
                settings.data, size: settings.imageSize ?? 64, isGrey: settings.isGrey)
            : try RecipeName.recipe(settings.recipe)
        try self.init(recipe, settings: settings, scaling: checkpoint.scaling, options)
        title = "the network of the run \(run.url.relativePath)"
    }

    /// The class names of a data set or a folder, which is not read.
    private static func classNames(_ settings: RunSettings) throws -> [String] {
        if let entry = DatasetEntry.named(settings.data), !settings.data.contains("/") {
            return entry.classNames
        }
        guard let folder = try? ImageFolder(URL(fileURLWithPath: settings.data), split: .train)
        else {
            throw CommandFailure(
                .usage,
                "nothing tells the classes of \(settings.data)\n"
                    + "  fix        name them: --classes cat,dog")
        }
        return folder.classNames
    }
}
