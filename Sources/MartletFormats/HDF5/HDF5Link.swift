/// One name in a group.
struct HDF5Link {
    var name: String
    /// Where the header of the object lies, `nil` for a link of another kind.
    var address: Int?
    /// What a link without an address is, in words.
    var other = ""

    /// The links of a group, in the order of the file.
    static func all(
        of object: HDF5Object, _ path: String, _ hdf5: HDF5File
    ) throws(FormatError) -> [HDF5Link] {
        var links: [HDF5Link] = []
        for message in object.messages {
            switch message.kind {
            case .link: links.append(try link(message, hdf5))
            case .linkInfo: try requireNoHeap(message, path, hdf5)
            case .symbolTable:
                var walk = HDF5SymbolTable(hdf5)
                links += try walk.links(message)
            default: break
            }
        }
        return links
    }

    private static func link(
        _ message: HDF5Message, _ hdf5: HDF5File
    ) throws(FormatError) -> HDF5Link {
        var cursor = ByteCursor(hdf5.file, at: message.range.lowerBound)
        let version = try cursor.byte("a link")
        guard version == 1 else {
            throw FormatError(
                .unsupported, file: hdf5.file.name, offset: message.range.lowerBound,
                expected: "a link message of version 1", found: "\(version)")
        }
        let flags = try cursor.byte("a link")
        let kind = flags & 8 != 0 ? try cursor.byte("the kind of a link") : 0
        if flags & 4 != 0 { _ = try cursor.take(8, "the order of a link") }
        if flags & 16 != 0 { _ = try cursor.take(1, "the character set of a link") }
        let length = try cursor.size(1 << Int(flags & 3), "the length of a name")
        let bytes = try cursor.take(length, "the name of a link")
        let name = String(decoding: hdf5.file.bytes[bytes], as: UTF8.self)
        switch kind {
        case 0:
            return HDF5Link(name: name, address: try hdf5.sizes.place(&cursor, "an object"))
        case 1: return HDF5Link(name: name, other: "soft link")
        case 64: return HDF5Link(name: name, other: "link into another file")
        default: return HDF5Link(name: name, other: "link of kind \(kind)")
        }
    }

    /// Groups of h5py's newest form keep many links in a fractal heap.
    private static func requireNoHeap(
        _ message: HDF5Message, _ path: String, _ hdf5: HDF5File
    ) throws(FormatError) {
        var cursor = ByteCursor(hdf5.file, at: message.range.lowerBound)
        _ = try cursor.byte("the form of a group")
        if try cursor.byte("the form of a group") & 1 != 0 {
            _ = try cursor.take(8, "the order of links")
        }
        guard try hdf5.sizes.address(&cursor, "a fractal heap") == nil else {
            throw FormatError(
                .unsupported, file: hdf5.file.name, offset: message.range.lowerBound, place: path,
                expected: "a group as a symbol table or a list of links",
                found: "links in a fractal heap", fix: "save the file with h5py's default libver")
        }
    }
}

/// Walks the tree of an old-style group: nodes of a B-tree, leaves of symbols, names in a heap.
struct HDF5SymbolTable {
    private let hdf5: HDF5File
    private var links: [HDF5Link] = []
    private var names = 0..<0
    /// Nodes that were read, none of which may come again.
    private var seen: Set<Int> = []
    /// How many bytes of names the file can hold at most; overlapping names use it up.
    private var nameBudget: Int

    init(_ hdf5: HDF5File) {
        self.hdf5 = hdf5
        nameBudget = hdf5.file.bytes.count
    }

    mutating func links(_ message: HDF5Message) throws(FormatError) -> [HDF5Link] {
        var cursor = ByteCursor(hdf5.file, at: message.range.lowerBound)
        let tree = try hdf5.sizes.place(&cursor, "the tree of a group")
        names = try heap(at: try hdf5.sizes.place(&cursor, "the names of a group"))
        try node(at: tree, depth: 0)
        return links
    }

