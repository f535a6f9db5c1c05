import ArgumentParser
import Foundation
import Martlet
import MartletRecipes

/// `martlet-bench feed`: what batches cost beside the steps that they are for.
struct Feeding: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "Time the batches of a recipe's epoch alone, and the whole epoch.",
        discussion: "Needs the recipe's data, as martlet train does.")

    @Argument(help: "The recipe.")
    var recipe = "mnist-mlp"

    @Option(help: "How many pictures make a batch.")
    var batchSize = 100

    @Option(help: "How many threads make batches ahead; 0 for none.")
    var workers = 1

    @Option(help: "How many epochs are timed.")
    var epochs = 5

    func run() throws {
        guard let recipe = Recipe.named(recipe) else {
            throw ValidationError("there is no recipe \(recipe)")
        }
        let data = try Dataset.named(recipe.settings.data, .train)
        try time(recipe, recipe.makeNetwork(classCount: data.classNames.count), data)
    }

    private func time(_ recipe: Recipe, _ network: some Layer, _ data: Dataset) throws {
        var options = BatchOptions(size: batchSize, shuffleSeed: 1)
        options.workers = workers
        let trainer = try Trainer(
            network, inputShape: data.imageShape, optimizer: Adam(), loss: recipe.loss,
            metrics: [.accuracy])
        try trainer.fit(data, epochs: epochs, batches: options)
        let whole = trainer.history.epochs.map(\.seconds).sorted()[epochs / 2]

        var target = [UInt8](repeating: 0, count: batchSize * data.imageSize)
        var waits: [Double] = []
        for epoch in 1...epochs {
            let feed = BatchFeed(data, options, epoch: epoch)
            var waited = 0.0
            while true {
                let start = ContinuousClock.now
                guard let batch = try feed.next() else { break }
                let size = batch.imageType.byteCount
                try target.withUnsafeMutableBytes {
                    try batch.writeImages(to: UnsafeMutableRawBufferPointer(rebasing: $0[..<size]))
                }
                waited += (ContinuousClock.now - start) / .seconds(1)
                // A step's time passes, in which workers get ahead.
                usleep(UInt32(1e6 * whole / Double(feed.count)))
            }
            waits.append(waited)
        }
        let feeding = waits.sorted()[epochs / 2]
        print(
            String(
                format: "epoch %.3f s; taking its batches %.4f s, %.1f %% of it", whole, feeding,
                100 * feeding / whole))
    }
}
