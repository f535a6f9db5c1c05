import Foundation

/// A data set that is known by its name.
struct NamedSet: Sendable {
    enum Form: Sendable { case idx, cifar10, cifar100 }

    let name: String
    let form: Form
    let classNames: [String]
    /// Where other programs keep it below a root.
    let folders: [String]

    /// The name without marks.
    var plainName: String { name.filter { $0 != "-" } }

    static let all = [
        NamedSet(
            name: "mnist", form: .idx, classNames: Dataset.digitNames,
            folders: ["mnist", "MNIST/raw"]),
        NamedSet(
            name: "fashion-mnist", form: .idx,
            classNames: [
                "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                "Sneaker", "Bag", "Ankle boot",
            ], folders: ["fashion-mnist", "FashionMNIST/raw"]),
        NamedSet(
            name: "kmnist", form: .idx,
            classNames: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
            folders: ["kmnist", "KMNIST/raw"]),
        NamedSet(
            name: "cifar10", form: .cifar10, classNames: Dataset.cifar10Names,
            folders: ["cifar10", "cifar-10"]),
        NamedSet(
            name: "cifar100", form: .cifar100, classNames: [], folders: ["cifar100", "cifar-100"]),
    ]

    /// True when the files are in a folder; those of idx form have the same names in every set, so
    /// only the folder itself counts.
    func isIn(_ folder: URL) -> Bool {
        switch form {
        case .idx: Dataset.holdsIDX(folder, below: [""])
        case .cifar10: Dataset.holdsCIFAR(folder).ten
        case .cifar100: Dataset.holdsCIFAR(folder).hundred
        }
    }

    /// Reads the files of a folder.
    func read(_ folder: URL, _ split: Split) throws -> Dataset {
        switch form {
        case .idx:
            try Dataset.idx(folder: folder, split: split, name: name, classNames: classNames)
        case .cifar10: try Dataset.cifar10(folder: folder, split: split)
        case .cifar100: try Dataset.cifar100(folder: folder, split: split)
        }
    }
}
