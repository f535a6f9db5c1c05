import Foundation
import MartletGraph

/// Collects arrays and texts by path and writes them as an HDF5 file that h5py reads.
///
/// The form is the oldest and most widely read: superblock 0, groups as symbol tables, arrays in one
/// piece. Groups come into being with what is put into them.
public struct HDF5Writer: Sendable {
    private struct Node: Sendable {
        var children: [String: Node] = [:]
        var texts: [String: String] = [:]
        var array: HostTensor?
    }

    private var root = Node()

    /// An empty file.
    public init() {}

    /// Puts an array at a path; the groups above it are made.
    public mutating func add(_ array: HostTensor, at path: String) {
        change(path) { $0.array = array }
    }

    /// Makes a group, which may stay empty.
    public mutating func addGroup(_ path: String) { change(path) { _ in } }

    /// Gives a group or an array a text attribute.
    public mutating func setText(_ text: String, attribute: String, of path: String) {
        change(path) { $0.texts[attribute] = text }
    }

    private mutating func change(_ path: String, _ body: (inout Node) -> Void) {
        Self.change(&root, path.split(separator: "/").map(String.init)[...], body)
    }

    private static func change(
        _ node: inout Node, _ path: ArraySlice<String>, _ body: (inout Node) -> Void
    ) {
        guard let first = path.first else { return body(&node) }
        change(&node.children[first, default: Node()], path.dropFirst(), body)
    }

    /// Writes the file.
    public func write(to url: URL) throws(FormatError) { try WholeFile.write([bytes()], to: url) }

    /// The bytes of the file.
    ///
    /// - Throws: `FormatError` when a text has more than 60,000 bytes, or a path has both an array
    ///   and something below it.
    public func bytes() throws(FormatError) -> [UInt8] {
        var output = HDF5Output()
        // At most 32 leaves fit under one node of a tree, so leaves grow with the largest group.
        output.leafSize = max(8, (Self.largestGroup(root) + 31) / 32)
        output.leafSize += output.leafSize % 2
        output.bytes = [UInt8](repeating: 0, count: HDF5Output.headSize)
        let place = try write(root, "", &output)
        output.writeHead(root: place)
        return output.bytes
    }

    private static func largestGroup(_ node: Node) -> Int {
        node.children.values.reduce(node.children.count) { max($0, largestGroup($1)) }
    }

    private func write(
        _ node: Node, _ path: String, _ output: inout HDF5Output
    ) throws(FormatError) -> HDF5Output.Place {
        func refused(_ expected: String, _ found: String) -> FormatError {
            FormatError(
                .unwritable, file: "an HDF5 file", place: path, expected: expected, found: found)
        }
        var messages: [[UInt8]] = []
        for (name, text) in node.texts.sorted(by: { $0.key < $1.key }) {
            guard text.utf8.count <= 60_000, name.utf8.count < 1000 else {
                throw refused("an attribute of at most 60000 bytes", "\(text.utf8.count) bytes")
            }
            messages.append(HDF5Output.attribute(name, text))
        }
        if let array = node.array {
            guard node.children.isEmpty else { throw refused("an array or a group", "both") }
            guard array.type.rank <= 32 else {
                throw refused("at most 32 axes", "\(array.type.rank)")
            }
            let start = output.append(array)
            return output.appendHeader(HDF5Output.messages(array.type, at: start) + messages)
        }
        var links: [(name: String, place: HDF5Output.Place)] = []
        for (name, child) in node.children.sorted(by: {
            Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8))
        }) {
            let place = try write(child, path.isEmpty ? name : "\(path)/\(name)", &output)
            links.append((name, place))
        }
        guard links.count <= 1 << 20 else {
            throw refused("at most 2^20 names in a group", "\(links.count)")
        }
        return output.appendGroup(links, messages)
    }
}
