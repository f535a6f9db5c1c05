import ArgumentParser
import Foundation
import Martlet
import MartletData

/// `martlet data info`: shapes, types, classes and values of a data set.
struct DataInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show shapes, types, classes and values of a data set.",
        discussion: """
            Mean and deviation are those of the training part, for values in 0 … 1, as \
            normalisation takes them.

            Example:
              martlet data info mnist
            """)

    @Argument(
        help: "A data set by its name, or a file or folder.",
        completion: .custom(Completions.dataSetsAndPaths))
    var subject: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Record: Encodable {
        struct Part: Encodable {
            var split: String
            var count: Int
            var classCounts: [Int]
        }

        var name: String
        var type: String
        var imageShape: [Int]
        var classNames: [String]
        var parts: [Part]
        var values: PixelStatistics
    }

    func run() throws {
        let parts = try DataSource(data, output).parts(subject)
        guard let first = parts.first?.data else { return }
        let values = try PixelStatistics(first)
        if output.json {
            return try output.printJSON(
                Record(
                    name: subject, type: first.imageType.description,
                    imageShape: first.imageShape, classNames: first.classNames,
                    parts: parts.map {
                        .init(
                            split: $0.split.rawValue, count: $0.data.count,
                            classCounts: $0.data.classCounts)
                    }, values: values))
        }
        for part in parts { print(part.data.description) }
        print(
            """
            values     \(Self.number(values.least)) … \(Self.number(values.greatest)), \
            full brightness \(Self.number(values.brightest))
            mean       \(Self.list(values.mean))
            deviation  \(Self.list(values.standardDeviation))

            """)
        var table = TextTable(["class"] + parts.map(\.split.rawValue))
        for (number, name) in first.classNames.enumerated() {
            table.add([name] + parts.map { String($0.data.classCounts[number]) })
        }
        print(table.text)
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { String($0) }
            ?? String(format: abs(value) < 1e15 ? "%.4f" : "%g", value)
    }

    private static func list(_ values: [Double]) -> String {
        values.map { String(format: "%.4f", $0) }.joined(separator: " ")
    }
}
