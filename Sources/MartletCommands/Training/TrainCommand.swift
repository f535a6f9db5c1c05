import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletRecipes
import MartletReport

/// `martlet train`: trains by a recipe, or on a folder of one's own pictures.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a network: a recipe by its name, or on a folder of pictures.",
        discussion: """
            Everything goes to a new folder runs/RECIPE-N: settings, metrics, checkpoints, the \
            model, plots and a report. Control-C finishes the step, saves, and says how to go on.

            Examples:
              martlet train digits
              martlet train mnist-keras --epochs 3 --data-dir ~/data/mnist
              martlet train --images photos/ --epochs 30
              martlet train --resume runs/mnist-keras-1
            """)

    @Argument(
        help: ArgumentHelp("The recipe; martlet train --list shows all.", valueName: "recipe"),
        completion: .list(Recipe.all.map(\.name)))
    var recipe: String?

    @Flag(help: "List the recipes.")
    var list = false

    @Option(
        help: ArgumentHelp(
            "Train on your own pictures: a folder with one folder for each class.",
            valueName: "folder"), completion: .directory)
    var images: String?

    @OptionGroup(title: "Data") var data: TrainDataOptions
    @OptionGroup(title: "Training") var training: TrainOptions
    @OptionGroup(title: "Run") var output: TrainRunOptions

    func validate() throws {
        let given = [recipe != nil, images != nil, output.resume != nil].count { $0 }
        if !list, given != 1 {
            throw ValidationError(
                "give one of: a recipe, --images folder, --resume run\n"
                    + "  recipes    \(Recipe.all.map(\.name).joined(separator: ", "))")
        }
        try training.check()
        if output.resume != nil, let flag = (training.given + data.given).first {
            throw ValidationError(
                "--resume goes on with the run's own settings; \(flag) cannot be given with it")
        }
        if images == nil, data.imageSize != nil || data.grey {
            throw ValidationError("--image-size and --grey are for --images")
        }
    }

    func run() throws {
        if list { return Self.printList() }
        let (recipe, settings, folder) = try prepared()
        var work = TrainingRun(recipe, settings: settings, folder: folder)
        work.dataFolder = data.dataDir.map { URL(fileURLWithPath: $0, isDirectory: true) }
        work.resumes = output.resume != nil || output.continue
        work.checkpointSteps = output.checkpointEvery
        work.printer = printer(recipe)
        if !output.quiet { work.tell = { Console.message($0) } }
        if !output.quiet { Console.message("\(recipe.name): \(recipe.title)") }
        let ending: TrainingRun.Ending
        do {
            ending = try work.perform()
        } catch {
            work.printer?.close()
            folder.removeIfEmpty()
            throw error
        }
        switch ending {
        case .finished(let result): try show(result, folder)
        case .stopped(let stop):
            Console.message("\(stop)")
            Console.message("go on with: martlet train --resume \(folder.url.relativePath)")
            throw ExitCode(stop.exitCode)
        }
    }

    /// The recipe with its settings, and the folder that the run goes to.
    private func prepared() throws -> (Recipe, RunSettings, RunFolder) {
        if let path = output.resume {
            let folder = RunFolder(URL(fileURLWithPath: path, isDirectory: true))
            var settings = try folder.readSettings()
            let recipe = try Self.recipe(for: settings)
            try settings.check(file: folder.settings.path)
            if let epochs = training.epochs, epochs != settings.epochs {
                guard settings.schedule == .constant else {
                    throw ValidationError(
                        "the rate of this run follows a schedule over \(settings.epochs) epochs, "
                            + "so --epochs cannot change; begin a new run")
                }
                settings.epochs = epochs
            }
            return (recipe, settings, folder)
        }
        let recipe = try chosen()
        var settings = recipe.settings
        training.apply(to: &settings)
        data.apply(to: &settings)
        if settings.schedule == .oneCycle, settings.warmupEpochs > 0 {
            throw ValidationError(
                "the one-cycle schedule rises by itself; leave out warm-up epochs")
        }
        let root = URL(fileURLWithPath: output.out, isDirectory: true)
        if output.continue, let folder = RunFolder.latest(recipe.name, in: root),
            try folder.readSettings() == settings
        {
            return (recipe, settings, folder)
        }
        return (recipe, settings, try RunFolder.new(recipe.name, in: root))
    }

    private func chosen() throws -> Recipe {
        if let images {
            return .images(images, size: data.imageSize ?? 64, isGrey: data.grey)
        }
        return try RecipeName.recipe(recipe ?? "")
    }

    private static func recipe(for settings: RunSettings) throws -> Recipe {
        settings.recipe == Recipe.imagesName
            ? .images(settings.data, size: settings.imageSize ?? 64, isGrey: settings.isGrey)
            : try RecipeName.recipe(settings.recipe)
    }

    private func printer(_ recipe: Recipe) -> ProgressPrinter? {
        guard !output.quiet, output.progress != .none else { return nil }
        return ProgressPrinter(
            output.style ?? recipe.style, mode: output.progress,
            stepsPerLine: output.logInterval ?? recipe.stepsPerLine)
    }

    private func show(_ result: RunResult, _ folder: RunFolder) throws {
        if output.json {
            print(try JSONText.encode(result))
            return
        }
        print(result.text)
        print("")
        print("model          \(folder.model.relativePath)")
        print("report         \(folder.report.relativePath)")
    }

    private static func printList() {
        let width = Recipe.all.map(\.name.count).max() ?? 0
        for recipe in Recipe.all {
            print(
                recipe.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
                    + recipe.title)
        }
    }
}

/// Finds recipes by their names.
enum RecipeName {
    /// The recipe, or an error that lists the names.
    static func recipe(_ name: String) throws -> Recipe {
        if let recipe = Recipe.named(name) { return recipe }
        let names = Recipe.all.map(\.name)
        let hint = NearestName.find(name, in: names).map { "; did you mean \($0)?" } ?? ""
        throw ValidationError(
            "there is no recipe \(name)\(hint)\n  recipes    \(names.joined(separator: ", "))")
    }
}
