import ArgumentParser
import Foundation
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
        noteFolders()
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

    /// Says of the folders that were named when they are none.
    private func noteFolders() {
        let variable = ProcessInfo.processInfo.environment["MARTLET_DATA"]
        for case (let name, let path?) in [("--data-dir", data.folder), ("MARTLET_DATA", variable)]
        where !path.isEmpty {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            guard !isThere || !isFolder.boolValue else { continue }
            output.note(
                "\(name) names \(path), which " + (isThere ? "is not a folder" : "does not exist"))
        }
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
