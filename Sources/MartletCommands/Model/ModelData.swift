import Foundation
import Martlet
import MartletData

/// A data set in the form that a model takes.
enum ModelData {
    /// Reads one part of NAME|PATH for a model.
    ///
    /// Pictures in class folders are prepared as the model says. Class names that are only numbers,
    /// as of idx files, give way to the model's.
    static func load(
        _ text: String, _ split: Split, for model: ModelDescription, _ source: DataSource
    ) throws -> Dataset {
        let data = try read(text, split, model.preparation, source)
        let numbers = data.classNames.indices.map { String($0) }
        let takesNames =
            data.classNames == numbers && model.classNames.count == data.classNames.count
        return try adapted(
            data, brightest: model.brightest,
            classNames: takesNames ? model.classNames : data.classNames,
            isPrepared: data.imageShape == model.preparation.imageShape)
    }

    private static func read(
        _ text: String, _ split: Split, _ preparation: PicturePreparation, _ source: DataSource
    ) throws -> Dataset {
        if case .path(let url) = try source.place(text),
            (try? ImageFolder(url, split: split)) != nil
        {
            return try Dataset.imageFolder(url, split: split, preparation: preparation)
        }
        return try source.dataset(text, split)
    }

    /// The same pictures with the model's brightness and class names; only pictures that need it are
    /// copied.
    private static func adapted(
        _ data: Dataset, brightest: UInt8, classNames: [String], isPrepared: Bool
    ) throws -> Dataset {
        guard data.pixelType == .uint8, isPrepared, data.brightest != brightest else {
            return Dataset(
                name: data.name, source: data.source, records: data.records,
                imageShape: data.imageShape, brightest: data.brightest, labels: data.labels,
                classNames: classNames)
        }
        let (from, to) = (Int(data.brightest), Int(brightest))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count * data.imageSize)
        for index in data.indices {
            bytes += try data.image(index).map {
                UInt8(min(255, (Int($0) * to + from / 2) / from))
            }
        }
        return Dataset(
            name: data.name, images: bytes, imageShape: data.imageShape, brightest: brightest,
            labels: data.labels, classNames: classNames)
    }
}
