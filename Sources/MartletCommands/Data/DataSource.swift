import Foundation
import MartletData
import MartletRecipes

/// Finds and reads what an argument NAME|PATH stands for.
struct DataSource {
    let fetcher: DatasetFetcher
    private let output: OutputOptions

    init(_ data: DataOptions, _ output: OutputOptions) {
        fetcher = DatasetFetcher(data.settings(output))
        self.output = output
    }

    /// What an argument stands for; see `DataReference`.
    func place(_ text: String) throws -> DataReference { try DataReference(text) }

    /// One part of the data set.
    func dataset(_ text: String, _ split: Split) throws -> Dataset {
        let data = try place(text).dataset(split, fetcher.settings)
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
