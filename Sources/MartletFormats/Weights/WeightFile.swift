import Foundation
import MartletGraph

/// The named tensors of a file of any framework, and the plain values beside them.
///
/// Tensors keep the names, shapes and axis orders of their file; nested containers give names with
/// dots, such as `optimizer_state_dict.state.0.exp_avg`. Numbers are read when they are asked for.
public struct WeightFile: Sendable {
    /// One tensor of the file.
    public struct Entry: Hashable, Sendable {
        /// Its name, unique in the file.
        public var name: String
        /// The number type in the file, under the name that the format gives it.
        public var storedType: String
        /// The element type it widens to, and its shape.
        public var type: TensorType

        /// Describes a tensor.
        public init(name: String, storedType: String, type: TensorType) {
            (self.name, self.storedType, self.type) = (name, storedType, type)
        }
    }

    /// The path of the file, or the name it was given.
    public let fileName: String
    /// What sort of file it is, in words.
    public let format: String
    /// The tensors in the order of the file.
    public let entries: [Entry]
    /// The plain values in the order of the file.
    public let values: [(name: String, value: WeightValue)]
    private let load: @Sendable (Int) throws(FormatError) -> HostTensor
    private let positions: [String: Int]

    /// Collects what a reader has found.
    ///
    /// - Parameter load: gives the tensor of the entry at an index.
    /// - Throws: `FormatError` when two tensors or two values have one name.
    public init(
        fileName: String, format: String, entries: [Entry],
        values: [(name: String, value: WeightValue)] = [],
        load: @escaping @Sendable (Int) throws(FormatError) -> HostTensor
    ) throws(FormatError) {
        var positions: [String: Int] = [:]
        for (index, entry) in entries.enumerated()
        where positions.updateValue(index, forKey: entry.name) != nil {
            throw Self.twice(entry.name, fileName)
        }
        var seen: Set<String> = []
        for (name, _) in values where !seen.insert(name).inserted {
            throw Self.twice(name, fileName)
        }
        (self.fileName, self.format, self.entries) = (fileName, format, entries)
        (self.values, self.load, self.positions) = (values, load, positions)
    }

    private static func twice(_ name: String, _ file: String) -> FormatError {
        FormatError(
            .malformed, file: file, place: String(name.prefix(200)), expected: "every name once",
            found: "two values of that name")
    }

    /// The names of the tensors in the order of `entries`.
    public var names: [String] { entries.map(\.name) }

    /// The entry of that name, if there is one.
    public func entry(_ name: String) -> Entry? { positions[name].map { entries[$0] } }

    /// The plain value of that name, if there is one.
    public func value(_ name: String) -> WeightValue? { values.first { $0.name == name }?.value }

    /// The tensor of that name.
    ///
    /// - Throws: `FormatError` that lists the names there are, or tells what is wrong with it.
    public func tensor(_ name: String) throws(FormatError) -> HostTensor {
        guard let index = positions[name] else {
            throw FormatError(
                .malformed, file: fileName, expected: "a tensor named \(name)",
                found: entries.isEmpty ? "no tensors" : shortList(names))
        }
        return try tensor(at: index)
    }

    /// The tensor of the entry at `index`.
    public func tensor(at index: Int) throws(FormatError) -> HostTensor {
        do {
            return try load(index)
        } catch {
            var error = error
            let name = entries[index].name
            if !error.place.hasPrefix(name) {
                error.place = [name, error.place].filter { !$0.isEmpty }.joined(separator: ", ")
            }
            throw error
        }
    }

    /// All tensors with their names, in the order of `entries`.
    public func tensors() throws(FormatError) -> [(name: String, tensor: HostTensor)] {
        var result: [(name: String, tensor: HostTensor)] = []
        result.reserveCapacity(entries.count)
        for index in entries.indices { result.append((entries[index].name, try tensor(at: index))) }
        return result
    }
}