    /// Where the names lie that the symbols point into.
    private func heap(at address: Int) throws(FormatError) -> Range<Int> {
        try HDF5Tree.expect("HEAP", at: address, "the names of a group", hdf5)
        var cursor = ByteCursor(hdf5.file, at: address + 8)
        let size = try hdf5.sizes.length(&cursor, "the names of a group")
        _ = try hdf5.sizes.length(&cursor, "the names of a group")
        cursor.position = try hdf5.sizes.place(&cursor, "the names of a group")
        return try cursor.take(size, "the names of a group")
    }

    private mutating func node(at address: Int, depth: Int) throws(FormatError) {
        try HDF5Tree.enter(address, depth, &seen, hdf5)
        var cursor = ByteCursor(hdf5.file, at: address)
        let head = try HDF5Tree.Head(&cursor, kind: 0, hdf5)
        for _ in 0..<head.count {
            _ = try hdf5.sizes.length(&cursor, "a key")
            let child = try hdf5.sizes.place(&cursor, "a part of a group")
            if head.level > 0 {
                try node(at: child, depth: depth + 1)
            } else {
                try symbols(at: child)
            }
        }
    }

    private mutating func symbols(at address: Int) throws(FormatError) {
        try HDF5Tree.expect("SNOD", at: address, "the symbols of a group", hdf5)
        guard seen.insert(address).inserted else {
            throw HDF5Tree.cycle(address, hdf5)
        }
        var cursor = ByteCursor(hdf5.file, at: address + 6)
        for _ in 0..<(try cursor.size(2, "the number of symbols")) {
            let name = try name(at: try cursor.size(hdf5.sizes.offset, "the place of a name"))
            let address = try hdf5.sizes.address(&cursor, "an object")
            let kind = try cursor.littleEndian(4, "a symbol")
            _ = try cursor.take(20, "a symbol")
            links.append(
                kind == 2
                    ? HDF5Link(name: name, other: "soft link")
                    : HDF5Link(name: name, address: address, other: "link to nothing"))
        }
    }

    private mutating func name(at offset: Int) throws(FormatError) -> String {
        guard offset < names.count,
            let end = hdf5.file.bytes[(names.lowerBound + offset)..<names.upperBound]
                .prefix(nameBudget + 1).firstIndex(of: 0)
        else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: names.lowerBound,
                expected: "a name inside \(names.count) bytes", found: "one at byte \(offset)")
        }
        let start = names.lowerBound + offset
        nameBudget -= end - start
        return String(decoding: hdf5.file.bytes[start..<end], as: UTF8.self)
    }
}

/// What the trees of groups and of chunks have in common.
enum HDF5Tree {
    struct Head {
        var level: Int
        var count: Int

        init(_ cursor: inout ByteCursor, kind: Int, _ hdf5: HDF5File) throws(FormatError) {
            let start = cursor.position
            try HDF5Tree.expect("TREE", at: start, "a node of a tree", hdf5)
            _ = try cursor.take(4, "a node of a tree")
            let found = try cursor.size(1, "the kind of a tree")
            guard found == kind else {
                throw FormatError(
                    .malformed, file: hdf5.file.name, offset: start + 4,
                    expected: "a tree of kind \(kind)", found: "\(found)")
            }
            level = try cursor.size(1, "the level of a node")
            count = try cursor.size(2, "the size of a node")
            _ = try cursor.take(2 * hdf5.sizes.offset, "the neighbours of a node")
        }
    }

    static func expect(
        _ mark: String, at address: Int, _ what: String, _ hdf5: HDF5File
    ) throws(FormatError) {
        guard hdf5.file.bytes.holds(Array(mark.utf8), at: address) else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: address,
                expected: "\(what), which begins with \(mark)", found: "other bytes")
        }
    }

    static func enter(
        _ address: Int, _ depth: Int, _ seen: inout Set<Int>, _ hdf5: HDF5File
    ) throws(FormatError) {
        guard depth < 32, seen.insert(address).inserted else { throw cycle(address, hdf5) }
    }

    static func cycle(_ address: Int, _ hdf5: HDF5File) -> FormatError {
        FormatError(
            .malformed, file: hdf5.file.name, offset: address,
            expected: "a tree in which every node stands once", found: "a node that comes again")
    }
}
