import MartletGraph

/// Reads and checks the header of a safetensors file.
struct SafetensorsHeader {
    private(set) var entries: [Safetensors.Entry] = []
    private(set) var metadata: [String: String] = [:]
    /// Where each name stands in `entries`.
    private(set) var positions: [String: Int] = [:]
    private let file: String

    static let kinds: [String: ElementKind] = [
        "F64": ElementKind(form: .float, byteCount: 8),
        "F32": ElementKind(form: .float, byteCount: 4),
        "F16": ElementKind(form: .float, byteCount: 2),
        "BF16": ElementKind(form: .brainFloat, byteCount: 2),
        "I64": ElementKind(form: .signed, byteCount: 8),
        "I32": ElementKind(form: .signed, byteCount: 4),
        "I16": ElementKind(form: .signed, byteCount: 2),
        "I8": ElementKind(form: .signed, byteCount: 1),
        "U64": ElementKind(form: .unsigned, byteCount: 8),
        "U32": ElementKind(form: .unsigned, byteCount: 4),
        "U16": ElementKind(form: .unsigned, byteCount: 2),
        "U8": ElementKind(form: .unsigned, byteCount: 1),
        "BOOL": ElementKind(form: .truth, byteCount: 1),
    ]

    /// The name under which a safetensors file keeps the texts.
    static let metadataName = "__metadata__"

    init(_ source: ByteSource) throws(FormatError) {
        file = source.name
        guard source.count >= 8 else {
            throw FormatError(
                .malformed, file: file, offset: 0,
                expected: "the length of the header of a safetensors file in 8 bytes",
                found: "\(source.count) bytes in all")
        }
        var cursor = ByteCursor(FileContents(try source.bytes(0..<8), name: file))
        let length = try cursor.size(8, "the length of the header")
        guard length <= Safetensors.longestHeader else {
            throw FormatError(
                .tooLarge, file: file, offset: 0,
                expected: "a header of at most \(Safetensors.longestHeader) bytes",
                found: "\(length) bytes")
        }
        guard length <= source.count - 8 else {
            throw FormatError(
                .malformed, file: file, offset: 0,
                expected: "a header of \(length) bytes",
                found: "\(source.count - 8) bytes behind its length",
                fix: "the file was cut short; get it again")
        }
        let text = try source.bytes(8..<8 + length)
        guard text.first == UInt8(ascii: "{") else {
            throw FormatError(
                .malformed, file: file, offset: 8, expected: "a header that begins with {",
                found: text.opening)
        }
        try parse(text, contentStart: 8 + length)
        try checkRanges(contentStart: 8 + length, end: source.count)
    }

    private mutating func parse(_ text: [UInt8], contentStart: Int) throws(FormatError) {
        var cursor = JSONCursor(text, file: file, origin: 8)
        var seen: Set<String> = []
        var metadata: [String: String] = [:]
        var entries: [Safetensors.Entry] = []
        try cursor.object("the header") { (cursor, name) throws(FormatError) in
            guard seen.insert(name).inserted else {
                throw cursor.refusal("every name once", "\(name.prefix(80)) twice")
            }
            if name == Self.metadataName {
                metadata = try Self.texts(&cursor)
            } else {
                entries.append(try Self.entry(name, &cursor, contentStart))
            }
        }
        cursor.skipSpaces()
        guard cursor.position == text.count else { throw cursor.refusal("the end of the header") }
        (self.metadata, self.entries) = (metadata, entries)
    }

    private static func texts(_ cursor: inout JSONCursor) throws(FormatError) -> [String: String] {
        var texts: [String: String] = [:]
        try cursor.object("texts under __metadata__") { (cursor, name) throws(FormatError) in
            let value = try cursor.string("a text under \(name.prefix(80))")
            guard texts.updateValue(value, forKey: name) == nil else {
                throw cursor.refusal("every name once", "\(name.prefix(80)) twice")
            }
        }
        return texts
    }

    private static func entry(
        _ name: String, _ cursor: inout JSONCursor, _ contentStart: Int
    ) throws(FormatError) -> Safetensors.Entry {
        var (storedType, shape, offsets): (String?, [Int]?, [Int]?)
        try cursor.object("an object for \(name.prefix(80))") { (cursor, key) throws(FormatError) in
            let isNew: Bool
            switch key {
            case "dtype":
                isNew = storedType == nil
                storedType = try cursor.string("a number type")
            case "shape":
                isNew = shape == nil
                shape = try cursor.sizes("a shape", most: 64)
            case "data_offsets":
                isNew = offsets == nil
                offsets = try cursor.sizes("two offsets", most: 2)
            default:
                throw cursor.refusal("dtype, shape or data_offsets", String(key.prefix(80)))
            }
            guard isNew else { throw cursor.refusal("every member once", "\(key) twice") }
        }
        guard let storedType, let shape, let offsets else {
            throw cursor.refusal(
                "dtype, shape and data_offsets of \(name.prefix(80))", "not all of them")
        }
        guard let kind = kinds[storedType] else {
            var error = cursor.refusal(
                "one of \(kinds.keys.sorted().joined(separator: " "))",
                String(storedType.prefix(40)))
            (error.kind, error.place) = (.unsupported, "type of \(name.prefix(80))")
            throw error
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw cursor.refusal("a first and a last offset of \(name.prefix(80))", "\(offsets)")
        }
        let (end, overflow) = offsets[1].addingReportingOverflow(contentStart)
        guard !overflow, checkedProduct(shape + [8]) != nil,
            checkedProduct(shape + [kind.byteCount]) == offsets[1] - offsets[0]
        else {
            throw cursor.refusal(
                "the bytes of \(storedType) \(shape) for \(name.prefix(80))",
                "\(offsets[1] - offsets[0]) bytes from \(offsets[0]) to \(offsets[1])")
        }
        return Safetensors.Entry(
            name: name, storedType: storedType, type: TensorType(kind.dataType, shape),
            range: offsets[0] + contentStart..<end)
    }

    /// Brings the entries into the order of their numbers, which must follow without a gap.
    private mutating func checkRanges(contentStart: Int, end: Int) throws(FormatError) {
        let order = entries.indices.sorted {
            let (left, right) = (entries[$0].range, entries[$1].range)
            return (left.lowerBound, left.upperBound, $0) < (right.lowerBound, right.upperBound, $1)
        }
        entries = order.map { entries[$0] }
        var position = contentStart
        for (index, entry) in entries.enumerated() {
            guard entry.range.lowerBound == position else {
                throw FormatError(
                    .malformed, file: file, offset: entry.range.lowerBound, place: entry.name,
                    expected: "numbers that begin at byte \(position), behind those before them",
                    found: entry.range.lowerBound < position ? "an overlap" : "a gap")
            }
            position = entry.range.upperBound
            positions[entry.name] = index
        }
        guard position == end else {
            throw FormatError(
                .malformed, file: file, offset: min(position, end),
                expected: "\(position) bytes, as the header says", found: "\(end) bytes",
                fix: position > end ? "the file was cut short; get it again" : "")
        }
    }
}
