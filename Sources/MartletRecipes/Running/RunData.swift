import Foundation
import Martlet
import MartletData

/// The data of a run: what is learned from, and what the model is judged by.
package struct RunData {
    package var train: Dataset
    package var test: Dataset
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
            ? try PictureFolder(settings).data() : try Self.set(settings, fetching, expected: shape)
        // A folder lists class after class, so a limit takes a share of each.
        let isFolder = preparation != nil
        train = try train.limited(to: settings.trainLimit, isStratified: isFolder)
        test = try test.limited(to: settings.testLimit, isStratified: isFolder)
    }

    /// The error for pictures of another shape than the recipe's, with what else can be done with them.
    private static func otherShape(
        _ settings: RunSettings, expected: [Int], found: [Int]
    ) -> DataError {
        let fitting = Recipe.all.filter { $0.inputShape == found }.map(\.name)
        var ways: [String] = []
        if !fitting.isEmpty {
            ways.append("take a recipe for such pictures: \(fitting.joined(separator: ", "))")
        }
        if isFolder(settings.data) {
            ways.append("train on the folder: martlet train --images \(settings.data)")
        }
        ways.append("give --data with pictures of the recipe's size")
        return DataError(
            .unsuitable, file: settings.data,
            expected: "\(PictureShape.words(expected)) for the recipe \(settings.recipe)",
            found: PictureShape.words(found), fix: ways.joined(separator: ",\n             or "))
    }

    init(
        train: Dataset, test: Dataset, preparation: PicturePreparation? = nil, notes: [String] = []
    ) {
        (self.train, self.test) = (train, test)
        (self.preparation, self.notes) = (preparation, notes)
    }

    /// Loads a set by its name, or whatever lies at a path.
    private static func set(
        _ settings: RunSettings, _ fetching: FetchSettings, expected shape: [Int]?
    ) throws -> RunData {
        let data = try DataReference(settings.data)
        let train = try data.dataset(.train, fetching)
        if let shape, train.imageShape != shape {
            throw otherShape(settings, expected: shape, found: train.imageShape)
        }
        do {
            return RunData(train: train, test: try data.dataset(.test, fetching))
        } catch var error as DataError where error.kind == .missing && isFolder(settings.data) {
            // What the library would do, a flag does here.
            error.fix = "train on the folder: martlet train --images \(settings.data)"
            throw error
        }
    }

    /// Whether a path is a folder of pictures in class folders.
    private static func isFolder(_ path: String) -> Bool {
        path.contains("/")
            && (try? ImageFolder(URL(fileURLWithPath: path), split: .train)) != nil
    }
}

extension Dataset {
    /// The first pictures, or the same share of each class; all where there is no limit.
    package func limited(to limit: Int?, isStratified: Bool) throws -> Dataset {
        guard let limit else { return self }
        guard isStratified else { return first(limit) }
        guard limit < count else { return self }
        let part = try split(count: limit, .stratified(seed: 0)).heldOut
        return part.subset(part.indices, name: "\(name), limited from \(count)")
    }
}
