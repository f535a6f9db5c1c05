import Foundation
import Martlet
import MartletRecipes
import Testing

@Suite struct RunFactsTests {
    /// A result of these settings with nothing in it, as its file holds it.
    private func result(_ settings: RunSettings) throws -> RunResult {
        let settings = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        let text = """
            {"settings": \(settings), "title": "", "history": {"epochs": []}, "examples": 60000,
             "testExamples": 10000, "testLoss": 0, "testAccuracy": 0, "correct": 0, "classes": [],
             "labels": [], "predictions": [], "confidences": [], "parameterCount": 0,
             "trainingSeconds": 0, "engine": [], "rows": [], "notes": [], "command": []}
            """
        return try JSONDecoder().decode(RunResult.self, from: Data(text.utf8))
    }

    private func facts(_ settings: RunSettings) throws -> [String: String] {
        let facts = try result(settings).settingFacts.map { ($0.name, $0.value) }
        return Dictionary(uniqueKeysWithValues: facts)
    }

    @Test func settingsReadAsSentencesDo() throws {
        var settings = try #require(Recipe.named("mnist-cnn")).settings
        let plain = try facts(settings)
        #expect(plain["optimizer"] == "SGD, momentum 0.5")
        #expect(plain["learning rate"] == "0.01, constant")
        #expect(plain["order"] == "as in the files")
        #expect(plain["training pictures"] == "60,000")
        #expect(plain["pixel values"] == "0 … 1")
        #expect(plain["epochs"] == "0 of 5")
        for name in ["weight decay", "mixup", "patience", "label smoothing", "gradients"] {
            #expect(plain[name] == nil, "\(name)")
        }
        (settings.nesterov, settings.shuffles, settings.trainLimit) = (true, true, 60_000)
        (settings.schedule, settings.warmupEpochs) = (.cosine, 1)
        (settings.weightDecay, settings.mixup, settings.accumulate) = (5e-4, 1, .epoch)
        let changed = try facts(settings)
        #expect(changed["optimizer"] == "SGD, Nesterov momentum 0.5")
        #expect(
            changed["learning rate"] == "0.01, falling to 0 along a cosine, reached after 1 epoch")
        #expect(changed["order"] == "new in every epoch")
        #expect(changed["training pictures"] == "60,000, the first ones")
        #expect((changed["weight decay"], changed["mixup"]) == ("0.0005", "alpha 1"))
        #expect(changed["gradients"] == "summed over each epoch")
    }

    @Test func theLossIsCalledWhatItIs() throws {
        func title(_ name: String) throws -> String {
            try result(try #require(Recipe.named(name)).settings).lossTitle
        }
        #expect(try title("mnist-linear") == "Mean squared error")
        #expect(try title("mnist-keras") == "Cross-entropy loss")
        #expect(try title("mnist-mlp") == "Negative log-likelihood")
        let photos = try result(Recipe.images("photos", size: 64).settings)
        #expect(photos.lossTitle == "Cross-entropy loss" && !photos.isRegression)
        let linear = try result(try #require(Recipe.named("mnist-linear")).settings)
        #expect(linear.isRegression)
    }
}
