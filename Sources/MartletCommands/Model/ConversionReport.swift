import Martlet
import MartletInterchange

/// What a conversion found and wrote, as text and as a record.
struct ConversionReport {
    let input: String
    /// What the input is, in words.
    let form: String
    let output: String
    /// Where the network comes from, if the input does not bring it.
    let network: String?
    /// What fits, where arrays were brought into a network.
    let mapping: ParameterMapping?
    /// Whether the output was written.
    var isWritten = false
    private var arrays: [NamedTensor] = []

    init(
        input: String, form: String, output: String, network: String?, mapping: ParameterMapping?
    ) {
        (self.input, self.form, self.output) = (input, form, output)
        (self.network, self.mapping) = (network, mapping)
    }

    /// Notes what is written.
    mutating func list(_ arrays: [NamedTensor]) { self.arrays = arrays }

    private var byteCount: Int { arrays.reduce(0) { $0 + $1.value.type.byteCount } }

    /// The report for a terminal.
    ///
    /// - Parameter isFull: Whether every array has a line.
    func text(isFull: Bool) -> String {
        var lines = ["read     \(input): \(form)"]
        if let network { lines.append("network  \(network)") }
        if isFull {
            if let mapping {
                lines.append("\(mapping)")
            } else {
                lines += arrays.map { "  array       \($0.name) \($0.value.type)" }
            }
        }
        let count = "\(arrays.count) array\(arrays.count == 1 ? "" : "s"), \(byteCount) bytes"
        if isWritten {
            lines.append("wrote    \(output): \(count)")
        } else if !arrays.isEmpty {
            lines.append("would be \(output): \(count)")
        }
        return lines.joined(separator: "\n")
    }

    /// What `--json` prints.
    struct Record: Encodable {
        struct Array: Encodable {
            var name: String
            var type: String
        }

        struct Match: Encodable {
            var path: String
            var name: String
            var type: String
            var changes: [String]
        }

        struct Orphan: Encodable {
            var name: String
            var nearest: String?
        }

        struct Difference: Encodable {
            var path: String
            var name: String
            var expected: String
            var received: String
        }

        var input: String
        var form: String
        var output: String
        var network: String?
        var isWritten: Bool
        var isComplete: Bool
        var arrays: [Array]
        var matched: [Match]
        var missing: [Orphan]
        var unexpected: [Orphan]
        var mismatched: [Difference]
        var ignored: [String]
    }

    /// The report as a record.
    var record: Record {
        Record(
            input: input, form: form, output: output, network: network, isWritten: isWritten,
            isComplete: mapping?.isComplete ?? true,
            arrays: arrays.map { .init(name: $0.name, type: "\($0.value.type)") },
            matched: (mapping?.matched ?? []).map {
                .init(
                    path: $0.path, name: $0.name, type: "\($0.value.type)",
                    changes: $0.changes.map(\.description))
            },
            missing: (mapping?.missing ?? []).map { .init(name: $0.name, nearest: $0.nearest) },
            unexpected: (mapping?.unexpected ?? []).map {
                .init(name: $0.name, nearest: $0.nearest)
            },
            mismatched: (mapping?.mismatched ?? []).map {
                .init(
                    path: $0.path, name: $0.name, expected: "\($0.expected)",
                    received: "\($0.received)")
            }, ignored: mapping?.ignored ?? [])
    }
}
