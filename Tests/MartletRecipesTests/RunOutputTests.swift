import Foundation
import Martlet
import MartletRecipes
import Testing

@Suite struct RunOutputTests {
    /// The page of a run over three epochs, the second the best, that took every digit for a 0.
    private func page(patience: Int?) throws -> (text: String, labels: [Int]) {
        let test = try Dataset.digits(.test)
        var settings = try #require(Recipe.named("digits")).settings
        settings.patience = patience
        let history = History(
            epochs: [0.5, 0.25, 0.75].enumerated().map { index, loss in
                History.Epoch(
                    number: index + 1, loss: loss, validationLoss: loss, learningRate: 0.1,
                    seconds: 1)
            })
        let encoder = JSONEncoder()
        func text(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        let labels = test.labels.prefix(60).map { Int($0) }
        let classes = (0..<10).map { number in
            """
            {"number": \(number), "name": "\(number)", "precision": 0, "recall": 0, "f1": 0,
             "support": 6}
            """
        }
        let file = """
            {"settings": \(try text(settings)), "title": "", "history": \(try text(history)),
             "examples": 1437, "testExamples": 60, "testLoss": 0, "testAccuracy": 0.1, "correct": 6,
             "classes": [\(classes.joined(separator: ", "))], "labels": \(labels),
             "predictions": \(labels.map { _ in 0 }), "confidences": \(labels.map { _ in 0.5 }),
             "parameterCount": 0, "trainingSeconds": 3, "engine": [], "rows": [], "notes": [],
             "command": ["martlet"], "finished": "2026-01-02T03:04:05Z"}
            """
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        let folder = RunFolder(url)
        let result = try JSONDecoder().decode(RunResult.self, from: Data(file.utf8))
        let missing = try RunOutput(folder: folder, result: result, test: test).write()
        #expect(missing == nil)
        return (try String(contentsOf: folder.report, encoding: .utf8), labels)
    }

    /// The true classes of the pictures below a heading.
    private func truths(_ heading: String, _ page: String) throws -> [Int] {
        let parts = page.components(separatedBy: ">\(heading)</h2>")
        let section = try #require(parts.last?.components(separatedBy: "</section>").first)
        return parts.count < 2 ? [] : section.matches(of: /alt="(\d)">/).compactMap { Int($0.1) }
    }

    @Test func samplesAreTheFirstPicturesAndMistakesStandByThemselves() throws {
        let (page, labels) = try page(patience: nil)
        #expect(try truths("Sample predictions", page) == Array(labels.prefix(24)))
        let wrong = labels.filter { $0 != 0 }
        #expect(try truths("Where it went wrong", page) == Array(wrong.prefix(24)))
    }

    @Test func thePageSaysWhichEpochTheModelIsOf() throws {
        let said = "The model is that of epoch 2, where the test loss was smallest"
        #expect(try page(patience: 1).text.contains(said))
        #expect(!(try page(patience: nil).text.contains("The model is that of")))
    }
}
