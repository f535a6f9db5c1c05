import Foundation
import Martlet
import MartletData

/// The data of a run: what is learned from, and what the model is judged by.
struct RunData {
    var train: Dataset
    var test: Dataset
    /// How a picture file becomes input, for a folder of pictures.
    var preparation: PicturePreparation?
    /// What a user should know, a line each.
    var notes: [String] = []

    /// Loads the data that settings name.
    ///
    /// - Parameter folder: Where sets with names are looked for first.
    init(_ settings: RunSettings, folder: URL?, expected shape: [Int]?) throws {
        self =
            settings.recipe == Recipe.imagesName
            ? try Self.images(settings) : try Self.set(settings, folder: folder)
        // A folder lists class after class, so a limit takes a share of each.
        let isFolder = preparation != nil
        if let limit = settings.trainLimit { train = try train.limited(limit, isFolder) }
        if let limit = settings.testLimit { test = try test.limited(limit, isFolder) }
        if let shape, train.imageShape != shape {
            throw DataError(
                .malformed, file: settings.data,
                expected: "pictures \(shape) for the recipe \(settings.recipe)",
                found: "\(train.imageShape)")
        }
    }

    private init(
        train: Dataset, test: Dataset, preparation: PicturePreparation? = nil, notes: [String] = []
    ) {
        (self.train, self.test) = (train, test)
        (self.preparation, self.notes) = (preparation, notes)
    }

    /// Loads a set by its name, or whatever lies at a path.
    private static func set(_ settings: RunSettings, folder: URL?) throws -> RunData {
        let isPath = settings.data.contains("/")
        let place = URL(fileURLWithPath: settings.data)
        func part(_ split: Split) throws -> Dataset {
            isPath
                ? try Dataset(contentsOf: place, split: split)
                : try Dataset.named(settings.data, split, folder: folder)
        }
        return RunData(train: try part(.train), test: try part(.test))
    }

    /// Loads a folder of one's own pictures: its parts, or a stratified fifth for judging.
    private static func images(_ settings: RunSettings) throws -> RunData {
        let root = URL(fileURLWithPath: settings.data, isDirectory: true)
        let size = settings.imageSize ?? 64
        let preparation = PicturePreparation(
            width: size, height: size, channels: settings.isGrey ? 1 : 3, fit: .crop)
        var data: RunData
        var notes: [String] = []
        let all = try readable(root, .train, preparation, &notes)
        let judged = [Split.test, .validation].first { ImageFolder.part($0, of: root) != nil }
        if let judged {
            let test = try readable(root, judged, preparation, &notes)
            data = RunData(train: all, test: test, preparation: preparation)
        } else {
            let (train, test) = try all.split(
                fraction: 0.2, .stratified(seed: UInt64(bitPattern: Int64(settings.seed))))
            data = RunData(train: train, test: test, preparation: preparation)
            data.notes.append(
                "\(test.count) of the pictures, the same share of each class, are held back for "
                    + "judging")
        }
        data.notes += notes
        guard all.classNames.count > 1 else {
            throw DataError(
                .malformed, file: root.path, expected: "a folder for each of two or more classes",
                found: "\(all.classNames.joined(separator: ", "))")
        }
        return data
    }

    /// A part of a folder without the pictures that cannot be read, which a note names.
    ///
    /// - Throws: `DataError` when a class has none left.
    private static func readable(
        _ root: URL, _ split: Split, _ preparation: PicturePreparation, _ notes: inout [String]
    ) throws -> Dataset {
        let all = try Dataset.imageFolder(root, split: split, preparation: preparation)
        let damaged = all.check().damaged
        guard !damaged.isEmpty else { return all }
        let left = Set(damaged.map(\.index))
        let data = all.subset(all.indices.filter { !left.contains($0) })
        notes.append(
            "\(damaged.count) of \(all.count) pictures cannot be read and are left out: "
                + damaged.prefix(3).map { "\($0.origin) (\($0.reason))" }.joined(separator: ", ")
                + (damaged.count > 3 ? ", …" : ""))
        for (name, count) in zip(all.classNames, data.classCounts)
        where count == 0 && split == .train {
            throw DataError(
                .malformed, file: root.path, place: name, expected: "pictures that can be read",
                found: "none; \(notes.last ?? "")")
        }
        return data
    }
}

extension Dataset {
    /// The first pictures, or the same share of each class.
    fileprivate func limited(_ limit: Int, _ isStratified: Bool) throws -> Dataset {
        guard isStratified, limit < count else { return first(limit) }
        return try split(count: limit, .stratified(seed: 0)).heldOut
    }
}
