import Foundation
import MartletData

/// Finds and reads what an argument NAME|PATH stands for.
struct DataSource {
    private let folder: URL?
    private let output: OutputOptions

    init(_ data: DataOptions, _ output: OutputOptions) {
        folder = data.folder.map { URL(fileURLWithPath: $0, isDirectory: true) }
        self.output = output
    }

    /// What an argument stands for.
    enum Place {
        case known(String)
        case path(URL)
    }

    /// A known name, or a path that is there or looks like one; `./mnist` is always a path.
    ///
    /// - Throws: a failure with the nearest name for anything else.
    func place(_ text: String) throws -> Place {
        if Completions.dataSets.contains(text.lowercased()) { return .known(text.lowercased()) }
        let isThere = FileManager.default.fileExists(atPath: text)
        if isThere || text.contains("/") || text.contains(".") {
            return .path(URL(fileURLWithPath: text))
        }
        let hint = NearestName.find(text, in: Completions.dataSets).map { "did you mean \($0)?" }
        throw CommandFailure(
            .usage,
            "there is no data set named \(text)\n"
                + (hint.map { "  fix        \($0)\n" } ?? "")
                + "  known      \(Completions.dataSets.joined(separator: ", "))")
    }

    /// One part of the data set.
    func dataset(_ text: String, _ split: Split) throws -> Dataset {
        let data =
            switch try place(text) {
            case .known(let name): try Dataset.named(name, split, folder: folder)
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
}
