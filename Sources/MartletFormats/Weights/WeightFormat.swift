import Foundation

/// One format of weight files: how it is recognised and how it is opened.
public struct WeightFormat: Sendable {
    /// The name of the format in words.
    public let name: String
    /// True when a file seems to have this format; looks at contents, never at the file's name.
    public let recognizes: @Sendable (FileContents) -> Bool
    /// Reads what is in the file, except for the numbers of the tensors.
    public let open: @Sendable (FileContents) throws(FormatError) -> WeightFile

    /// Describes a format.
    public init(
        name: String, recognizes: @escaping @Sendable (FileContents) -> Bool,
        open: @escaping @Sendable (FileContents) throws(FormatError) -> WeightFile
    ) {
        (self.name, self.recognizes, self.open) = (name, recognizes, open)
    }

    /// Every format that is read; the first that recognises a file opens it.
    public static let all: [WeightFormat] = [
        safetensors, keras, torchArchive, torchLegacy, numpyArchive, numpyArray, pickle, onnx,
    ]

    /// Tensors behind a header in JSON.
    public static let safetensors = WeightFormat(
        name: "safetensors", recognizes: { Safetensors.recognizes($0.bytes) },
        open: { (file) throws(FormatError) in try WeightFile(Safetensors(file)) })

    /// What `torch.save` writes since PyTorch 1.6.
    public static let torchArchive = WeightFormat(
        name: "PyTorch (zip)", recognizes: TorchArchive.recognizes, open: TorchArchive.open)

    /// What `torch.save` wrote before PyTorch 1.6.
    public static let torchLegacy = WeightFormat(
        name: "PyTorch (before 1.6)", recognizes: TorchLegacy.recognizes, open: TorchLegacy.open)

    /// Several arrays of NumPy in a zip file.
    public static let numpyArchive = WeightFormat(
        name: "NumPy (npz)", recognizes: ArrayWeights.recognizesArchive,
        open: ArrayWeights.openArchive)

    /// One array of NumPy.
    public static let numpyArray = WeightFormat(
        name: "NumPy (npy)", recognizes: { $0.bytes.holds(ArrayWeights.mark) },
        open: ArrayWeights.openArray)

    /// Arrays of NumPy in a pickle, as PaddlePaddle and plain Python save them.
    public static let pickle = WeightFormat(
        name: "pickle", recognizes: PickledWeights.recognizes, open: PickledWeights.open)
}

extension WeightFile {
    /// Opens the file at `url` with the first of `formats` that recognises its contents.
    ///
    /// - Throws: `FormatError` when no format does, or the contents break the rules of theirs.
    public static func open(
        _ url: URL, formats: [WeightFormat] = WeightFormat.all
    ) throws(FormatError) -> WeightFile {
        let source = try ByteSource(contentsOf: url)
        if formats.contains(where: { $0.name == WeightFormat.safetensors.name }),
            Safetensors.recognizes(try source.bytes(0..<min(9, source.count)))
        {
            return try WeightFile(Safetensors(source))
        }
        return try open(FileContents(contentsOf: url), formats: formats)
    }

    /// Opens a file in memory with the first of `formats` that recognises it.
    public static func open(
        _ file: FileContents, formats: [WeightFormat] = WeightFormat.all
    ) throws(FormatError) -> WeightFile {
        guard let format = formats.first(where: { $0.recognizes(file) }) else {
            throw FormatError(
                .unrecognized, file: file.name,
                expected: "a file of weights: " + formats.map(\.name).joined(separator: ", "),
                found: ForeignFile.name(of: file.bytes))
        }
        return try format.open(file)
    }

    init(_ file: Safetensors) throws(FormatError) {
        try self.init(
            fileName: file.fileName, format: WeightFormat.safetensors.name,
            entries: file.entries.map {
                Entry(name: $0.name, storedType: $0.storedType, type: $0.type)
            },
            values: file.metadata.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) },
            load: { (index) throws(FormatError) in try file.tensor(file.entries[index]) })
    }
}

extension Safetensors {
    /// True when a file begins as a safetensors file: a length, then a brace.
    ///
    /// A length that no file can have is left to the reader to refuse, unless the file begins as a
    /// zip file or a pickle does.
    static func recognizes(_ opening: [UInt8]) -> Bool {
        guard opening.count > 8, opening[8] == UInt8(ascii: "{") else { return false }
        return opening[4..<8].allSatisfy { $0 == 0 } || ![0x80, 0x50].contains(opening[0])
    }
}
