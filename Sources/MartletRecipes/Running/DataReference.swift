import Foundation
import MartletData

/// What an argument NAME|PATH stands for: a data set that is known by its name, or a place.
public enum DataReference {
    /// A set with a name.
    case known(DatasetEntry)
    /// A file or a folder.
    case path(URL)

    /// A known name, or a path that is there or looks like one; `./mnist` is always a path.
    ///
    /// - Throws: `FetchError` with the nearest name for anything else.
    public init(_ text: String) throws(FetchError) {
        if !text.contains("/"), let entry = DatasetEntry.named(text) {
            self = .known(entry)
            return
        }
        let isThere = FileManager.default.fileExists(atPath: text)
        if !isThere, !text.contains("/"), !text.contains(".") {
            // It is neither, so this throws.
            _ = try DatasetFetcher().located(text)
        }
        self = .path(URL(fileURLWithPath: text))
    }

    /// One part of the data.
    ///
    /// - Throws: `FetchError` for files that are nowhere, `DataError` for files that cannot be used.
    public func dataset(_ split: Split, _ settings: FetchSettings) throws -> Dataset {
        switch self {
        case .known(let entry): try Dataset.named(entry.name, split, settings)
        case .path(let url): try Dataset(contentsOf: url, split: split)
        }
    }
}
