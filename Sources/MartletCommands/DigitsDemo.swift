import Foundation
import Martlet
import MartletData
import MartletRecipes
import MartletReport

/// The recipe `digits` as the demo runs it: training in memory, then everything there is to show.
struct DigitsDemo {
    /// What was learned from and what judges.
    let train: Dataset, test: Dataset
    let settings: RunSettings
    private let recipe: Recipe

    /// Reads the digits; settings that are not given are the recipe's.
    init(_ change: (inout RunSettings) -> Void) throws {
        recipe = try RecipeName.recipe("digits")
        var settings = recipe.settings
        change(&settings)
        self.settings = settings
        (train, test) = (try .digits(.train), try .digits(.test))
    }

    /// One line about the data.
    var summary: String {
        "\(train.count) digits to learn from, \(test.count) to be judged by, batches of "
            + "\(settings.batchSize)"
    }

    /// Trains, judges, and writes the model.
    func perform(
        _ engine: any Engine, _ printer: ProgressPrinter, model: URL
    ) throws -> DemoResult {
        try perform(recipe.makeNetwork(), engine, printer, model)
    }

    private func perform(
        _ network: some Layer, _ engine: any Engine, _ printer: ProgressPrinter, _ model: URL
    ) throws -> DemoResult {
        let trainer = try Trainer(
            network, inputShape: train.imageShape, optimizer: settings.builtOptimizer,
            loss: recipe.loss, metrics: [.accuracy], seed: settings.seed, engine: engine)
        try trainer.fit(
            train, validation: test, epochs: settings.epochs,
            batches: settings.batches, callbacks: [printer])
        try trainer.saveModel(
            to: model, name: recipe.name, trainedOn: train, ink: recipe.ink,
            facts: ["data": settings.data])
        return DemoResult(
            test: test, history: trainer.history, settings: settings,
            predictions: try trainer.predict(test), stepCount: trainer.totalSteps,
            parameterCount: try trainer.summary.trainableCount)
    }
}
