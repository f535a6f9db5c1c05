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
    /// - Parameter fetching: Where sets with names are looked for, and whether they may be fetched.
    init(_ settings: RunSettings, _ fetching: FetchSettings, expected shape: [Int]?) throws {
        self =
            settings.recipe == Recipe.imagesName
            ? try PictureFolder(settings).data() : try Self.set(settings, fetching)
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

    init(
        train: Dataset, test: Dataset, preparation: PicturePreparation? = nil, notes: [String] = []
    ) {
        (self.train, self.test) = (train, test)
        (self.preparation, self.notes) = (preparation, notes)
    }

    /// Loads a set by its name, or whatever lies at a path.
    private static func set(_ settings: RunSettings, _ fetching: FetchSettings) throws -> RunData {
        let data = try DataReference(settings.data)
        return RunData(
            train: try data.dataset(.train, fetching), test: try data.dataset(.test, fetching))
    }
}

extension Dataset {
    /// The first pictures, or the same share of each class.
    fileprivate func limited(_ limit: Int, _ isStratified: Bool) throws -> Dataset {
        guard isStratified, limit < count else { return first(limit) }
        return try split(count: limit, .stratified(seed: 0)).heldOut
    }
}
