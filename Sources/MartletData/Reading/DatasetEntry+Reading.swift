import Foundation
import MartletFormats

extension DatasetEntry {
    /// True when files of the set are in a folder, published ones or others of the same form; idx
    /// files have the same names in every set, so only the folder itself counts.
    func isIn(_ folder: URL) -> Bool {
        switch forms.first?.form {
        case .idx?: Dataset.holdsIDX(folder, below: [""])
        default:
            name == "cifar100" ? Dataset.holdsCIFAR(folder).hundred : Dataset.holdsCIFAR(folder).ten
        }
    }

    /// Reads the files of a folder.
    func read(_ folder: URL, _ split: Split) throws -> Dataset {
        switch forms.first?.form {
        case .idx?:
            try Dataset.idx(folder: folder, split: split, name: name, classNames: classNames)
        default:
            name == "cifar100"
                ? try Dataset.cifar100(folder: folder, split: split)
                : try Dataset.cifar10(folder: folder, split: split)
        }
    }

    /// Reads the files that a fetcher found.
    package func read(_ files: DatasetFiles, _ split: Split) throws -> Dataset {
        let parts = files.parts(split)
        let title = "\(name) (\(split))"
        switch files.form {
        case .idx where parts.count == 2:
            return try Dataset.idx(
                images: URL(fileURLWithPath: parts[0]), labels: URL(fileURLWithPath: parts[1]),
                name: title, classNames: classNames)
        case .npz:
            return try Dataset.npz(
                contentsOf: files.archive ?? URL(fileURLWithPath: parts.first ?? ""), split: split,
                imageShape: imageShape, name: name, classNames: classNames)
        default:
            let labels = name == "cifar100" ? CIFARFile.Labels.fine : .ten
            guard let archive = files.archive else {
                return try Dataset.cifar(
                    parts.map { URL(fileURLWithPath: $0) }, labels: labels, name: title,
                    classNames: classNames)
            }
            let members = try TarArchive(contentsOf: archive).contents(of: parts)
            return try Dataset.cifar(
                members.count, in: archive.path, labels: labels, name: title,
                classNames: classNames
            ) { members[$0] }
        }
    }
}
