import Foundation

/// A folder in which data sets may lie already.
public struct DataPlace: Hashable, Sendable {
    /// The folder.
    public let folder: URL
    /// Whose folder it is, for messages: `MARTLET_DATA`, `torchvision`.
    public let owner: String
    /// Whether it is Martlet's own cache, the only place that is ever written to.
    public let isOwn: Bool

    /// Names a folder.
    package init(_ folder: URL, owner: String, isOwn: Bool = false) {
        (self.folder, self.owner, self.isOwn) = (folder, owner, isOwn)
    }

    /// The folders below this one that may hold the files of `entry`, the surest first.
    func candidates(_ entry: DatasetEntry) -> [URL] {
        if isOwn { return [folder.appendingPathComponent(entry.name, isDirectory: true)] }
        return entry.layouts.map { folder.appendingPathComponent($0) } + [folder]
    }
}

/// The places to look in, in their order, from the settings and the environment.
struct DataPlaces {
    private(set) var places: [DataPlace] = []
    /// Variables of the environment that could not be followed, one sentence each.
    private(set) var notes: [String] = []
    /// Martlet's own cache; `nil` when there is no home folder either.
    private(set) var cache: URL?

    /// Finds the places.
    ///
    /// - Source: XDG Base Directory Specification 0.8 (a path in `XDG_CACHE_HOME` that is not
    ///   absolute is ignored); the documentation of torch.hub, Keras and PaddlePaddle.
    init(folder: URL?, environment: [String: String], workingFolder: URL) {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        func url(_ path: String) -> URL {
            let absolute =
                path.hasPrefix("/")
                ? URL(fileURLWithPath: path, isDirectory: true)
                : workingFolder.appendingPathComponent(path, isDirectory: true)
            return absolute.standardizedFileURL
        }
        if let folder { places.append(DataPlace(folder, owner: "the given folder")) }
        if let path = value("MARTLET_DATA") {
            places.append(DataPlace(url(path), owner: "MARTLET_DATA"))
        }
        let home = value("HOME").flatMap { $0.hasPrefix("/") ? url($0) : nil }
        var cacheHome = home?.appendingPathComponent(".cache")
        if let path = value("XDG_CACHE_HOME") {
            if path.hasPrefix("/") {
                cacheHome = url(path)
            } else {
                notes.append("XDG_CACHE_HOME is “\(path)”, which is not absolute; it is ignored")
            }
        }
        cache = cacheHome?.appendingPathComponent("martlet", isDirectory: true)
        if let cache { places.append(DataPlace(cache, owner: "Martlet's cache", isOwn: true)) }

        let torch = value("TORCH_HOME").map(url) ?? cacheHome?.appendingPathComponent("torch")
        add([url("data"), torch, torch?.appendingPathComponent("datasets")], "torchvision")
        let keras = value("KERAS_HOME").map(url) ?? home?.appendingPathComponent(".keras")
        add([keras?.appendingPathComponent("datasets")], "Keras")
        let paddle = home?.appendingPathComponent(".cache/paddle/dataset")
        add([paddle, paddle?.appendingPathComponent("cifar")], "PaddlePaddle")
    }

    private mutating func add(_ folders: [URL?], _ owner: String) {
        places += folders.compactMap { $0 }.map { DataPlace($0, owner: owner) }
    }
}
