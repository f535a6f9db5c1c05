import Foundation

/// Finds the files of the data sets that Martlet knows by name, and fetches those that are missing.
///
/// Nothing is ever written outside of Martlet's own cache, and in there a file gets its name only
/// after its checksum agreed.
public struct DatasetFetcher: Sendable {
    /// How to look and to fetch.
    public var settings: FetchSettings

    /// Makes a fetcher with these settings.
    public init(_ settings: FetchSettings = FetchSettings()) {
        self.settings = settings
    }

    /// The files of the data set `name`, from this machine or, if need be, from the network.
    ///
    /// The call blocks until they are there; `settings.isCancelled` ends it.
    /// - Throws: `FetchError` with all places and addresses that were tried.
    public func files(of name: String) throws(FetchError) -> DatasetFiles {
        try files(of: Self.entry(name))
    }

    /// The files of a data set if they are on this machine; the network is not used.
    ///
    /// - Throws: `FetchError` of kind `unknown` when no data set has this name.
    public func located(_ name: String) throws(FetchError) -> DatasetFiles? {
        let entry = try Self.entry(name)
        return entry.isBuiltIn ? Self.builtIn(entry) : search(entry).files
    }

    /// The files of a data set that need not be in the registry.
    package func files(of entry: DatasetEntry) throws(FetchError) -> DatasetFiles {
        if entry.isBuiltIn { return Self.builtIn(entry) }
        let search = search(entry)
        let notes = settings.notes + settings.places.notes
        if var files = search.files {
            files.notes = notes + files.notes
            return files
        }
        var error = FetchError(kind: .missing, dataset: entry.name, places: search.reports)
        error.fix = advice(entry) + notes
        if settings.isOffline { throw error }
        var files = try fetch(entry, &error)
        files.notes = notes + search.damaged.map(\.sentence) + files.notes
        return files
    }

    /// Martlet's own cache as a place.
    func ownPlace(_ error: FetchError) throws(FetchError) -> DataPlace {
        if let cache = settings.places.cache {
            return DataPlace(cache, owner: "Martlet's cache", isOwn: true)
        }
        var error = error
        error.kind = .unwritable
        error.problem = "no folder for a cache: XDG_CACHE_HOME and HOME are not set"
        throw error
    }

    /// The registry's entry, or an error that names the known ones.
    static func entry(_ name: String) throws(FetchError) -> DatasetEntry {
        if let entry = DatasetEntry.named(name) { return entry }
        var error = FetchError(kind: .unknown, dataset: name)
        if let nearest = DatasetEntry.nearestName(to: name) {
            error.fix.append("did you mean \(nearest)?")
        }
        error.fix.append("known: " + DatasetEntry.all.map(\.name).joined(separator: ", "))
        throw error
    }

    private static func builtIn(_ entry: DatasetEntry) -> DatasetFiles {
        DatasetFiles(
            dataset: entry.name, form: .builtIn, archive: nil, train: [], test: [], notes: [])
    }

    private func search(_ entry: DatasetEntry) -> DatasetSearch {
        DatasetSearch(entry, in: settings.places.places)
    }

    /// How a person can supply the files.
    private func advice(_ entry: DatasetEntry) -> [String] {
        let lists = entry.forms.filter { !$0.mirrors.isEmpty }.map { form in
            form.files.map(\.name).joined(separator: ", ")
        }
        let folder = settings.places.cache?.appendingPathComponent(entry.name).path
        let target = folder.map { "put into \($0)" } ?? "put into a folder"
        return ["\(target), or into a folder that MARTLET_DATA names:"]
            + lists.enumerated().map { ($0.offset == 0 ? "  " : "  or ") + $0.element }
            + ["or name a server that has them with MARTLET_MIRROR=https://…"]
    }
}
