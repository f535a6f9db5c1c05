import Foundation

extension Dataset {
    /// Reads a data set by its name: `digits`, `mnist`, `fashion-mnist`, `kmnist`, `cifar10` or
    /// `cifar100`.
    ///
    /// Files are looked for in `folder`, in the folder that `MARTLET_DATA` names, in Martlet's
    /// cache and where other programs keep them; what is nowhere is downloaded into the cache and
    /// verified. See `docs/fetching.md`.
    ///
    /// - Parameters:
    ///   - name: hyphens, underscores and case do not matter.
    ///   - split: the part that is read.
    ///   - folder: the folder with the files, or the one above it. Files in it are read as they
    ///     are, without comparing them with the published ones.
    ///   - offline: whether the network is forbidden; by default what `MARTLET_OFFLINE` says.
    /// - Errors: `FetchError` for an unknown name, and when the files cannot be had, with all that
    ///   was tried and how to supply them; `DataError` and `FormatError` when a file is damaged.
    public static func named(
        _ name: String, _ split: Split = .train, folder: URL? = nil, offline: Bool? = nil
    ) throws -> Dataset {
        try named(name, split, FetchSettings(folder: folder, isOffline: offline))
    }

    /// Reads a data set by its name, and looks for its files as `settings` say.
    ///
    /// - Errors: as `named(_:_:folder:offline:)`.
    public static func named(
        _ name: String, _ split: Split = .train, _ settings: FetchSettings
    ) throws -> Dataset {
        let entry = try DatasetFetcher.entry(name)
        if entry.isBuiltIn { return try digits(split) }
        if split == .validation { throw DataError.noValidation(in: entry.name) }
        if let root = settings.folder {
            let places = [root] + entry.layouts.map { root.appendingPathComponent($0) }
            if let place = places.first(where: entry.isIn) { return try entry.read(place, split) }
        }
        return try entry.read(DatasetFetcher(settings).files(of: entry), split)
    }

    /// The handwritten digits of MNIST, 28 × 28 pixels.
    ///
    /// - Errors: as `named`.
    public static func mnist(
        _ split: Split = .train, folder: URL? = nil, offline: Bool? = nil
    ) throws -> Dataset {
        try named("mnist", split, folder: folder, offline: offline)
    }

    /// Pictures of clothes, 28 × 28 pixels.
    ///
    /// - Errors: as `named`.
    public static func fashionMNIST(
        _ split: Split = .train, folder: URL? = nil, offline: Bool? = nil
    ) throws -> Dataset {
        try named("fashion-mnist", split, folder: folder, offline: offline)
    }

    /// Handwritten Japanese characters, 28 × 28 pixels.
    ///
    /// - Errors: as `named`.
    public static func kmnist(
        _ split: Split = .train, folder: URL? = nil, offline: Bool? = nil
    ) throws -> Dataset {
        try named("kmnist", split, folder: folder, offline: offline)
    }

    /// Colour photographs in ten classes, 32 × 32 pixels.
    ///
    /// - Errors: as `named`.
    public static func cifar10(
        _ split: Split = .train, folder: URL? = nil, offline: Bool? = nil
    ) throws -> Dataset {
        try named("cifar10", split, folder: folder, offline: offline)
    }

    /// Colour photographs in a hundred classes, 32 × 32 pixels.
    ///
    /// - Errors: as `named`.
    public static func cifar100(
        _ split: Split = .train, folder: URL? = nil, offline: Bool? = nil
    ) throws -> Dataset {
        try named("cifar100", split, folder: folder, offline: offline)
    }
}
