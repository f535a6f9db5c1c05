import Foundation
import MartletFormats

/// The tensors and plain values of a file of weights.
struct WeightFileSummary {
    private let file: WeightFile

    init(_ file: WeightFile) { self.file = file }

    /// The summary for a terminal.
    var text: String {
        var parts = ["file     \(file.fileName)", "format   \(file.format)"]
        if !file.values.isEmpty {
            var table = TextTable(["value", "contents"])
            for (name, value) in file.values {
                let text = value.description.replacingOccurrences(of: "\n", with: " ")
                table.add([name, text])
            }
            parts += ["", table.text]
        }
        var table = TextTable(["tensor", "shape", "stored as", "numbers", "bytes"])
        for entry in file.entries {
            table.add([
                entry.name, "[" + entry.type.shape.map { String($0) }.joined(separator: ", ") + "]",
                entry.storedType, String(entry.type.elementCount), String(entry.type.byteCount),
            ])
        }
        let count = file.entries.reduce(0) { $0 + $1.type.elementCount }
        parts += ["", table.text, "", "\(file.entries.count) tensors, \(count) numbers"]
        return parts.joined(separator: "\n")
    }

    /// What `--json` prints.
    struct Record: Encodable {
        struct Tensor: Encodable {
            var name: String
            var shape: [Int]
            var storedType: String
        }

        var path: String
        var format: String
        var values: [String: String]
        var tensors: [Tensor]
    }

    /// The summary as a record.
    var record: Record {
        Record(
            path: file.fileName, format: file.format,
            values: Dictionary(file.values.map { ($0.name, $0.value.description) }) { first, _ in
                first
            },
            tensors: file.entries.map {
                .init(name: $0.name, shape: $0.type.shape, storedType: $0.storedType)
            })
    }
}
