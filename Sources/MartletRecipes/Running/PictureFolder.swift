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

    /// The part that judges, `nil` where a share of the training part is held back for that.
    package static func judgingPart(of root: URL) -> Split? {
        guard ImageFolder.part(.train, of: root) != nil else { return nil }
        return [.test, .validation].first { ImageFolder.part($0, of: root) != nil }
    }

    /// Reads both parts.
    ///
    /// - Throws: `DataError` for a folder without two classes of pictures that can be read.
    func data() throws -> RunData {
        var folder = self
        let judged = Self.judgingPart(of: root)
        let learning = try folder.part(.train)
        let judging = try judged.map { try folder.part($0) }
        folder.noteUnusedFolders(judged)
        let report = learning.data.check(with: judging.map { [$0.data] } ?? [])
        folder.noteFindings(report)
        var train = try folder.readable(learning, report, classes: nil)
        guard train.classNames.count > 1 else {
            throw DataError(
                .unsuitable, file: root.path,
                expected: "a folder of pictures for each of two or more classes",
                found: "the class \(train.classNames.joined(separator: ", ")) alone")
        }
        folder.noteImbalance(train)
        let test: Dataset
        if let judging {
            test = try folder.readable(judging, report, classes: train.classNames)
        } else {
            (train, test) = try folder.held(train)
        }
        folder.noteShared(report, train, test)
        var data = RunData(train: train, test: test, preparation: preparation)
        data.notes = folder.notes
        return data
    }

    /// What suits a folder unless somebody says otherwise.
    ///
    /// The side of the pictures, in pixels, is 32 where most of them are hardly larger, else 64. Of few
    /// pictures there are more epochs, so that 8,000 are seen in all: fewer steps would leave the
    /// statistics of batch norm behind the weights, and a net that has learned judges badly.
    /// - Throws: `DataError` for a folder without pictures in classes.
    public static func suitableSettings(for folder: URL) throws -> (size: Int, epochs: Int) {
        let pictures = try ImageFolder(folder, split: .train)
        let step = max(1, pictures.count / 50)
        let sides = stride(from: 0, to: pictures.count, by: step).compactMap { index in
            (try? Picture(contentsOf: URL(fileURLWithPath: pictures.path(of: index))))
                .map { min($0.width, $0.height) }
        }.sorted()
        let isSmall = !sides.isEmpty && sides[sides.count / 2] <= 48
        return (isSmall ? 32 : 64, min(200, max(20, 8000 / max(1, pictures.count))))
    }

    // MARK: One part

    private struct Part {
        var folder: ImageFolder
        /// All that looks like a picture.
        var data: Dataset
    }

    /// Lists a part.
    private mutating func part(_ split: Split) throws -> Part {
        let folder = try ImageFolder(root, split: split)
        noteLeftOut(folder.loosePictures.map(inside), "picture", "outside of the class folders")
        noteLeftOut(folder.otherFiles.map(inside), "file", "other than pictures")
        let name = ImageFolder.part(split, of: root)?.lastPathComponent ?? "\(split)"
        let data = try folder.dataset(
            preparation: preparation, name: "\(root.lastPathComponent) (\(name))")
        return Part(folder: folder, data: data)
    }

    /// The pictures of a part that can be read, of the classes that there are.
    private mutating func readable(
        _ part: Part, _ report: DataReport, classes: [String]?
    ) throws -> Dataset {
        let (folder, all) = (part.folder, part.data)
        let found = report.damaged.filter { $0.data == all.name }
        let damaged = Set(found.map(\.index))
        let counts = all.subset(all.indices.filter { !damaged.contains($0) }).classCounts
        for (name, count) in zip(folder.classNames, counts)
        where classes == nil && count == 0 && !folder.emptyClasses.contains(name) {
            throw DataError(
                .unsuitable, file: root.path, place: name, expected: "pictures that can be read",
                found: "none; cannot be read: \(Self.firstOf(found.map(text)))")
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
            "\(held.count) of the \(all.count) pictures are held back for judging: a fifth of each "
                + "class, at least one")
        return (
            all.subset(all.indices.filter { !held.contains($0) }),
            all.subset(
                all.indices.filter { held.contains($0) },
                name: "\(root.lastPathComponent) (held back)")
        )
    }

    // MARK: Notes

    /// A path without that of the folder.
    private func inside(_ path: String) -> String {
        path.hasPrefix(root.path + "/") ? String(path.dropFirst(root.path.count + 1)) : path
    }

    private mutating func noteLeftOut(_ names: [String], _ thing: String, _ which: String) {
        guard !names.isEmpty else { return }
        notes.append(
            "\(names.count.counted(thing)) \(which) \(names.count == 1 ? "is" : "are") left out: "
                + Self.firstOf(names))
    }

    /// Folders that look as if they served, and do not.
    private mutating func noteUnusedFolders(_ judged: Split?) {
        func name(_ split: Split) -> String? {
            ImageFolder.part(split, of: root)?.lastPathComponent
        }
        guard let train = name(.train) else {
            for part in [name(.validation), name(.test)].compactMap(\.self) {
                notes.append(
                    "the folder \(part) is taken for a class, as there is no folder train beside it"
                )
            }
            return
        }
        if judged == .test, let unused = name(.validation), let test = name(.test) {
            notes.append("the folder \(unused) is not used; the model is judged by \(test)")
        }
        let (folders, pictures) = ImageFolder.besideParts(of: root)
        noteLeftOut(folders, "folder", "beside \(train)")
        noteLeftOut(pictures, "picture", "outside of the class folders")
    }

    /// What is wrong with a picture, with its path in the folder.
    private func text(_ finding: DataReport.Finding) -> String {
        "\(inside(finding.origin)) (\(finding.reason))"
    }

    private mutating func noteFindings(_ report: DataReport) {
        let damaged = report.damaged
        if !damaged.isEmpty {
            notes.append(
                "\(damaged.count) of \(report.count) pictures cannot be read and are left out: "
                    + Self.firstOf(damaged.map(text)))
        }
        let duplicates = report.duplicates.count
        if duplicates > 0 {
            notes.append(
                "\(duplicates.counted("picture")) \(duplicates == 1 ? "is" : "are") there more than "
                    + "once; martlet data check \(root.path) names them")
        }
    }

    /// Names the pictures that judge and equal one that is learned from.
    private mutating func noteShared(_ report: DataReport, _ train: Dataset, _ test: Dataset) {
        let groups = (report.shared + report.duplicates).map { $0.map(\.origin) }
        guard !groups.isEmpty else { return }
        let equal = Set(groups.joined())
        func origins(_ data: Dataset) -> [String] {
            data.indices.map(data.origin).filter(equal.contains)
        }
        let learned = Set(origins(train))
        let known = Set(groups.filter { !learned.isDisjoint(with: $0) }.joined())
        let shared = origins(test).filter(known.contains)
        guard !shared.isEmpty else { return }
        notes.append(
            "\(shared.count) of the \(test.count) pictures of \(test.name) "
                + "\(shared.count == 1 ? "is" : "are") also in \(train.name), which makes results "
                + "look better than they are: \(Self.firstOf(shared.map(inside)))")
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
