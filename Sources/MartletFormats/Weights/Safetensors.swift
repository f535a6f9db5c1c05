import Foundation
import MartletGraph

/// Named tensors in a safetensors file: a short header in JSON, then the raw numbers.
///
/// Opening reads the header only; every tensor is read when it is asked for, straight into its own
/// memory. `F16` and `BF16` widen exactly to `float32`; `I8`, `I16` and `U16` to `int32`; `U32` and
/// `U64` to `int64` (a `U64` from 2^63 on is refused). Gaps, overlaps, bytes that no tensor owns,
/// two tensors of one name and unknown members are refused.
///
/// - Source: the description of the format in the readme of github.com/huggingface/safetensors.
public struct Safetensors: Sendable {
    /// One tensor of the file.
    public struct Entry: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// The number type in the file: `F32`, `BF16`, ...
        public var storedType: String
        /// The element type it widens to, and its shape.
        public var type: TensorType
        /// Where its numbers lie in the file.
        var range: Range<Int>
    }

    /// The tensors in the order in which their numbers lie in the file.
    public let entries: [Entry]
    /// The texts under `__metadata__`.
    public let metadata: [String: String]
    private let source: ByteSource
    private let positions: [String: Int]

    /// The longest header that is read, in bytes, as in other readers of the format.
    public static let longestHeader = 100_000_000

    /// The path of the file, or the name it was given.
    public var fileName: String { source.name }

    /// The names of the tensors in the order of `entries`.
    public var names: [String] { entries.map(\.name) }

    /// Opens the file at `url`; it stays open as long as this value, or a copy of it, lives.
    public init(contentsOf url: URL) throws(FormatError) {
        try self.init(ByteSource(contentsOf: url))
    }

    /// Opens a file in memory.
    public init(_ file: FileContents) throws(FormatError) { try self.init(ByteSource(file)) }

    init(_ source: ByteSource) throws(FormatError) {
        let header = try SafetensorsHeader(source)
        (self.source, entries, metadata) = (source, header.entries, header.metadata)
        positions = header.positions
    }

    /// The entry of that name, if there is one.
    public func entry(_ name: String) -> Entry? { positions[name].map { entries[$0] } }

    /// The tensor of that name.
    ///
    /// - Throws: `FormatError` that lists the names there are, or tells what is wrong with it.
    public func tensor(_ name: String) throws(FormatError) -> HostTensor {
        guard let entry = entry(name) else {
            throw FormatError(
                .malformed, file: source.name, expected: "a tensor named \(name)",
                found: entries.isEmpty ? "no tensors" : shortList(names))
        }
        return try tensor(entry)
    }

    /// The tensor of one entry of this file.
    public func tensor(_ entry: Entry) throws(FormatError) -> HostTensor {
        guard let kind = SafetensorsHeader.kinds[entry.storedType] else {
            preconditionFailure("internal: an entry of type \(entry.storedType)")
        }
        let bytes = try source.bytes(entry.range)
        do {
            return try ElementReader(
                file: FileContents(bytes, name: source.name), kind: kind, range: 0..<bytes.count,
                shape: entry.type.shape
            ).tensor()
        } catch {
            var error = error
            error.place = [entry.name, error.place].filter { !$0.isEmpty }.joined(separator: ", ")
            throw error
        }
    }

    /// All tensors with their names, in the order of `entries`.
    public func tensors() throws(FormatError) -> [(name: String, tensor: HostTensor)] {
        var result: [(name: String, tensor: HostTensor)] = []
        result.reserveCapacity(entries.count)
        for entry in entries { result.append((entry.name, try tensor(entry))) }
        return result
    }
}
