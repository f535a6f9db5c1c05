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
            model, plots and a report. Control-C finishes the step, saves, and says how to go on. \
            What is not given is as the recipe has it; --list --json shows the settings of all.

            Example:
              martlet train digits
              martlet train mnist-keras --epochs 3 --data-dir ~/data/mnist
              martlet train --images photos/
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

    @OptionGroup(title: "Data") var learning: TrainDataOptions
    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "Training") var training: TrainOptions
    @OptionGroup(title: "Run") var place: TrainRunOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var device: DeviceOptions

    func validate() throws {
        let given = [recipe != nil, images != nil, place.resume != nil].count { $0 }
        if !list, given != 1 {
            throw ValidationError(
                "give one of: a recipe, --images folder, --resume run\n"
                    + "  recipes    \(Recipe.all.map(\.name).joined(separator: ", "))")
        }
        if place.resume != nil, let flag = (training.given + learning.given).first {
            throw ValidationError(
                "--resume goes on with the run's own settings; \(flag) cannot be given with it")
        }
        if images == nil, learning.imageSize != nil || learning.grey {
            throw ValidationError("--image-size and --grey are for --images")
        }
        var flags = RunSettings(
            recipe: "", data: "", epochs: 1, batchSize: 1, learningRate: 1)
        training.apply(to: &flags)
        learning.apply(to: &flags)
        try Self.check(flags)
    }

    /// Throws for settings that cannot be, by the names of their flags.
    private static func check(_ settings: RunSettings) throws {
        guard let problem = settings.problem else { return }
        throw ValidationError(
            "\(problem.flag) must be \(problem.expected), got \(problem.found)")
    }

    func run() throws {
        if list { return try RecipeList.show(output) }
        let (recipe, settings, start) = try prepared()
        let printer = printer(recipe)
        var work = TrainingRun(recipe, settings: settings, place: start)
        work.fetching = data.settings(output)
        work.engine = try device.engine()
        work.checkpointSteps = place.checkpointEvery
        work.printer = printer
        if !output.quiet { work.tell = Console.sentence }
        if !output.quiet { Console.message("\(recipe.name): \(recipe.title)") }
        let (ending, folder): (TrainingRun.Ending, RunFolder)
        do {
            (ending, folder) = try work.perform()
        } catch {
            printer?.close()
            throw error
        }
        switch ending {
        case .finished(let result): try RunRecord(result, folder).show(output)
        case .stopped(let stop):
            Console.message("\(stop)")
            Console.message("go on with: martlet train --resume \(folder.url.relativePath)")
            throw ExitCode(stop.exitCode)
        }
    }

    /// The recipe with its settings, and where the run goes.
    private func prepared() throws -> (Recipe, RunSettings, TrainingRun.Place) {
        if let path = place.resume { return try resumed(path) }
        let recipe = try chosen()
        var settings = recipe.settings
        training.apply(to: &settings)
        learning.apply(to: &settings)
        try Self.check(settings)
        if training.momentum != nil, settings.optimizer != .sgd {
            throw CommandFailure(
                .usage, "--momentum is for --opt sgd, and this run has \(settings.optimizer)")
        }
        let root = URL(fileURLWithPath: place.out, isDirectory: true)
        if place.continue, let folder = RunFolder.latest(recipe.name, in: root),
            try folder.readSettings() == settings
        {
            return (recipe, settings, .resumed(folder))
        }
        return (recipe, settings, .new(below: root))
    }

    /// An earlier run with its settings; only the number of epochs can change.
    private func resumed(_ path: String) throws -> (Recipe, RunSettings, TrainingRun.Place) {
        let folder = RunFolder(URL(fileURLWithPath: path, isDirectory: true))
        var settings = try folder.readSettings()
        let recipe = try Self.recipe(for: settings)
        try settings.check(file: folder.settings.path)
        if let epochs = training.epochs, epochs != settings.epochs {
            guard settings.schedule == .constant else {
                throw CommandFailure(
                    .usage,
                    "the rate of this run follows a schedule over \(settings.epochs) epochs, "
                        + "so --epochs cannot change; begin a new run")
            }
            settings.epochs = epochs
        }
        return (recipe, settings, .resumed(folder))
    }

    private func chosen() throws -> Recipe {
        if let images {
            let path = DataPath.absolute(images + "/")
            let suitable = try PictureFolder.suitableSettings(
                for: URL(fileURLWithPath: path, isDirectory: true))
            return .images(
                path, size: learning.imageSize ?? suitable.size, epochs: suitable.epochs,
                isGrey: learning.grey)
        }
        return try RecipeName.recipe(recipe ?? "")
    }

    private static func recipe(for settings: RunSettings) throws -> Recipe {
        settings.recipe == Recipe.imagesName
            ? .images(settings.data, size: settings.imageSize ?? 64, isGrey: settings.isGrey)
            : try RecipeName.recipe(settings.recipe)
    }

    private func printer(_ recipe: Recipe) -> ProgressPrinter? {
        guard !output.quiet, place.progress != .none else { return nil }
        return ProgressPrinter(
            place.style ?? recipe.style, mode: place.progress,
            stepsPerLine: place.logInterval ?? recipe.stepsPerLine)
    }
}
