import MartletGraph

/// The bytes of an HDF5 file that is being written, and the forms of its parts.
///
/// - Source: The HDF Group, "HDF5 File Format Specification", version 3.0, chapters II to IV.
struct HDF5Output {
    /// Where an object's header is; groups also say where their tree and names are.
    struct Place {
        var header: Int
        var tree: Int?
        var names: Int?
    }

    static let headSize = 96
    private static let nowhere = [UInt8](repeating: 0xFF, count: 8)

    var bytes: [UInt8] = []
    /// The largest number of symbols in a leaf, even.
    var leafSize = 8

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
    }

    private mutating func append(_ part: [UInt8]) -> Int {
        bytes += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
        defer { bytes += part }
        return bytes.count
    }

    /// Appends the numbers of an array, the lowest byte first.
    mutating func append(_ array: HostTensor) -> Int? {
        if array.bytes.isEmpty { return nil }
        #if _endian(little)
            return append(array.bytes)
        #else
            let width = array.type.dtype.byteCount
            let swapped = stride(from: 0, to: array.bytes.count, by: width).flatMap {
                array.bytes[$0..<$0 + width].reversed()
            }
            return append(swapped)
        #endif
    }

    /// Appends an object header of version 1.
    mutating func appendHeader(_ messages: [[UInt8]]) -> Place {
        let size = messages.reduce(0) { $0 + $1.count }
        let head =
            [1, 0] + Self.little(messages.count, 2) + Self.little(1, 4) + Self.little(size, 4)
        return Place(header: append(head + [0, 0, 0, 0] + messages.flatMap { $0 }))
    }

    /// One message of a header; its contents are filled up to a multiple of 8 bytes.
    private static func message(_ kind: Int, _ content: [UInt8], flags: UInt8 = 0) -> [UInt8] {
        let content = padded(content)
        return little(kind, 2) + little(content.count, 2) + [flags, 0, 0, 0] + content
    }

    /// The messages of an array whose numbers are at `start`, or that has none.
    static func messages(_ type: TensorType, at start: Int?) -> [[UInt8]] {
        let layout =
            [3, 1] + (start.map { little($0, 8) } ?? nowhere) + little(type.byteCount, 8)
        return [
            message(1, dataspace(type.shape)), message(3, datatype(type.dtype), flags: 1),
            message(5, [2, 2, 2, 1, 0, 0, 0, 0]), message(8, layout),
        ]
    }

    private static func dataspace(_ shape: [Int]) -> [UInt8] {
        [1, UInt8(shape.count), 0, 0, 0, 0, 0, 0] + shape.flatMap { little($0, 8) }
    }

    private static func datatype(_ dtype: DataType) -> [UInt8] {
        let size = dtype.byteCount
        let whole = little(size, 4) + little(0, 2) + little(8 * size, 2)
        switch dtype {
        case .float32:
            return [0x11, 0x20, 31, 0] + little(4, 4) + [0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]
        case .float64:
            return [0x11, 0x20, 63, 0] + little(8, 4) + [0, 0, 64, 0, 52, 11, 0, 52, 255, 3, 0, 0]
        case .int32, .int64: return [0x10, 8, 0, 0] + whole
        case .uint8: return [0x10, 0, 0, 0] + whole
        case .bool:
            let base = [0x10, 8, 0, 0] + whole
            let names = padded(Array("FALSE\0".utf8)) + padded(Array("TRUE\0".utf8))
            return [0x18, 2, 0, 0] + little(1, 4) + base + names + [0, 1]
        }
    }

    /// A text attribute of version 1: one text of fixed length in UTF-8.
    static func attribute(_ name: String, _ text: String) -> [UInt8] {
        let name = Array(name.utf8) + [0]
        let size = max(1, text.utf8.count)
        let type = [0x13, 0x11, 0, 0] + little(size, 4)
        let space = dataspace([])
        let sizes = little(name.count, 2) + little(type.count, 2) + little(space.count, 2)
        let content = Array(text.utf8) + (text.isEmpty ? [0] : [])
        return message(12, [1, 0] + sizes + padded(name) + padded(type) + padded(space) + content)
    }

    /// Appends a group with its names, symbols and tree; the links are sorted by name.
    mutating func appendGroup(
        _ links: [(name: String, place: Place)], _ messages: [[UInt8]]
    ) -> Place {
        var names = [UInt8](repeating: 0, count: 8)
        var offsets: [Int] = []
        for (name, _) in links {
            offsets.append(names.count)
            names += Self.padded(Array(name.utf8) + [0])
        }
        let segment = append(names)
        // The 1 says that no byte among the names is free.
        let heap = append(
            Array("HEAP".utf8) + [0, 0, 0, 0] + Self.little(names.count, 8) + Self.little(1, 8)
                + Self.little(segment, 8))
        var tree: [UInt8] = Self.little(0, 8)
        var leaves = 0
        for start in stride(from: 0, to: links.count, by: leafSize) {
            let part = start..<min(start + leafSize, links.count)
            var leaf = Array("SNOD".utf8) + [1, 0] + Self.little(part.count, 2)
            for index in part { leaf += symbol(links[index].place, name: offsets[index]) }
            leaf += [UInt8](repeating: 0, count: 8 + leafSize * 40 - leaf.count)
            tree += Self.little(append(leaf), 8) + Self.little(offsets[part.upperBound - 1], 8)
            leaves += 1
        }
        // A node has room for 32 leaves.
        tree += [UInt8](repeating: 0, count: 33 * 8 + 32 * 8 - tree.count)
        let root = append(
            Array("TREE".utf8) + [0, 0] + Self.little(leaves, 2) + Self.nowhere + Self.nowhere
                + tree)
        let table = Self.message(17, Self.little(root, 8) + Self.little(heap, 8))
        var place = appendHeader([table] + messages)
        (place.tree, place.names) = (root, heap)
        return place
    }

    private func symbol(_ place: Place, name: Int) -> [UInt8] {
        let head = Self.little(name, 8) + Self.little(place.header, 8)
        guard let tree = place.tree, let names = place.names else {
            return head + [UInt8](repeating: 0, count: 24)
        }
        return head + Self.little(1, 4) + Self.little(0, 4) + Self.little(tree, 8)
            + Self.little(names, 8)
    }

    /// Writes the superblock into the room kept for it.
    mutating func writeHead(root: Place) {
        var head = HDF5Superblock.mark + [0, 0, 0, 0, 0, 8, 8, 0]
        head += Self.little(leafSize / 2, 2) + Self.little(16, 2) + Self.little(0, 4)
        head += Self.little(0, 8) + Self.nowhere + Self.little(bytes.count, 8) + Self.nowhere
        head += symbol(root, name: 0)
        bytes.replaceSubrange(0..<Self.headSize, with: head)
    }
}
