import Foundation
import Martlet
import MartletData
import MartletRecipes

/// The pictures that judge a model, and which part of the data they are.
struct JudgingData {
    /// A part of the data, as the report names it.
    enum Part: String, Encodable {
        case train, validation, test
        /// What training held back of a folder without a part for judging.
        case heldBack = "held back"
        /// All there is, as there is no part for judging.
        case all

        init(_ split: Split) {
            self =
                switch split {
                case .train: .train
                case .validation: .validation
                case .test: .test
                }
        }
    }

    /// The pictures.
    let data: Dataset
    /// Files of that part that cannot be read.
    let leftOut: [UnreadablePicture]
    /// Which part they are.
    let part: Part
    /// What a reader of the result should know about that, as sentences.
    let notes: [String]

    /// Reads the part that was asked for; otherwise what training judged by, or else the first that
    /// there is of test, validation and train.
    ///
    /// - Parameters:
    ///   - name: NAME|PATH of the data.
    ///   - path: Where the model is.
    init(
        _ name: String, _ split: Split?, for model: ModelDescription, at path: String,
        _ source: DataSource
    ) throws {
        let training = Self.training(of: model, at: path, on: name)
        var notes: [String] = []
        if let training, training.judgingPart == nil, split != .validation {
            if let parts = try training.parts() {
                let isLearned = split == .train
                data = ModelData.fitted(isLearned ? parts.train : parts.test, to: model)
                (leftOut, part, self.notes) = ([], isLearned ? .train : .heldBack, [])
                return
            }
            let changed =
                "\(name) has changed since training, so nothing tells which pictures were held back"
            if split == .test {
                throw CommandFailure(
                    .badData, "\(changed)\n  fix        leave --split out, and all pictures judge")
            }
            notes.append(changed)
        }
        let read = try Self.read(name, split, for: model, source)
        let isWhole = read.split == .train && !Self.hasTrainingPart(name)
        part = isWhole ? .all : Part(read.split)
        leftOut = read.leftOut
        let limit =
            read.split == .train
            ? training?.settings.trainLimit
            : read.split == training?.judgingPart ? training?.settings.testLimit : nil
        data = isWhole ? read.data : try read.data.limited(to: limit, isStratified: true)
        if read.split == .train, split == nil {
            notes.append(
                "\(name) has no part test, so \(isWhole ? "all of it" : "its part train") judges, "
                    + "which the model may have learned from")
        }
        self.notes = notes
    }

    /// The training of a model, where it was on the folder `name`.
    private static func training(
        of model: ModelDescription, at path: String, on name: String
    ) -> FolderTraining? {
        let own = FolderTraining(model)
        let run = run(at: path).flatMap { FolderTraining($0) }
        // A model may lie in the folder of a run that is not its own.
        let isOwn = run != nil && (own == nil || own?.settings.seed == run?.settings.seed)
        guard let training = isOwn ? run : own,
            [name, DataPath.absolute(name)].contains(training.settings.data)
        else { return nil }
        return training
    }

    /// The run that a path names, or in whose folder or checkpoints it lies.
    private static func run(at path: String) -> RunFolder? {
        let place = URL(fileURLWithPath: path).standardizedFileURL
        let above = place.deletingLastPathComponent()
        return [place, above, above.deletingLastPathComponent()].map { RunFolder($0) }
            .first { FileManager.default.fileExists(atPath: $0.settings.path) }
    }

    /// False for a folder of class folders, all of which is read as the part `train`.
    private static func hasTrainingPart(_ name: String) -> Bool {
        guard case .path(let url)? = try? DataReference(name),
            let folder = try? ImageFolder(url, split: .train)
        else { return true }
        return folder.root.standardizedFileURL != url.standardizedFileURL
    }

    private typealias Reading = (data: Dataset, leftOut: [UnreadablePicture], split: Split)

    private static func read(
        _ name: String, _ split: Split?, for model: ModelDescription, _ source: DataSource
    ) throws -> Reading {
        var missing: DataError?
        for part in split.map({ [$0] }) ?? [.test, .validation, .train] {
            do {
                let (data, leftOut) = try ModelData.load(name, part, for: model, source)
                return (data, leftOut, part)
            } catch let error as DataError where error.kind == .missing {
                missing = missing ?? error
            }
        }
        guard var error = missing else {
            preconditionFailure("internal: there is a part to be read")
        }
        if let split, split != .train, FileManager.default.fileExists(atPath: error.file) {
            error.fix = "leave --split out, and what there is judges"
        }
        throw error
    }
}
