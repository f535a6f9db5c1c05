import ArgumentParser
import MartletData
import MartletFormats

/// `martlet data check`: looks for what spoils training or judging.
struct DataCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for damaged, equal and odd pictures, and for rare classes.",
        discussion: """
            Reads every picture of every part. Ends with 65 when a picture cannot be read, when two \
            parts share one, or when 'train --images' could not learn from the folder.

            Example:
              martlet data check photos/
            """)

    @Argument(
        help: "A data set by its name, or a file or folder.",
        completion: .custom(Completions.dataSetsAndPaths))
    var subject: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Record: Encodable {
        struct Finding: Encodable {
            var data: String
            var origin: String
            var reason: String

            init(_ finding: DataReport.Finding) {
                (data, origin, reason) = (finding.data, finding.origin, finding.reason)
            }
        }

        var count: Int
        var isUsable: Bool
        var damaged: [Finding]
        var constant: [Finding]
        var tiny: [Finding]
        var huge: [Finding]
        var duplicates: [[Finding]]
        var shared: [[Finding]]
        var imbalance: [Double]
        var notes: [String]

        init(_ report: DataReport, isUsable: Bool) {
            (count, self.isUsable, imbalance) = (report.count, isUsable, report.imbalance)
            notes = report.notes
            damaged = report.damaged.map(Finding.init)
            constant = report.constant.map(Finding.init)
            (tiny, huge) = (report.tiny.map(Finding.init), report.huge.map(Finding.init))
            duplicates = report.duplicates.map { $0.map(Finding.init) }
            shared = report.shared.map { $0.map(Finding.init) }
        }
    }

    func run() throws {
        let (parts, folders) = try parts()
        guard let first = parts.first?.data else { return }
        var report = first.check(with: parts.dropFirst().map(\.data))
        let refusals = folders?.refusals(parts, report) ?? []
        report.notes = (folders?.leftOut ?? []) + refusals
        let isUsable = report.isUsable && refusals.isEmpty
        if output.json {
            try output.printJSON(Record(report, isUsable: isUsable))
        } else {
            print(report.description)
        }
        if !isUsable { throw failure(report, refusals) }
    }

    /// All parts, and the folder of classes if they are of one.
    private func parts() throws -> ([ClassFolders.Part], ClassFolders?) {
        let source = DataSource(data, output)
        guard case .path(let url) = try source.place(subject), let folders = ClassFolders(url)
        else {
            return (try source.parts(subject), nil)
        }
        do {
            let parts = try source.parts(subject)
            return (parts, folders.hold(parts) ? folders : nil)
        } catch is FormatError {
            // No picture can be read that would tell the size of all.
            return (try folders.unreadableParts(), folders)
        }
    }

    private func failure(_ report: DataReport, _ refusals: [String]) -> CommandFailure {
        if !report.damaged.isEmpty {
            return CommandFailure(.badData, "\(report.damaged.count) pictures cannot be read")
        }
        if !report.shared.isEmpty {
            return CommandFailure(
                .badData, "parts share pictures, so results on one say little about the other")
        }
        return CommandFailure(.badData, refusals.joined(separator: "\n"))
    }
}
