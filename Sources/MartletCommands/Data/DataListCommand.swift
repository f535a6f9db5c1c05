import ArgumentParser
import MartletData

/// `martlet data list`: the data sets that are known by name.
struct DataListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the data sets that are known by name, and where they lie.",
        discussion: """
            Example:
              martlet data list
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Record: Encodable {
        var name: String
        var title: String
        var train: Int
        var test: Int
        var imageShape: [Int]
        var classes: Int
        var places: [String]
    }

    func run() throws {
        let stored = DatasetFetcher(data.settings(output)).list()
        if output.json {
            try output.printJSON(
                DatasetEntry.all.map { entry in
                    Record(
                        name: entry.name, title: entry.title, train: entry.trainCount,
                        test: entry.testCount, imageShape: entry.imageShape,
                        classes: entry.classNames.count,
                        places: stored.filter { $0.dataset == entry.name && $0.isComplete }
                            .compactMap { $0.folder?.path })
                })
            return
        }
        var table = TextTable(["name", "train", "test", "shape", "classes", "where"])
        for entry in DatasetEntry.all {
            table.add([
                entry.name, String(entry.trainCount), String(entry.testCount),
                entry.imageShape.map { String($0) }.joined(separator: " x "),
                String(entry.classNames.count),
                place(of: entry, stored.filter { $0.dataset == entry.name }),
            ])
        }
        print(table.text)
    }

    private func place(of entry: DatasetEntry, _ stored: [StoredDataset]) -> String {
        if entry.isBuiltIn { return "comes with Martlet" }
        if let whole = stored.first(where: \.isComplete), let folder = whole.folder {
            return "\(folder.path) (\(whole.owner))"
        }
        if let part = stored.first, let folder = part.folder {
            return "incomplete in \(folder.path) (\(part.owner))"
        }
        return "not here"
    }
}
