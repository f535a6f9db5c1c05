/// One part of an object's header.
struct HDF5Message {
    enum Kind: Int {
        case dataspace = 1
        case linkInfo = 2
        case datatype = 3
        case link = 6
        case externalFiles = 7
        case layout = 8
        case filters = 11
        case attribute = 12
        case continuation = 16
        case symbolTable = 17
        case attributeInfo = 21
    }

    var kind: Kind
    /// Where its contents lie in the file.
    var range: Range<Int>
    /// True when the contents are elsewhere and only named here.
    var isShared: Bool
}

/// The header of a group or an array: a list of messages.
struct HDF5Object {
    let address: Int
    private(set) var messages: [HDF5Message] = []

    /// Reads the header at `address`, of version 1 or 2, with all its continuations.
    init(at address: Int, _ hdf5: HDF5File) throws(FormatError) {
        self.address = address
        var cursor = ByteCursor(hdf5.file, at: address)
        if hdf5.file.bytes.holds(Array("OHDR".utf8), at: address) {
            try readNew(&cursor, hdf5)
        } else {
            try readOld(&cursor, hdf5)
        }
    }

    var isGroup: Bool {
        messages.contains { [.symbolTable, .linkInfo, .link].contains($0.kind) }
            || !messages.contains { $0.kind == .layout }
    }

    /// The first message of a kind.
    func message(_ kind: HDF5Message.Kind) -> HDF5Message? {
        messages.first { $0.kind == kind }
    }

    private mutating func readOld(
        _ cursor: inout ByteCursor, _ hdf5: HDF5File
    ) throws(FormatError) {
        let version = try cursor.byte("an object header")
        guard version == 1 else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: address,
                expected: "an object header of version 1 or 2", found: "\(version)")
        }
        _ = try cursor.take(7, "an object header")
        let size = try cursor.size(4, "the size of an object header")
        _ = try cursor.take(4, "an object header")
        var blocks = HDF5Blocks(first: try cursor.take(size, "an object header"))
        while let block = blocks.next() {
            var cursor = ByteCursor(hdf5.file, at: block.lowerBound)
            while cursor.position + 8 <= block.upperBound {
                let kind = try cursor.size(2, "a message")
                let size = try cursor.size(2, "a message")
                let flags = try cursor.byte("a message")
                _ = try cursor.take(3, "a message")
                let range = try take(size, &cursor, block, hdf5)
                try add(kind, range, flags, &blocks, hdf5)
            }
        }
    }

    private mutating func readNew(
        _ cursor: inout ByteCursor, _ hdf5: HDF5File
    ) throws(FormatError) {
        _ = try cursor.take(4, "an object header")
        let version = try cursor.byte("an object header")
        guard version == 2 else {
            throw FormatError(
                .unsupported, file: hdf5.file.name, offset: address,
                expected: "an object header of version 1 or 2", found: "\(version)")
        }
        let flags = try cursor.byte("flags")
        if flags & 0x20 != 0 { _ = try cursor.take(16, "times") }
        if flags & 0x10 != 0 { _ = try cursor.take(4, "limits of attributes") }
        let size = try cursor.size(1 << Int(flags & 3), "the size of an object header")
        var blocks = HDF5Blocks(first: try cursor.take(size, "an object header"))
        var isFirst = true
        while let block = blocks.next() {
            // Later blocks begin with a mark and end with a checksum.
            let inner = isFirst ? block : try Self.unwrapped(block, hdf5)
            isFirst = false
            var cursor = ByteCursor(hdf5.file, at: inner.lowerBound)
            let head = flags & 4 != 0 ? 6 : 4
            while cursor.position + head <= inner.upperBound {
                let kind = Int(try cursor.byte("a message"))
                let size = try cursor.size(2, "a message")
                let messageFlags = try cursor.byte("a message")
                if flags & 4 != 0 { _ = try cursor.take(2, "a message") }
                let range = try take(size, &cursor, inner, hdf5)
                try add(kind, range, messageFlags, &blocks, hdf5)
            }
        }
    }

    private static func unwrapped(
        _ block: Range<Int>, _ hdf5: HDF5File
    ) throws(FormatError) -> Range<Int> {
        guard block.count >= 8, hdf5.file.bytes.holds(Array("OCHK".utf8), at: block.lowerBound)
        else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: block.lowerBound,
                expected: "a continuation of an object header", found: "other bytes")
        }
        return block.lowerBound + 4..<block.upperBound - 4
    }

    private func take(
        _ size: Int, _ cursor: inout ByteCursor, _ block: Range<Int>, _ hdf5: HDF5File
    ) throws(FormatError) -> Range<Int> {
        let range = try cursor.take(size, "a message")
        guard range.upperBound <= block.upperBound else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: range.lowerBound,
                expected: "a message of at most \(block.upperBound - range.lowerBound) bytes",
                found: "\(size)")
        }
        return range
    }

    private mutating func add(
        _ kind: Int, _ range: Range<Int>, _ flags: UInt8, _ blocks: inout HDF5Blocks,
        _ hdf5: HDF5File
    ) throws(FormatError) {
        // Kinds that are not listed hold times, comments and the like.
        guard let kind = HDF5Message.Kind(rawValue: kind) else { return }
        guard kind == .continuation else {
            messages.append(HDF5Message(kind: kind, range: range, isShared: flags & 2 != 0))
            return
        }
        var cursor = ByteCursor(hdf5.file, at: range.lowerBound)
        let start = try hdf5.sizes.place(&cursor, "a continuation")
        let length = try hdf5.sizes.length(&cursor, "a continuation")
        cursor.position = start
        try blocks.append(try cursor.take(length, "a continuation"), hdf5)
    }
}

/// The pieces of a header that are still to be read, none of them twice.
private struct HDF5Blocks {
    private var waiting: [Range<Int>]
    private var seen: Set<Int>

    init(first: Range<Int>) {
        (waiting, seen) = ([first], [first.lowerBound])
    }

    mutating func append(_ block: Range<Int>, _ hdf5: HDF5File) throws(FormatError) {
        guard seen.insert(block.lowerBound).inserted, seen.count <= 4096 else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: block.lowerBound,
                expected: "each piece of an object header once", found: "a piece that comes again")
        }
        waiting.append(block)
    }

    mutating func next() -> Range<Int>? { waiting.isEmpty ? nil : waiting.removeFirst() }
}
