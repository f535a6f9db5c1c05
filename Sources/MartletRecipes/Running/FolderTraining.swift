import Foundation
import Martlet
import MartletData
import MartletReport

/// What is known of a training on a folder of pictures, so that its parts can be made once more.
package struct FolderTraining {
    /// What the training was told.
    package let settings: RunSettings
    /// How the parts were, where that was kept.
    private let record: Record?

    /// What tells whether parts are those of the training.
    private struct Record {
        var classNames: [String]
        var examples: Int, testExamples: Int
        /// The class of each picture that judged; `nil` where that was not kept.
        var labels: [Int]?
    }

    /// Takes a run; `nil` for one that did not train on a folder of pictures, or has no settings.
    package init?(_ run: RunFolder) {
        guard let settings = try? run.readSettings(), settings.recipe == Recipe.imagesName,
            settings.problem == nil
        else { return nil }
        self.settings = settings
        let result = (try? Data(contentsOf: run.result)).flatMap {
            try? JSONText.decode(RunResult.self, String(decoding: $0, as: UTF8.self))
        }
        record = result.map {
            Record(
                classNames: $0.classes.map(\.name), examples: $0.examples,
                testExamples: $0.testExamples, labels: $0.labels)
        }
    }

    /// Takes a model's own account; `nil` where it does not tell enough.
    package init?(_ model: ModelDescription) {
        let (facts, preparation) = (model.facts, model.preparation)
        guard model.name == Recipe.imagesName, let data = facts["data"],
            let seed = facts["seed"].flatMap({ Int($0) }),
            let examples = facts[Fact.examples].flatMap({ Int($0) }),
            let testExamples = facts[Fact.testExamples].flatMap({ Int($0) }),
            preparation.width == preparation.height
        else { return nil }
        var settings = Recipe.images(
            data, size: preparation.width, isGrey: preparation.channels == 1
        ).settings
        settings.seed = seed
        settings.trainLimit = facts[Fact.trainLimit].flatMap { Int($0) }
        settings.testLimit = facts[Fact.testLimit].flatMap { Int($0) }
        guard settings.problem == nil else { return nil }
        self.settings = settings
        record = Record(
            classNames: model.classNames, examples: examples, testExamples: testExamples)
    }

    private enum Fact {
        static let examples = "training pictures"
        static let testExamples = "test pictures"
        static let trainLimit = "training limit"
        static let testLimit = "test limit"
    }

    /// What a model keeps of its training on a folder.
    static func facts(of result: RunResult) -> [String: String] {
        var facts = [
            Fact.examples: String(result.examples), Fact.testExamples: String(result.testExamples),
        ]
        facts[Fact.trainLimit] = result.settings.trainLimit.map { String($0) }
        facts[Fact.testLimit] = result.settings.testLimit.map { String($0) }
        return facts
    }

    /// The part of the folder that judged, `nil` where a share of the pictures was held back.
    package var judgingPart: Split? {
        PictureFolder.judgingPart(of: URL(fileURLWithPath: settings.data, isDirectory: true))
    }

    /// The pictures that were learned from and those that judged; `nil` when the folder is no longer
    /// what it was.
    ///
    /// - Throws: `DataError` for a folder that is not there.
    package func parts() throws -> RunData? {
        let data: RunData
        do {
            data = try RunData(settings, FetchSettings(), expected: nil)
        } catch let error as DataError where error.kind != .missing {
            return nil
        }
        guard let record else { return data }
        let isSame =
            data.test.classNames == record.classNames && data.train.count == record.examples
            && data.test.count == record.testExamples
            && record.labels.map { $0 == data.test.labels.map { Int($0) } } ?? true
        return isSame ? data : nil
    }
}
