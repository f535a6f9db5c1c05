/// What `torch.save` wrote before PyTorch 1.6 and still writes on request.
///
/// Five pickles (a mark, the version, notes on the system, the object, the keys of the storages),
/// then for each key the count of its numbers and the numbers, the lowest byte first.
enum TorchLegacy {
    /// The number 119547037146038801333356 in the form of a pickle.
    private static let mark: [UInt8] = [
        0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]
    private static let version = 1001

    static func recognizes(_ file: FileContents) -> Bool {
        // Protocol 4 puts the length of a frame before the first value.
        file.bytes.first == 0x80
            && (file.bytes.holds(mark, at: 2) || file.bytes.holds(mark, at: 11))
    }

    static func open(_ file: FileContents) throws(FormatError) -> WeightFile {
        let first = try PickleDocument(file, rules: .values)
        let second = try PickleDocument(file, rules: .values, at: first.end)
        guard second.root.integer == version else {
            throw FormatError(
                .unsupported, file: file.name, offset: first.end,
                expected: "version \(version) of the container",
                found: second.root.integer.map { "\($0)" } ?? second.root.kindName)
        }
        let notes = try PickleDocument(file, rules: .values, at: second.end)
        let document = try PickleDocument(file, rules: .weights, at: notes.end)
        let keys = try PickleDocument(file, rules: .values, at: document.end)
        var storages = TorchStorages(fileName: file.name)
        let wanted = try TorchStorages.wanted(document)
        let sizes = Dictionary(
            wanted.map { ($0.key, $0.byteCount) }, uniquingKeysWith: { first, _ in first })
        var counts: [String: Int] = [:]
        for case .storage(let storage) in document.nodes.list {
            counts[storage.key] = storage.count
        }
        var cursor = ByteCursor(file, at: keys.end)
        guard let items = keys.root.items else {
            throw FormatError(
                .malformed, file: file.name, offset: document.end,
                expected: "the keys of the storages", found: keys.root.kindName)
        }
        for item in items {
            let key = item.text ?? item.integer.map { String($0) } ?? item.kindName
            let start = cursor.position
            let count = try cursor.size(8, "the count of storage \(key)")
            guard let size = sizes[key], counts[key] == count, storages.parts[key] == nil else {
                throw FormatError(
                    .malformed, file: file.name, offset: start, place: "storage \(key.prefix(60))",
                    expected: counts[key].map { "\($0) numbers, once" } ?? "a key of the pickle",
                    found: "\(count) numbers")
            }
            let range = try cursor.take(size, "storage \(key)")
            storages.parts[key] = FilePart(file: file, range: range)
        }
        guard cursor.remaining == 0 else {
            throw FormatError(
                .malformed, file: file.name, offset: cursor.position,
                expected: "the end of the file", found: "\(cursor.remaining) more bytes")
        }
        if let absent = wanted.first(where: { storages.parts[$0.key] == nil }) {
            throw FormatError(
                .malformed, file: file.name, place: "storage \(absent.key)",
                expected: "its numbers at the end of the file", found: "none")
        }
        return try storages.weightFile(document, format: WeightFormat.torchLegacy.name)
    }
}
