import Foundation
import MartletFormats

extension Dataset {
    /// The names of the classes of handwritten digits, `0` … `9`.
    public static let digitNames = (0...9).map { String($0) }

    /// Reads a pair of idx files from a folder, as MNIST and its relatives are published.
    ///
    /// The files are `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, or `t10k-…` for the
    /// test part; a dot may stand for the second hyphen, and each may be packed (`.gz`). They lie
    /// in the folder or in its `raw`, or in `MNIST/raw`, `FashionMNIST/raw` or `KMNIST/raw`.
    ///
    /// - Parameters:
    ///   - folder: where the files are looked for.
    ///   - split: the part that is read.
    ///   - name: what the data is called in messages.
    ///   - classNames: the names of the classes; by default the digits 0 … 9.
    /// - Shapes: `imageShape` is `[1, height, width]`.
    /// - Errors: `DataError` when a file is not there; `FormatError` when one is damaged.
    public static func idx(
        folder: URL, split: Split = .train, name: String = "idx",
        classNames: [String] = Dataset.digitNames
    ) throws -> Dataset {
        let prefixes: [String]
        switch split {
        case .train: prefixes = ["train"]
        case .test: prefixes = ["t10k", "test"]
        case .validation: throw DataError.noValidation(in: folder.path)
        }
        let endings = [("-images-idx3-ubyte", "-labels-idx1-ubyte")]
            .flatMap { [($0.0, $0.1), (dotted($0.0), dotted($0.1))] }
        for place in idxPlaces {
            let base = place.isEmpty ? folder : folder.appendingPathComponent(place)
            for prefix in prefixes {
                for (images, labels) in endings {
                    guard let imageFile = base.plainOrPacked(prefix + images) else { continue }
                    guard let labelFile = base.plainOrPacked(prefix + labels) else {
                        throw DataError(
                            .missing, file: base.appendingPathComponent(prefix + labels).path,
                            expected: "the labels that belong to \(imageFile.lastPathComponent)",
                            found: "no such file, plain or with the ending .gz")
                    }
                    return try idx(
                        images: imageFile, labels: labelFile, name: "\(name) (\(split))",
                        classNames: classNames)
                }
            }
        }
        throw DataError(
            .missing, file: folder.path,
            expected: "\(prefixes[0])-images-idx3-ubyte and \(prefixes[0])-labels-idx1-ubyte, "
                + "plain or with the ending .gz",
            found: FolderListing.summary(of: folder),
            fix: "name the folder that holds the files")
    }

    /// Reads two idx files.
    ///
    /// - Errors: `FormatError` when one is damaged, the counts differ or a label has no name.
    public static func idx(
        images: URL, labels: URL, name: String = "idx", classNames: [String] = Dataset.digitNames
    ) throws -> Dataset {
        let labelled = try LabelledImages.idx(
            imagesAt: images, labelsAt: labels, classCount: classNames.count)
        return try Dataset(labelled, name: name, classNames: classNames, file: images.path)
    }

    /// The spelling with a dot, `train-images.idx3-ubyte`.
    private static func dotted(_ ending: String) -> String {
        ending.replacingOccurrences(of: "-idx", with: ".idx")
    }

    /// Where idx files lie in a folder.
    private static let idxPlaces = ["", "raw", "MNIST/raw", "FashionMNIST/raw", "KMNIST/raw"]

    /// True when a folder holds idx files under names that `idx(folder:)` looks for.
    static func holdsIDX(_ folder: URL, below places: [String]? = nil) -> Bool {
        (places ?? idxPlaces).contains { place in
            let base = place.isEmpty ? folder : folder.appendingPathComponent(place)
            return ["train", "t10k", "test"].contains { prefix in
                ["-images-idx3-ubyte", "-images.idx3-ubyte"].contains {
                    base.plainOrPacked(prefix + $0) != nil
                }
            }
        }
    }
}

extension URL {
    /// The file of that name in this folder, or the one with the ending `.gz`.
    func plainOrPacked(_ name: String) -> URL? {
        [name, name + ".gz"].map { appendingPathComponent($0) }.first { $0.isOrdinaryFile }
    }

    /// True for a file, also through links; false for folders and for what is not there.
    var isOrdinaryFile: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && !isFolder.boolValue
    }

    /// True for a folder, also through links.
    var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}

extension DataError {
    /// The refusal of a validation part where the files have none.
    static func noValidation(in file: String) -> DataError {
        DataError(
            .missing, file: file, expected: "the part train or test",
            found: "the part validation, which these files do not have",
            fix: "name another part; in Swift, split(fraction:) holds out some pictures")
    }
}
