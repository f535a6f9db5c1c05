import ArgumentParser
import MartletData

/// `martlet data check`: looks for what spoils training or judging.
struct DataCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for damaged, equal and odd pictures, and for rare classes.",
        discussion: """
            Reads every picture of every part. Ends with 65 when a picture cannot be read, or when \
            two parts share one.

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

        init(_ report: DataReport) {
            (count, isUsable, imbalance) = (report.count, report.isUsable, report.imbalance)
            damaged = report.damaged.map(Finding.init)
            constant = report.constant.map(Finding.init)
            (tiny, huge) = (report.tiny.map(Finding.init), report.huge.map(Finding.init))
            duplicates = report.duplicates.map { $0.map(Finding.init) }
            shared = report.shared.map { $0.map(Finding.init) }
        }
    }

    func run() throws {
        let parts = try DataSource(data, output).parts(subject).map(\.data)
        guard let first = parts.first else { return }
        let report = first.check(with: Array(parts.dropFirst()))
        if output.json {
            try output.printJSON(Record(report))
        } else {
            print(report.description)
        }
        if !report.isUsable {
            throw CommandFailure(
                .badData,
                report.damaged.isEmpty
                    ? "parts share pictures, so results on one say little about the other"
                    : "\(report.damaged.count) pictures cannot be read")
        }
    }
}
