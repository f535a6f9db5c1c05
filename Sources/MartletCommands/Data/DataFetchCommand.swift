import ArgumentParser
import MartletData

/// `martlet data fetch`: makes sure that data sets are on this machine.
struct DataFetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch data sets, unless they are on this machine already.",
        discussion: """
            Files are kept once their checksums agree; a download that was cut off goes on where it \
            stopped. MARTLET_MIRROR names a server that is asked first.

            Example:
              martlet data fetch mnist cifar10
            """)

    @Argument(
        help: "Names of data sets; 'all' for all of them.",
        completion: .list(Completions.dataSets + ["all"]))
    var names: [String]

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Record: Encodable {
        var name: String
        var form: String
        var files: [String]
    }

    func run() throws {
        let source = DataSource(data, output)
        let wanted = names == ["all"] ? DatasetEntry.all.map(\.name) : names
        // A slip in the last name is reported before the first is fetched.
        for name in wanted where DatasetEntry.named(name) == nil {
            _ = try source.fetcher.located(name)
        }
        var records: [Record] = []
        for name in wanted {
            guard let entry = DatasetEntry.named(name) else { continue }
            let files = try source.known(entry)
            let paths = files.archive.map { [$0.path] } ?? files.train + files.test
            records.append(Record(name: entry.name, form: files.form.description, files: paths))
        }
        if output.json { return try output.printJSON(records) }
        var table = TextTable(["name", "form", "files"])
        for record in records {
            table.add([record.name, record.form, record.files.first ?? "come with Martlet"])
            for file in record.files.dropFirst() { table.add(["", "", file]) }
        }
        print(table.text)
    }
}
