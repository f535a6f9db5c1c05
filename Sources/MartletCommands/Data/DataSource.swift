import Foundation
import MartletData

/// Finds and reads what an argument NAME|PATH stands for.
struct DataSource {
    let fetcher: DatasetFetcher
    private let output: OutputOptions

    init(_ data: DataOptions, _ output: OutputOptions) {
        fetcher = DatasetFetcher(data.settings(output))
        self.output = output
    }

    /// What an argument stands for.
    enum Place {
        case known(DatasetEntry)
        case path(URL)
    }

    /// A known name, or a path that is there or looks like one; `./mnist` is always a path.
    ///
    /// - Throws: `FetchError` with the nearest name for anything else.
    func place(_ text: String) throws -> Place {
        if let entry = DatasetEntry.named(text), !text.contains("/") { return .known(entry) }
        let isThere = FileManager.default.fileExists(atPath: text)
        if isThere || text.contains("/") || text.contains(".") {
            return .path(URL(fileURLWithPath: text))
        }
        // It is neither, so this throws.
        _ = try fetcher.located(text)
        return .path(URL(fileURLWithPath: text))
    }

    /// One part of the data set.
    func dataset(_ text: String, _ split: Split) throws -> Dataset {
        let data =
            switch try place(text) {
            case .known(let entry): try Dataset.named(entry.name, split, fetcher.settings)
            case .path(let url): try Dataset(contentsOf: url, split: split)
            }
        output.detail(data.description)
        return data
    }

    /// All parts that there are, the training part first.
    func parts(_ text: String) throws -> [(split: Split, data: Dataset)] {
        if case .known = try place(text) {
            return try [Split.train, .test].map { ($0, try dataset(text, $0)) }
        }
        return try [Split.train, .validation, .test].compactMap { split in
            do {
                return (split, try dataset(text, split))
            } catch let error as DataError where split != .train && error.kind == .missing {
                return nil
            }
        }
    }

    /// The files of a known data set, fetched if need be.
    func known(_ entry: DatasetEntry) throws -> DatasetFiles {
        let files = try fetcher.files(of: entry.name)
        for note in files.notes { output.note(note) }
        if let file = files.archive?.path ?? files.train.first {
            output.detail("\(entry.name): \(file)")
        }
        return files
    }
}
