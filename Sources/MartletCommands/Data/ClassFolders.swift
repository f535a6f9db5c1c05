import Foundation
import Martlet
import MartletData

/// A folder of class folders that is checked, and what `martlet train --images` leaves out of it or
/// refuses it for.
struct ClassFolders {
    typealias Part = (split: Split, data: Dataset)

    private let root: URL
    private let training: ImageFolder

    /// Lists the folder, unless it is none of this form.
    init?(_ root: URL) {
        guard let training = try? ImageFolder(root, split: .train) else { return nil }
        (self.root, self.training) = (root, training)
    }

    /// Whether parts are those of the folder; one of idx files may hold folders of pictures too.
    func hold(_ parts: [Part]) -> Bool {
        guard let train = parts.first?.data, train.count > 0 else { return false }
        return train.origin(of: 0) == training.path(of: 0)
    }

    /// The parts that there are, in a form that serves a check also where no picture can be read.
    func unreadableParts() throws -> [Part] {
        let preparation = PicturePreparation(width: 64, height: 64, channels: 3)
        return try [Split.train, .validation, .test].compactMap { split in
            guard split == .train || ImageFolder.part(split, of: root) != nil else { return nil }
            return (split, try Dataset.imageFolder(root, split: split, preparation: preparation))
        }
    }

    /// The files that are no pictures of a class, a sentence for each kind.
    var leftOut: [String] {
        [
            sentence("picture", "outside of the class folders", training.loosePictures),
            sentence("file", "other than pictures", training.otherFiles),
        ].compactMap { $0 }
    }

    private func sentence(_ thing: String, _ which: String, _ files: [String]) -> String? {
        guard !files.isEmpty else { return nil }
        let names = files.prefix(3).map { path in
            path.hasPrefix(root.path + "/") ? String(path.dropFirst(root.path.count + 1)) : path
        }
        return
            "\(files.count.counted(thing)) \(which) \(files.count == 1 ? "is" : "are") left out: "
            + names.joined(separator: ", ") + (files.count > 3 ? ", …" : "")
    }

    /// Why `martlet train --images` cannot learn from the folder.
    func refusals(_ parts: [Part], _ report: DataReport) -> [String] {
        guard let train = parts.first?.data else { return [] }
        let judged = [Split.test, .validation].compactMap { split in
            parts.first { $0.split == split }?.data
        }.first
        let classes = zip(train.classNames, readable(train, report)).filter { name, _ in
            !training.emptyClasses.contains(name)
        }
        var refusals: [String] = []
        if classes.count < 2 {
            refusals.append(
                "train --images needs a folder of pictures for each of two or more classes, "
                    + "and there is the class \(classes.map(\.0).joined(separator: ", ")) alone")
        }
        for (name, count) in classes where count < (judged == nil ? 2 : 1) {
            refusals.append(
                count == 0
                    ? "train --images needs pictures of \(name) that can be read"
                    : "train --images needs at least 2 pictures in each class, one to learn from "
                        + "and one to be judged by, and \(name) has \(count)")
        }
        guard let judged else { return refusals }
        for (name, count) in zip(judged.classNames, readable(judged, report))
        where count > 0 && training.emptyClasses.contains(name) {
            refusals.append(
                "train --images needs pictures of \(name) to learn from, as there are some to be "
                    + "judged by")
        }
        return refusals
    }

    /// The number of pictures of each class that can be read.
    private func readable(_ data: Dataset, _ report: DataReport) -> [Int] {
        let damaged = Set(report.damaged.filter { $0.data == data.name }.map(\.index))
        return data.subset(data.indices.filter { !damaged.contains($0) }).classCounts
    }
}
