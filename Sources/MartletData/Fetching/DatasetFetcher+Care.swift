import Foundation

/// Files of one data set that lie together.
public struct StoredDataset: Hashable, Sendable {
    /// The name of the data set.
    public var dataset: String
    /// What the files hold.
    public var form: DatasetFiles.Form
    /// The folder; `nil` for a set that is shipped with Martlet.
    public var folder: URL?
    /// Whose folder it is.
    public var owner: String
    /// The size of the files in bytes.
    public var byteCount: Int
    /// Whether no file is missing; their contents were not looked at.
    public var isComplete: Bool
}

extension DatasetFetcher {
    /// Which data sets lie where, and how large they are; contents are not checked.
    public func list() -> [StoredDataset] {
        DatasetEntry.all.flatMap { stored($0) }
    }

    /// Where files of one data set lie.
    package func stored(_ entry: DatasetEntry) -> [StoredDataset] {
        if entry.isBuiltIn {
            return [
                StoredDataset(
                    dataset: entry.name, form: .builtIn, folder: nil, owner: "Martlet",
                    byteCount: 0, isComplete: true)
            ]
        }
        return settings.places.places.flatMap { place in
            FormPresence.all(entry, at: place).map { presence in
                let sizes = presence.files.compactMap(\.first).map {
                    (try? FileEdges($0))?.byteCount ?? 0
                }
                return StoredDataset(
                    dataset: entry.name, form: presence.form.form, folder: presence.folder,
                    owner: place.owner, byteCount: sizes.reduce(0, +),
                    isComplete: presence.absent.isEmpty)
            }
        }
    }

    /// Reads every file of known data sets in full and compares its checksum.
    ///
    /// Several sets use the same file names; a file is judged for the set that it fits best.
    /// - Parameters:
    ///   - name: the data set; `nil` for all.
    ///   - folder: the folder to look in; `nil` for all places.
    /// - Throws: `FetchError` of kind `unknown` when no data set has this name.
    public func verify(
        _ name: String? = nil, in folder: URL? = nil
    ) throws(FetchError) -> [FileReport] {
        var entries = DatasetEntry.all
        if let name { entries = [try Self.entry(name)] }
        let given = folder.map { [DataPlace($0, owner: "the given folder")] }
        return verify(entries, at: given ?? settings.places.places)
    }

    /// Checks the files of `entries` at some places.
    package func verify(_ entries: [DatasetEntry], at places: [DataPlace]) -> [FileReport] {
        var reports: [URL: FileReport] = [:]
        var order: [URL] = []
        for place in places {
            for entry in entries {
                for presence in FormPresence.all(entry, at: place) {
                    for (file, urls) in zip(presence.form.files, presence.files) {
                        for url in urls {
                            let report = FileCheck(file: file, dataset: entry.name, url: url).full()
                            if let known = reports[url] {
                                if report.rank < known.rank { reports[url] = report }
                            } else {
                                order.append(url)
                                reports[url] = report
                            }
                        }
                    }
                }
            }
        }
        return order.compactMap { reports[$0] }
    }

    /// Fetches every damaged file of a data set in Martlet's own cache again.
    ///
    /// Files elsewhere are never changed. A damaged file stays until its successor is verified.
    /// - Returns: the state of the files in the cache afterwards.
    /// - Throws: `FetchError` when a file cannot be had.
    public func repair(_ name: String) throws(FetchError) -> [FileReport] {
        try repair(Self.entry(name))
    }

    /// Repairs a data set that need not be in the registry.
    package func repair(_ entry: DatasetEntry) throws(FetchError) -> [FileReport] {
        if entry.isBuiltIn { return [] }
        var error = FetchError(kind: .missing, dataset: entry.name)
        let own = try ownPlace(error)
        let before = verify([entry], at: [own])
        let damaged = before.filter { !$0.isUsable }
        if damaged.isEmpty { return before }
        error.places = damaged.map {
            PlaceReport(folder: $0.file, owner: own.owner, outcome: $0.sentence)
        }
        if settings.isOffline { throw error }
        let library = try library(error)
        let folder = own.folder.appendingPathComponent(entry.name, isDirectory: true)
        let lock = try lock(folder, error)
        defer { withExtendedLifetime(lock) {} }
        for form in entry.forms where !form.mirrors.isEmpty {
            let names = Set(form.files.flatMap(\.names))
            let ours = damaged.filter { names.contains($0.file.lastPathComponent) }
            if ours.isEmpty { continue }
            guard try download(form, of: entry, into: folder, library, &error) else {
                error.kind = .unavailable
                throw error
            }
            let published = Set(form.files.map(\.name))
            for report in ours where !published.contains(report.file.lastPathComponent) {
                try? FileManager.default.removeItem(at: report.file)
            }
        }
        return verify([entry], at: [own])
    }
}

extension FileReport {
    /// How well a file fits a data set; less is better.
    fileprivate var rank: Int {
        switch state {
        case .verified: 0
        case .unverified: 1
        case .damaged: 2
        default: 3
        }
    }
}
