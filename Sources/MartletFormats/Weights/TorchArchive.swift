/// What `torch.save` writes since PyTorch 1.6: a zip file of a pickle and of raw numbers.
///
/// Every entry that is used is held against its checksum, and its size against the pickle before it
/// is unpacked. Nothing is run: tensors are recognised by the functions that would make them, and
/// other objects are kept as bare data.
///
/// - Source: the notes on serialization semantics and on the file format in PyTorch's documentation.
enum TorchArchive {
    private static let pickleName = "data.pkl"
    /// The newest version of the container; PyTorch 2 writes 3.
    private static let newestVersion = 10
    private static let longestPickle = 1 << 28

    static func recognizes(_ file: FileContents) -> Bool {
        guard file.bytes.holds([0x50, 0x4B]) else { return false }
        // A damaged zip file is most probably of PyTorch, whose reader then says what is wrong.
        guard let archive = try? ZipArchive(file) else { return true }
        return archive.entries.contains { isPickle($0.name) || isCode($0.name) }
    }

    private static func isPickle(_ name: String) -> Bool {
        name == pickleName || name.hasSuffix("/" + pickleName)
    }

    private static func isCode(_ name: String) -> Bool {
        name.hasSuffix("/constants.pkl") || name.contains("/code/__torch__")
    }

    static func open(_ file: FileContents) throws(FormatError) -> WeightFile {
        let archive = try ZipArchive(file)
        if archive.entries.contains(where: { isCode($0.name) }) {
            throw FormatError(
                .unsupported, file: file.name, expected: "weights", found: "a TorchScript program",
                fix: "load it in PyTorch and save its state_dict with torch.save")
        }
        let pickles = archive.entries.filter { isPickle($0.name) }
        guard let pickle = pickles.first, pickles.count == 1 else {
            throw FormatError(
                .malformed, file: file.name, expected: "one entry named \(pickleName)",
                found: pickles.isEmpty
                    ? shortList(archive.entries.map(\.name)) : shortList(pickles.map(\.name)))
        }
        let root = String(pickle.name.dropLast(pickleName.count))
        let entries = Dictionary(
            archive.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        try checkVersion(archive, entries[root + "version"])
        let contents = try archive.contents(pickle, limit: longestPickle)
        let document = try PickleDocument(contents, rules: .weights)
        try document.expectEnd()
        var storages = TorchStorages(fileName: file.name)
        storages.isBigEndian = try isBigEndian(archive, entries[root + "byteorder"])
        for (key, byteCount) in try TorchStorages.wanted(document) {
            guard let entry = entries["\(root)data/\(key)"] else {
                throw FormatError(
                    .malformed, file: file.name, place: "storage \(key)",
                    expected: "an entry named \(root)data/\(key)", found: "no such entry",
                    fix: "the file is damaged; get it again")
            }
            guard entry.size == byteCount else {
                throw FormatError(
                    .malformed, file: file.name, place: entry.name,
                    expected: "\(byteCount) bytes, as the pickle says",
                    found: "\(entry.size) bytes", fix: "the file is damaged; get it again")
            }
            storages.parts[key] = try archive.part(entry)
        }
        return try storages.weightFile(document, format: WeightFormat.torchArchive.name)
    }

    private static func checkVersion(
        _ archive: ZipArchive, _ entry: ZipArchive.Entry?
    ) throws(FormatError) {
        guard let entry else { return }
        let text = try line(archive, entry)
        guard let version = Int(text), (1...newestVersion).contains(version) else {
            throw FormatError(
                .unsupported, file: archive.file.name, place: entry.name,
                expected: "version 1 to \(newestVersion) of the container", found: text)
        }
    }

    private static func isBigEndian(
        _ archive: ZipArchive, _ entry: ZipArchive.Entry?
    ) throws(FormatError) -> Bool {
        guard let entry else { return false }
        let text = try line(archive, entry)
        guard text == "little" || text == "big" else {
            throw FormatError(
                .malformed, file: archive.file.name, place: entry.name,
                expected: "little or big", found: text)
        }
        return text == "big"
    }

    private static func line(
        _ archive: ZipArchive, _ entry: ZipArchive.Entry
    ) throws(FormatError) -> String {
        let text = String(decoding: try archive.contents(entry, limit: 64).bytes, as: UTF8.self)
        return String(text.prefix { !$0.isWhitespace })
    }
}
