import Foundation

extension Dataset {
    /// Reads a data set by its name: `digits`, `mnist`, `fashion-mnist`, `kmnist`, `cifar10` or
    /// `cifar100`.
    ///
    /// - Parameters:
    ///   - name: hyphens, underscores and case do not matter.
    ///   - split: the part that is read.
    ///   - folder: the folder with the files, or the one above it; by default the one that the
    ///     environment variable `MARTLET_DATA` names.
    /// - Errors: `DataError` that lists the names for any other, or tells where the files were
    ///   looked for; `FormatError` when one is damaged.
    public static func named(
        _ name: String, _ split: Split = .train, folder: URL? = nil
    ) throws -> Dataset {
        let plain = name.lowercased().filter { $0 != "-" && $0 != "_" }
        if plain == "digits" { return try digits(split) }
        guard let set = NamedSet.all.first(where: { $0.plainName == plain }) else {
            throw DataError(
                .missing, file: name,
                expected: "one of digits, " + NamedSet.all.map(\.name).joined(separator: ", "),
                found: "the name \(name)")
        }
        let variable = ProcessInfo.processInfo.environment["MARTLET_DATA"] ?? ""
        let named = variable.isEmpty ? nil : URL(fileURLWithPath: variable, isDirectory: true)
        guard let root = folder ?? named else {
            throw DataError(
                .missing, file: set.name, expected: "a folder with the files", found: "none",
                fix: "name the folder, or set MARTLET_DATA to the one above it")
        }
        for place in [root] + set.folders.map(root.appendingPathComponent) where set.isIn(place) {
            return try set.read(place, split)
        }
        throw DataError(
            .missing, file: root.path,
            expected: "the files of \(set.name), here or in \(set.folders.joined(separator: ", "))",
            found: FolderListing.summary(of: root))
    }

    /// The handwritten digits of MNIST, 28 × 28 pixels.
    ///
    /// - Errors: as `named`.
    public static func mnist(_ split: Split = .train, folder: URL? = nil) throws -> Dataset {
        try named("mnist", split, folder: folder)
    }

    /// Pictures of clothes, 28 × 28 pixels.
    ///
    /// - Errors: as `named`.
    public static func fashionMNIST(_ split: Split = .train, folder: URL? = nil) throws -> Dataset {
        try named("fashion-mnist", split, folder: folder)
    }

    /// Handwritten Japanese characters, 28 × 28 pixels.
    ///
    /// - Errors: as `named`.
    public static func kmnist(_ split: Split = .train, folder: URL? = nil) throws -> Dataset {
        try named("kmnist", split, folder: folder)
    }

    /// Colour photographs in ten classes, 32 × 32 pixels.
    ///
    /// - Errors: as `named`.
    public static func cifar10(_ split: Split = .train, folder: URL? = nil) throws -> Dataset {
        try named("cifar10", split, folder: folder)
    }

    /// Colour photographs in a hundred classes, 32 × 32 pixels.
    ///
    /// - Errors: as `named`.
    public static func cifar100(_ split: Split = .train, folder: URL? = nil) throws -> Dataset {
        try named("cifar100", split, folder: folder)
    }
}
