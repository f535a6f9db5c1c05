import Foundation
import MartletFormats
import MartletGraph

/// A checkpoint as tensors and texts, before its meaning is read.
package struct CheckpointFile {
    private(set) var tensors: [String: HostTensor]
    private(set) var texts: [String: String]
    private let name: String
    private let kind: Kind

    /// What a file is for.
    package enum Kind: String {
        case checkpoint = "martlet-checkpoint"
        case model = "martlet-model"

        /// The version that is written.
        var version: Int { self == .checkpoint ? Checkpoint.formatVersion : 1 }
        var noun: String { self == .checkpoint ? "checkpoint" : "model file" }
        /// What to do with a file of the other kind.
        var hint: String {
            self == .checkpoint
                ? "to take weights from such a file, load them into the model"
                : "a run folder has its model in model.martlet"
        }
    }

    private static let checksumName = "checksum"

    /// A new one of the present version.
    init(tensors: [String: HostTensor], _ kind: Kind = .checkpoint) {
        (self.tensors, self.kind) = (tensors, kind)
        texts = [
            "format": kind.rawValue, "formatVersion": String(kind.version),
            "martletVersion": martletVersion,
        ]
        name = ""
    }

    /// Reads a file and compares its checksum.
    package init(contentsOf url: URL, _ kind: Kind = .checkpoint) throws(CheckpointError) {
        (name, self.kind) = (url.path, kind)
        do {
            let file = try Safetensors(contentsOf: url)
            texts = file.metadata
            tensors = Dictionary(uniqueKeysWithValues: try file.tensors())
        } catch {
            guard error.kind != .missing else {
                throw CheckpointError(.missing, file: url.path, "cannot be read", [error.found])
            }
            if kind == .model, let found = ForeignFile.unlessSafetensors(url) {
                throw CheckpointError(
                    .damaged, file: url.path, "is not a \(kind.noun) of Martlet", [found],
                    fix: kind.hint)
            }
            let place = error.offset.map { "byte \($0): " } ?? ""
            throw Self.damaged(
                url.path, ["\(place)expected \(error.expected), found \(error.found)"], kind)
        }
        guard texts["format"] == kind.rawValue else {
            let found = texts["format"].flatMap { Kind(rawValue: $0) }.map { "a \($0.noun)" }
            let keys = texts.keys.sorted().joined(separator: " ")
            throw CheckpointError(
                .damaged, file: url.path, "is not a \(kind.noun) of Martlet",
                [found ?? "a safetensors file with the texts \(keys)"], fix: kind.hint)
        }
        let (saved, found) = (texts[Self.checksumName] ?? "none", checksum)
        guard saved == found else {
            throw Self.damaged(url.path, ["checksum \(found) instead of \(saved)"], kind)
        }
    }

    private static func damaged(
        _ file: String, _ details: [String], _ kind: Kind = .checkpoint
    ) -> CheckpointError {
        CheckpointError(
            .damaged, file: file, "is damaged", details,
            fix: kind == .model
                ? "write the model again"
                : "go on from the checkpoint before it; "
                    + "in Swift, CheckpointFolder finds it")
    }

    /// Throws for a file of another version than the one that is written now.
    func checkVersion() throws(CheckpointError) {
        guard let version = texts["formatVersion"].flatMap({ Int($0) }) else {
            throw Self.damaged(name, ["no version of the format"], kind)
        }
        guard version <= kind.version else { throw newer(version) }
    }

    private func newer(_ version: Int) -> CheckpointError {
        CheckpointError(
            .newer, file: name, "was written by a newer Martlet",
            [
                "format \(version), written by Martlet \(texts["martletVersion"] ?? "?");"
                    + " this is Martlet \(martletVersion), which reads up to format"
                    + " \(kind.version)"
            ], fix: "install Martlet \(texts["martletVersion"] ?? "") or newer")
    }

    /// Brings an older file into the present form, version by version.
    mutating func migrate() throws(CheckpointError) {
        guard var version = texts["formatVersion"].flatMap({ Int($0) }) else {
            throw Self.damaged(name, ["no version of the format"])
        }
        guard version <= Checkpoint.formatVersion else { throw newer(version) }
        while version < Checkpoint.formatVersion {
            guard let step = CheckpointMigration.steps[version] else {
                throw Self.damaged(name, ["there never was a format \(version)"])
            }
            do {
                try step(&texts, &tensors)
            } catch {
                throw Self.damaged(name, ["format \(version): \(error)"])
            }
            version += 1
        }
    }

    /// A text read as JSON.
    func decoded<Value: Decodable>(_ key: String) throws -> Value {
        try JSONText.decode(Value.self, texts[key] ?? "null")
    }

    /// Adds a text.
    mutating func encode(_ value: some Encodable, _ key: String) throws {
        texts[key] = try JSONText.encode(value)
    }

    /// Changes texts and tensors, for a file of another version.
    package mutating func change(
        _ body: (inout [String: String], inout [String: HostTensor]) throws -> Void
    ) rethrows {
        try body(&texts, &tensors)
    }

    /// Writes the file, waits until the disk has it and its name.
    package func write(to url: URL) throws(CheckpointError) {
        var texts = texts
        texts[Self.checksumName] = checksum
        do {
            try Safetensors.write(
                tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, metadata: texts,
                to: url)
        } catch {
            throw CheckpointError(
                .unwritable, file: url.path, "cannot be written", [error.found],
                fix: "make room, or choose another folder")
        }
    }

    /// Of all texts but itself and of all tensors with their names and types.
    private var checksum: String {
        var sum = Checksum()
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) where key != Self.checksumName {
            sum.add(key)
            sum.add(text)
        }
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            sum.add(name)
            sum.add(tensor.type.description)
            tensor.bytes.withUnsafeBytes { sum.add($0) }
        }
        return sum.text
    }
}

/// The version of the library that checkpoints name.
let martletVersion = "0.1.0"

/// How files of older versions become files of the next one.
enum CheckpointMigration {
    typealias Step =
        @Sendable (_ texts: inout [String: String], _ tensors: inout [String: HostTensor]) throws
        -> Void

    /// By the version that a step starts from.
    static let steps: [Int: Step] = [
        // Format 0 had no state of callbacks, and the sums of the epoch had no prefix.
        0: { texts, tensors in
            texts["callbacks"] = texts["callbacks"] ?? "{}"
            for (name, tensor) in tensors where name.hasPrefix("sums/") {
                tensors[name] = nil
                tensors[RunningSum.prefix + name.dropFirst(5)] = tensor
            }
        }
    ]
}
