import ArgumentParser
import Foundation
import Martlet
import MartletData
import MartletRecipes

/// `martlet bench`: times the training and prediction of recipes on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Time training steps and predictions of recipes on this machine.",
        discussion: """
            Shows the time of a step, pictures a second, and the part that a step reaches of the \
            machine's arithmetic, which is measured first. Pictures are made up, so no data is \
            needed. With --profile one recipe's plan is taken apart, step by step. The comparison \
            with other frameworks is a command of its own: make bench.

            Example:
              martlet bench mnist-keras mnist-mlp
            """)

    @Argument(
        help: ArgumentHelp("Recipes; all of them when none is named.", valueName: "recipe"),
        completion: .list(Recipe.all.map(\.name)))
    var recipes: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Pictures in a step; the recipe's unless given.", valueName: "n"))
    var batchSize: Int?

    @Option(help: "How many seconds the steps of one recipe are timed for.")
    var seconds = 1.0

    @Flag(help: "Show what each step of the plan of one recipe costs.")
    var profile = false

    @Option(
        help: ArgumentHelp(
            "With --profile: take the plan that predicts so many pictures at once.",
            valueName: "n"))
    var predict: Int?

    @Option(help: "With --profile: how often the plan runs.")
    var runs = 100

    @Flag(help: "With --profile: keep the order in which the steps run.")
    var inOrder = false

    @Option(
        help: ArgumentHelp(
            "With --profile: write the last run as trace events, for Perfetto or Chrome.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var trace: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var device: DeviceOptions

    func validate() throws {
        if !(seconds > 0 && seconds <= 3600) {
            throw ValidationError("--seconds must be above 0 and at most 3600, got \(seconds)")
        }
        for (name, value, most) in [
            ("--batch-size", batchSize, 65_536), ("--predict", predict, 65_536),
            ("--runs", runs, 1_000_000),
        ] {
            if let value, !(1...most).contains(value) {
                throw ValidationError("\(name) must be from 1 to \(most), got \(value)")
            }
        }
        if profile, recipes.count != 1 {
            throw ValidationError("--profile takes one recipe apart; name one")
        }
        if !profile, predict != nil || trace != nil || inOrder {
            throw ValidationError("--predict, --trace and --in-order are for --profile")
        }
    }

    func run() throws {
        let chosen = try recipes.isEmpty ? Recipe.all : recipes.map(RecipeName.recipe)
        let engine = try device.engine()
        let threads = Engines.details(of: engine).first { $0.name == "threads" }?.value
        let machine = Machine.measured(threads: threads.flatMap { Int($0) } ?? 1)
        if profile { return try showProfile(chosen[0], engine, machine) }
        if !output.json { print(machine.line) }
        var timings: [RecipeTiming] = []
        for recipe in chosen {
            if !output.quiet { Console.message("\(recipe.name) …") }
            timings.append(
                try bench(recipe, engine).timing(
                    seconds: seconds, predicting: Self.predictedSizes, machine))
        }
        if output.json { return try output.printJSON(timings) }
        print(Self.table(timings))
    }

    private static let predictedSizes = [1, 256]

    private func bench(_ recipe: Recipe, _ engine: any Engine) -> RecipeBench {
        var settings = recipe.settings
        settings.batchSize = batchSize ?? settings.batchSize
        return RecipeBench(recipe, settings, engine)
    }

    private static func table(_ timings: [RecipeTiming]) -> String {
        var table = TextTable(
            ["recipe", "batch", "ms a step", "pictures/s", "of the peak", "compiled, ms"]
                + predictedSizes.map { "predict \($0), ms" })
        for timing in timings {
            table.add(
                [
                    timing.recipe, String(timing.batchSize), number(timing.stepMilliseconds),
                    String(Int(timing.picturesPerSecond)),
                    timing.shareOfPeak.map { String(format: "%.0f%%", 100 * $0) } ?? "",
                    String(Int(timing.compileMilliseconds)),
                ] + timing.predictions.map { number($0.milliseconds) })
        }
        return table.text
    }

    /// Four digits that count.
    private static func number(_ value: Double) -> String {
        String(format: value < 1 ? "%.4f" : value < 100 ? "%.2f" : "%.0f", value)
    }

    private struct Record: Encodable {
        var recipe: String
        var steps: [ProfileText.StepRecord]
    }

    private func showProfile(
        _ recipe: Recipe, _ engine: any Engine, _ machine: Machine
    ) throws {
        let profile = try bench(recipe, engine).profile(predicting: predict, runs: runs)
        guard !profile.steps.isEmpty else {
            throw EngineUnavailable(
                reason: "the engine \(engine.name) does not tell what its steps cost\n"
                    + "  fix        use the engine onednn: MARTLET_ENGINE=onednn")
        }
        let text = ProfileText(profile, machine)
        if output.json {
            try output.printJSON(Record(recipe: recipe.name, steps: text.records))
        } else {
            print(machine.line)
            print("\(recipe.name): \(text.heading)")
            print(text.table(inOrder: inOrder))
        }
        if let trace {
            try text.writeTrace(to: URL(fileURLWithPath: trace))
            output.note("the trace is in \(trace)")
        }
    }
}
