import Foundation
import Martlet
import MartletData

/// A data set in the form that a model takes.
enum ModelData {
    /// Reads one part of NAME|PATH for a model.
    ///
    /// Pictures in class folders are prepared as the model says, and folders may lack some of the model's
    /// classes; files that cannot be read are left out. Class names that are only numbers, as of idx
    /// files, give way to the model's.
    static func load(
        _ text: String, _ split: Split, for model: ModelDescription, _ source: DataSource
    ) throws -> (data: Dataset, leftOut: [UnreadablePicture]) {
        let all = try read(text, split, model.preparation, source)
        let unreadable = all.unreadable()
        let leftOut = try unreadable.map { try UnreadablePicture($0.error) }
        let indices = Set(unreadable.map(\.index))
        let data =
            indices.isEmpty ? all : all.subset(all.indices.filter { !indices.contains($0) })
        return (fitted(data, to: model), leftOut)
    }

    /// The same pictures with the model's class numbers and brightness, as far as both agree.
    static func fitted(_ data: Dataset, to model: ModelDescription) -> Dataset {
        if let same = numberedAlike(data, model.classNames) {
            return adapted(
                same, brightest: model.brightest, classNames: model.classNames,
                isPrepared: same.imageShape == model.preparation.imageShape)
        }
        let numbers = data.classNames.indices.map { String($0) }
        let takesNames =
            data.classNames == numbers && model.classNames.count == data.classNames.count
        return adapted(
            data, brightest: model.brightest,
            classNames: takesNames ? model.classNames : data.classNames,
            isPrepared: data.imageShape == model.preparation.imageShape)
    }

    /// The same pictures under the model's class numbers, where the model knows every class that has a
    /// picture; `nil` where it does not.
    private static func numberedAlike(_ data: Dataset, _ names: [String]) -> Dataset? {
        guard data.classNames != names else { return data }
        let numbers = data.classNames.map { name in names.firstIndex(of: name) }
        guard zip(numbers, data.classCounts).allSatisfy({ $0 != nil || $1 == 0 }) else {
            return nil
        }
        return Dataset(
            name: data.name, source: data.source, records: data.records,
            imageShape: data.imageShape, brightest: data.brightest,
            labels: data.labels.map { Int32(numbers[Int($0)] ?? 0) }, classNames: names)
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

    /// The same pictures with the model's brightness and class names.
    private static func adapted(
        _ data: Dataset, brightest: UInt8, classNames: [String], isPrepared: Bool
    ) -> Dataset {
        let isRescaled =
            data.pixelType == .uint8 && isPrepared && data.brightest != brightest
        return Dataset(
            name: data.name,
            source: isRescaled
                ? RescaledImages(data.source, from: data.brightest, to: brightest) : data.source,
            records: data.records, imageShape: data.imageShape,
            brightest: isRescaled ? brightest : data.brightest, labels: data.labels,
            classNames: classNames)
    }
}
