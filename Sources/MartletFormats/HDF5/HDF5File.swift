import Foundation
import MartletGraph

/// The groups, arrays and text attributes of an HDF5 file, read without any library.
///
/// Read is what h5py and Keras write: superblock 0, 2 and 3, groups as symbol tables or links,
/// numbers and texts, contiguous, compact and chunked storage, deflate and shuffle. Everything else
/// is refused by name. Paths are separated by `/`; the empty path is the root.
///
/// - Source: The HDF Group, "HDF5 File Format Specification", version 3.0.
public struct HDF5File: Sendable {
    /// What a path leads to.
    public enum Kind: Hashable, Sendable {
        /// Holds other objects by name.
        case group
        /// Holds an array.
        case array
    }

    /// The bytes of the whole file.
    public let file: FileContents
    let sizes: HDF5Sizes
    private let root: Int

    /// Reads the file at `url`.
    public init(contentsOf url: URL) throws(FormatError) {
        try self.init(FileContents(contentsOf: url))
    }

    /// Looks at the beginning of a file in memory.
    ///
    /// - Throws: `FormatError` when it is no HDF5 file or one of a kind that is not read here.
    public init(_ file: FileContents) throws(FormatError) {
        self.file = file
        (sizes, root) = try HDF5Superblock.read(file)
    }

    /// True when the bytes begin as an HDF5 file does.
    public static func isHDF5(_ bytes: [UInt8]) -> Bool { bytes.holds(HDF5Superblock.mark) }

    /// The names in a group in the order of the file, which is alphabetical in files of h5py.
    public func names(in group: String) throws(FormatError) -> [String] {
        try links(of: object(group), group).map(\.name)
    }

    /// What a path leads to, `nil` when there is nothing.
    public func kind(of path: String) throws(FormatError) -> Kind? {
        guard let object = try find(path) else { return nil }
        return object.isGroup ? .group : .array
    }

    /// The array at a path.
    public func array(_ path: String, limit: Int = 4 << 30) throws(FormatError) -> HostTensor {
        try read(object(path), path, limit: limit).tensor
    }

    /// The texts of an attribute, one for a scalar; `nil` when there is no attribute of that name.
    ///
    /// - Throws: `FormatError` when it holds something else than texts.
    public func texts(_ attribute: String, of path: String) throws(FormatError) -> [String]? {
        let object = try object(path)
        for message in object.messages where message.kind == .attribute {
            let found = try HDF5Attribute(message, self)
            if found.name == attribute { return try found.texts(self) }
        }
        try requireNoHeap(object, path)
        return nil
    }

    /// The paths of all arrays below a group, depth first in the order of the file.
    ///
    /// - Throws: `FormatError` also when an object is reached by two ways, as in a cycle.
    public func arrayPaths(in group: String = "") throws(FormatError) -> [String] {
        try arrays(in: group).map(\.path)
    }

    /// All arrays below a group, not read yet.
    func arrays(in group: String = "") throws(FormatError) -> [(path: String, object: HDF5Object)] {
        var arrays: [(path: String, object: HDF5Object)] = []
        let first = try object(group)
        var seen: Set<Int> = [first.address]
        var open = [(path: group, object: first, depth: 0)]
        while let (path, object, depth) = open.popLast() {
            guard object.isGroup else {
                arrays.append((path, object))
                continue
            }
            guard depth < 64 else {
                throw FormatError(
                    .tooLarge, file: file.name, place: path, expected: "at most 64 nested groups",
                    found: "more")
            }
            for link in try links(of: object, path).reversed() {
                let next = path.isEmpty ? link.name : "\(path)/\(link.name)"
                let inner = try self.object(link, next)
                guard seen.insert(inner.address).inserted else {
                    throw FormatError(
                        .malformed, file: file.name, offset: inner.address, place: next,
                        expected: "every object under one name", found: "a second name for one")
                }
                open.append((next, inner, depth + 1))
            }
        }
        return arrays
    }

    /// The numbers of an array, with how many bytes of the file they take.
    func read(
        _ object: HDF5Object, _ path: String, limit: Int
    ) throws(FormatError) -> (tensor: HostTensor, byteCount: Int) {
        guard !object.isGroup else {
            throw FormatError(
                .malformed, file: file.name, place: path, expected: "an array", found: "a group")
        }
        return try HDF5Array(object, path, self).read(limit: limit)
    }

    /// The object at a path, which must be there.
    private func object(_ path: String) throws(FormatError) -> HDF5Object {
        if let object = try find(path) { return object }
        let parts = path.split(separator: "/")
        let parent = parts.dropLast().joined(separator: "/")
        let names = try? names(in: parent)
        throw FormatError(
            .malformed, file: file.name, expected: "an object at /\(path)",
            found: names.map { $0.isEmpty ? "an empty group" : shortList($0) } ?? "none")
    }

    private func find(_ path: String) throws(FormatError) -> HDF5Object? {
        var object = try HDF5Object(at: root, self)
        var place = ""
        for name in path.split(separator: "/") {
            guard object.isGroup else { return nil }
            let links = try links(of: object, place)
            place = place.isEmpty ? String(name) : "\(place)/\(name)"
            guard let link = links.first(where: { $0.name == name }) else { return nil }
            object = try self.object(link, place)
        }
        return object
    }

    private func object(_ link: HDF5Link, _ path: String) throws(FormatError) -> HDF5Object {
        guard let address = link.address else {
            throw FormatError(
                .unsupported, file: file.name, place: path, expected: "a hard link",
                found: "a \(link.other)", fix: "copy the object itself into the file")
        }
        return try HDF5Object(at: address, self)
    }

    private func links(
        of object: HDF5Object, _ path: String
    ) throws(FormatError) -> [HDF5Link] {
        guard object.isGroup else {
            throw FormatError(
                .malformed, file: file.name, place: path, expected: "a group", found: "an array")
        }
        return try HDF5Link.all(of: object, path, self)
    }

    /// Objects of the newest form keep many attributes in a fractal heap.
    private func requireNoHeap(_ object: HDF5Object, _ path: String) throws(FormatError) {
        guard let message = object.message(.attributeInfo) else { return }
        var cursor = ByteCursor(file, at: message.range.lowerBound)
        _ = try cursor.byte("the attributes")
        if try cursor.byte("the attributes") & 1 != 0 {
            _ = try cursor.take(2, "the order of attributes")
        }
        guard try sizes.address(&cursor, "a fractal heap") == nil else {
            throw FormatError(
                .unsupported, file: file.name, offset: message.range.lowerBound, place: path,
                expected: "attributes beside their object", found: "attributes in a fractal heap",
                fix: "save the file with h5py's default libver")
        }
    }
}
