/// A small value beside a group or an array.
struct HDF5Attribute {
    let name: String
    private let message: HDF5Message
    private let type: Range<Int>
    private let space: Range<Int>
    private let content: Int
    private let hasSharedParts: Bool

    /// Reads the head of an attribute, of version 1, 2 or 3.
    init(_ message: HDF5Message, _ hdf5: HDF5File) throws(FormatError) {
        self.message = message
        var cursor = ByteCursor(hdf5.file, at: message.range.lowerBound)
        let version = try cursor.byte("an attribute")
        let flags = try cursor.byte("an attribute")
        guard (1...3).contains(version), !message.isShared else {
            throw FormatError(
                .unsupported, file: hdf5.file.name, offset: message.range.lowerBound,
                expected: "an attribute of version 1 to 3",
                found: message.isShared ? "a shared one" : "\(version)")
        }
        hasSharedParts = version > 1 && flags & 3 != 0
        let sizes = [
            try cursor.size(2, "an attribute"), try cursor.size(2, "an attribute"),
            try cursor.size(2, "an attribute"),
        ]
        if version == 3 { _ = try cursor.byte("the character set") }
        func take(_ size: Int) throws(FormatError) -> Range<Int> {
            let range = try cursor.take(size, "an attribute")
            if version == 1 { _ = try cursor.take((8 - size % 8) % 8, "an attribute") }
            return range
        }
        let bytes = hdf5.file.bytes[try take(sizes[0])]
        name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        type = try take(sizes[1])
        space = try take(sizes[2])
        content = cursor.position
    }

    /// The texts that it holds, row by row.
    func texts(_ hdf5: HDF5File) throws(FormatError) -> [String] {
        func refused(_ found: String) -> FormatError {
            FormatError(
                .unsupported, file: hdf5.file.name, offset: content, place: "attribute \(name)",
                expected: "texts", found: found)
        }
        if hasSharedParts { throw refused("a type that is kept elsewhere") }
        let element = try HDF5Datatype(type, "attribute \(name)", hdf5)
        guard let shape = try HDF5Dataspace.shape(space, "attribute \(name)", hdf5) else {
            return []
        }
        guard let count = checkedProduct(shape), let total = checkedProduct([count, element.size])
        else { throw refused("\(shape) texts") }
        // An empty list of texts is written by NumPy as one of numbers.
        if count == 0 { return [] }
        var cursor = ByteCursor(hdf5.file, at: content)
        let start = try cursor.take(total, "attribute \(name)").lowerBound
        switch element.kind {
        case .number: throw refused("numbers")
        case .fixedText:
            return (0..<(element.size == 0 ? 0 : count)).map { index in
                let first = start + index * element.size
                let text = hdf5.file.bytes[first..<first + element.size]
                return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
            }
        case .sharedText:
            var heap = HDF5SharedHeap(hdf5)
            var texts: [String] = []
            for index in 0..<count {
                cursor.position = start + index * element.size
                texts.append(try heap.text(&cursor))
            }
            return texts
        }
    }
}

/// The collections in which texts of varying length lie.
struct HDF5SharedHeap {
    private let hdf5: HDF5File
    /// The objects of the collections that were read, by number.
    private var collections: [Int: [Int: Range<Int>]] = [:]
    /// Texts that overlap use this up.
    private var budget: Int

    init(_ hdf5: HDF5File) {
        self.hdf5 = hdf5
        budget = hdf5.file.bytes.count
    }

    /// The text that the length, address and number at the cursor stand for.
    mutating func text(_ cursor: inout ByteCursor) throws(FormatError) -> String {
        let start = cursor.position
        let length = try cursor.size(4, "a text")
        let address = try hdf5.sizes.address(&cursor, "a text")
        let number = try cursor.size(4, "a text")
        if length == 0 { return "" }
        budget -= length
        guard let address, address > 0, budget >= 0 else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: start, expected: "the place of a text",
                found: budget < 0 ? "more text than the file holds" : "none")
        }
        let range = try objects(at: address)[number]
        guard let range, range.count >= length else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: address,
                expected: "object \(number) with \(length) bytes",
                found: range.map { "\($0.count) bytes" } ?? "no such object")
        }
        return String(decoding: hdf5.file.bytes[range.prefix(length)], as: UTF8.self)
    }

    private mutating func objects(at address: Int) throws(FormatError) -> [Int: Range<Int>] {
        if let known = collections[address] { return known }
        try HDF5Tree.expect("GCOL", at: address, "a collection of texts", hdf5)
        var cursor = ByteCursor(hdf5.file, at: address + 8)
        let size = try hdf5.sizes.length(&cursor, "a collection of texts")
        let head = cursor.position - address
        guard size >= head, size <= hdf5.file.bytes.count - address else {
            throw FormatError(
                .malformed, file: hdf5.file.name, offset: address,
                expected: "a collection inside the file", found: "\(size) bytes")
        }
        // Collections that overlap would take time for nothing.
        budget -= head
        var objects: [Int: Range<Int>] = [:]
        while cursor.position + 8 + hdf5.sizes.length <= address + size {
            let number = try cursor.size(2, "a text")
            _ = try cursor.take(6, "a text")
            let length = try hdf5.sizes.length(&cursor, "a text")
            if number == 0 { break }
            objects[number] = try cursor.take(length, "a text")
            cursor.position = min(cursor.position + (8 - length % 8) % 8, cursor.end)
        }
        collections[address] = objects
        return objects
    }
}
