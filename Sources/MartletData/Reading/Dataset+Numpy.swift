import Foundation
import MartletFormats

extension Dataset {
    /// Reads one part of a NumPy archive such as Keras' `mnist.npz`.
    ///
    /// Its arrays are `x_train`, `y_train`, `x_test`, `y_test`, or `trainInps`, `trainTargs`,
    /// `testInps`, `testTargs`; labels are whole numbers or one-hot rows.
    ///
    /// - Parameters:
    ///   - url: the archive.
    ///   - split: the part that is read.
    ///   - imageShape: channels, height and width; by default derived from the array, where rows of
    ///     784 numbers are 28 × 28 pixels and channels may stand last.
    ///   - name: what the data is called in messages; by default that of the file.
    ///   - classNames: the names of the classes; by default the digits 0 … 9.
    /// - Errors: `FormatError` that names the array, `DataError` for arrays that are no pictures.
    public static func npz(
        contentsOf url: URL, split: Split = .train, imageShape: [Int]? = nil, name: String? = nil,
        classNames: [String] = Dataset.digitNames
    ) throws -> Dataset {
        let sets = try NumpyImageSets(contentsOf: url, classCount: classNames.count)
        let part: LabelledImages
        switch split {
        case .train: part = sets.train
        case .test: part = sets.test
        case .validation: throw DataError.noValidation(in: url.path)
        }
        return try Dataset(
            part, name: "\(name ?? url.lastPathComponent) (\(split))", classNames: classNames,
            imageShape: imageShape, file: url.path)
    }
}
