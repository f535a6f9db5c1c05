import Foundation
import Martlet
import MartletData
import MartletFormats

/// A folder of one's own pictures on the way to training: looked through, cleaned and split.
///
/// A folder that has a part `test` or `val` is judged by that; otherwise a fifth of each class, at least
/// one picture, is held back.
public struct PictureFolder {
    private let root: URL
    private let preparation: PicturePreparation
    private let seed: Int
    private var notes: [String] = []

    /// Takes the folder that settings name.
    init(_ settings: RunSettings) {
        root = URL(fileURLWithPath: settings.data, isDirectory: true)
        let size = settings.imageSize ?? 64
        preparation = PicturePreparation(
            width: size, height: size, channels: settings.isGrey ? 1 : 3, fit: .crop)
        seed = settings.seed
    }

    /// Reads both parts.
    ///
    /// - Throws: `DataError` for a folder without two classes of pictures that can be read.
    func data() throws -> RunData {
        var folder = self
        let judged = [Split.test, .validation].first { ImageFolder.part($0, of: root) != nil }
        var train = try folder.part(.train, classes: nil)
        guard train.classNames.count > 1 else {
            throw DataError(
                .unsuitable, file: root.path,
                expected: "a folder of pictures for each of two or more classes",
                found: "the class \(train.classNames.joined(separator: ", ")) alone")
        }
        folder.noteImbalance(train)
        let test: Dataset
        if let judged {
            test = try folder.part(judged, classes: train.classNames)
        } else {
            (train, test) = try folder.held(train)
        }
        var data = RunData(train: train, test: test, preparation: preparation)
        data.notes = folder.notes
        return data
    }

    /// The side to which the pictures of a folder are brought unless somebody says otherwise: 32 where
    /// most of them are hardly larger, else 64.
    ///
    /// - Throws: `DataError` for a folder without pictures in classes.
    public static func suitableSize(for folder: URL) throws -> Int {
        let pictures = try ImageFolder(folder, split: .train)
        let step = max(1, pictures.count / 50)
        let sides = stride(from: 0, to: pictures.count, by: step).compactMap { index in
            (try? Picture(contentsOf: URL(fileURLWithPath: pictures.path(of: index))))
                .map { min($0.width, $0.height) }
        }.sorted()
        guard !sides.isEmpty else { return 64 }
        return sides[sides.count / 2] <= 48 ? 32 : 64
    }

    // MARK: One part

    /// The pictures of a part that can be read, of the classes that there are.
    private mutating func part(_ split: Split, classes: [String]?) throws -> Dataset {
        let folder = try ImageFolder(root, split: split)
        noteFiles(
            folder.otherFiles.map(inside),
            "files have no ending of a picture and are left out")
        let all = try folder.dataset(
            preparation: preparation, name: "\(root.lastPathComponent) (\(split))")
        let report = all.check()
        let damaged = Set(report.damaged.map(\.index))
        let unreadable = report.damaged.map { "\(inside($0.origin)) (\($0.reason))" }
        noteFiles(unreadable, "of \(all.count) pictures cannot be read and are left out")
        if !report.duplicates.isEmpty {
            notes.append(
                "\(report.duplicates.count) pictures are there more than once; martlet data check "
                    + "\(root.path) names them")
        }
        let counts = all.subset(all.indices.filter { !damaged.contains($0) }).classCounts
        for (name, count) in zip(folder.classNames, counts)
        where classes == nil && count == 0 && !folder.emptyClasses.contains(name) {
            throw DataError(
                .unsuitable, file: root.path, place: name, expected: "pictures that can be read",
                found: "none; cannot be read: \(Self.firstOf(unreadable))")
        }
        let kept = classes ?? self.classes(folder)
        for (name, count) in zip(all.classNames, counts) where count > 0 && !kept.contains(name) {
            throw DataError(
                .unsuitable, file: root.path, place: name,
                expected: "pictures to learn from, as there are some to be judged by",
                found: "none")
        }
        let numbers = all.classNames.map { name in kept.firstIndex(of: name).map { Int32($0) } }
        let indices = all.indices.filter {
            !damaged.contains($0) && numbers[Int(all.labels[$0])] != nil
        }
        return Dataset(
            name: all.name, source: all.source, records: indices.map { all.records[$0] },
            imageShape: all.imageShape, brightest: all.brightest,
            labels: indices.compactMap { numbers[Int(all.labels[$0])] }, classNames: kept)
    }

    /// The classes of the training part: folders with pictures.
    private mutating func classes(_ folder: ImageFolder) -> [String] {
        for name in folder.emptyClasses {
            notes.append("the folder \(name) has no pictures, so it is no class")
        }
        return folder.classNames.filter { !folder.emptyClasses.contains($0) }
    }

    // MARK: Holding back

    /// A fifth of each class for judging, at least one picture.
    private mutating func held(_ all: Dataset) throws -> (train: Dataset, test: Dataset) {
        for (name, count) in zip(all.classNames, all.classCounts) where count < 2 {
            throw DataError(
                .unsuitable, file: root.path, place: name,
                expected: "at least 2 pictures in each class, one to learn from and one to be "
                    + "judged by",
                found: "\(count)")
        }
        var left = all.classCounts.map { max(1, (2 * $0 + 5) / 10) }
        var held = Set<Int>()
        let order = Shuffle.order(all.count, seed: UInt64(bitPattern: Int64(seed)), epoch: 0)
        for index in order where left[Int(all.labels[index])] > 0 {
            left[Int(all.labels[index])] -= 1
            held.insert(index)
        }
        notes.append(
            "\(held.count) of the pictures, a fifth of each class, are held back for judging")
        return (
            all.subset(
                all.indices.filter { !held.contains($0) }, name: "\(root.lastPathComponent), rest"),
            all.subset(
                all.indices.filter { held.contains($0) },
                name: "\(root.lastPathComponent), held back")
        )
    }

    // MARK: Notes

    /// A path without that of the folder.
    private func inside(_ path: String) -> String {
        path.hasPrefix(root.path + "/") ? String(path.dropFirst(root.path.count + 1)) : path
    }

    private mutating func noteFiles(_ files: [String], _ what: String) {
        guard !files.isEmpty else { return }
        notes.append("\(files.count) \(what): \(Self.firstOf(files))")
    }

    private static func firstOf(_ files: [String]) -> String {
        files.prefix(3).joined(separator: ", ") + (files.count > 3 ? ", …" : "")
    }

    private mutating func noteImbalance(_ data: Dataset) {
        let counts = zip(data.classCounts, data.classNames).sorted { $0.0 < $1.0 }
        guard let least = counts.first, let most = counts.last, most.0 >= 4 * least.0 else {
            return
        }
        notes.append(
            "the classes are uneven, from \(least.1) with \(least.0) pictures to \(most.1) with "
                + "\(most.0); look at the scores of each class, not only at the accuracy")
    }
}
