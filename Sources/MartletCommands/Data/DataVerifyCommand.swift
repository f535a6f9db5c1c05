import ArgumentParser
import Foundation
import MartletData

/// `martlet data verify`: compares files with the checksums of their publishers.
struct DataVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare the files of data sets with their published checksums.",
        discussion: """
            Reads every file in full. Ends with 65 when one is not as it should be.

            Example:
              martlet data verify mnist --repair
            """)

    @Argument(
        help: "A data set or a folder; all known places unless given.",
        completion: .custom(Completions.dataSetsAndPaths))
    var subject: String?

    @Flag(help: "Fetch damaged files in Martlet's cache again.")
    var repair = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Record: Encodable {
        var dataset: String
        var file: String
        var state: String
        var expected: String
        var found: String
    }

    func run() throws {
        let source = DataSource(data, output)
        var (name, folder) = (String?.none, URL?.none)
        if let subject {
            switch try source.place(subject) {
            case .known(let entry): name = entry.name
            case .path(let url): folder = url
            }
        }
        if let name, DatasetEntry.named(name)?.isBuiltIn == true {
            let fact = "\(name) comes with Martlet; there is nothing to verify"
            guard output.json else { return print(fact) }
            // As for all others, a list of files; here it is empty.
            try show([])
            return output.note(fact)
        }
        var reports = try source.fetcher.verify(name, in: folder)
        if repair {
            let damaged = reports.filter { !$0.isUsable }.map(\.dataset)
            for dataset in Set(damaged).sorted() { _ = try source.fetcher.repair(dataset) }
            if !damaged.isEmpty { reports = try source.fetcher.verify(name, in: folder) }
        }
        guard !reports.isEmpty else {
            throw CommandFailure(
                .noInput,
                "no files of \(name ?? "known data sets")"
                    + (folder.map { " in \($0.path)" } ?? "")
                    + "\n  fix        fetch them: martlet data fetch \(name ?? "mnist")")
        }
        try show(reports)
        let bad = reports.filter { !$0.isUsable }
        if !bad.isEmpty {
            throw CommandFailure(
                .badData, "\(bad.count) of \(reports.count) files are not as they should be")
        }
    }

    private func show(_ reports: [FileReport]) throws {
        if output.json {
            try output.printJSON(
                reports.map {
                    Record(
                        dataset: $0.dataset, file: $0.file.path, state: $0.state.description,
                        expected: $0.expected, found: $0.found)
                })
        } else {
            for report in reports { print("\(report.dataset): \(report.sentence)") }
        }
    }
}
