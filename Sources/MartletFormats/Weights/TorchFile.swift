import Foundation
import MartletGraph

/// Writes tensors as a state dictionary of PyTorch.
///
/// The file is what `torch.save` writes: a zip file of stored entries, the numbers at multiples of
/// 64 bytes, and a pickle of protocol 2 that `torch.load(path, weights_only=True)` takes. Reading is
/// `WeightFile.open`.
///
/// - Source: the notes on the file format in PyTorch's documentation; Python's `pickletools`.
public enum TorchFile {
    /// Writes tensors in the given order; the file is complete or absent.
    ///
    /// Equal arguments give equal bytes.
    ///
    /// - Throws: `FormatError` when a name comes twice, the file would pass 4 GiB, or the place
    ///   cannot be written.
    public static func write(
        _ tensors: [(name: String, tensor: HostTensor)], to url: URL
    ) throws(FormatError) {
        try WholeFile.write(pieces(tensors, url.path), to: url)
    }

    /// The bytes that `write` would write.
    public static func encoded(
        _ tensors: [(name: String, tensor: HostTensor)]
    ) throws(FormatError) -> [UInt8] {
        Array(try pieces(tensors, "pth").joined())
    }

    private static func pieces(
        _ tensors: [(name: String, tensor: HostTensor)], _ file: String
    ) throws(FormatError) -> [[UInt8]] {
        var seen: Set<String> = []
        for (name, _) in tensors where !seen.insert(name).inserted {
            throw FormatError(
                .unwritable, file: file, expected: "every name once",
                found: String(name.prefix(200)))
        }
        var writer = ZipWriter(file: file)
        func add(_ name: String, _ bytes: [UInt8]) throws(FormatError) {
            try writer.add("archive/\(name)", bytes, alignment: 64)
        }
        try add("data.pkl", pickle(tensors))
        try add(".format_version", Array("1".utf8))
        try add(".storage_alignment", Array("64".utf8))
        try add("byteorder", Array("little".utf8))
        for (key, (_, tensor)) in tensors.enumerated() { try add("data/\(key)", tensor.bytes) }
        try add("version", Array("3\n".utf8))
        return writer.finished()
    }

    /// An ordered dictionary of tensors, the storage of each under its number.
    private static func pickle(_ tensors: [(name: String, tensor: HostTensor)]) -> [UInt8] {
        var pickle = PickleWriter()
        pickle.emptyDictionary()
        pickle.mark()
        for (key, (name, tensor)) in tensors.enumerated() {
            let type = tensor.type
            pickle.text(name)
            pickle.name("torch._utils", "_rebuild_tensor_v2")
            pickle.mark()
            pickle.mark()
            pickle.text("storage")
            pickle.name("torch", storage(type.dtype))
            pickle.text(String(key))
            pickle.text("cpu")
            pickle.integer(type.elementCount)
            pickle.tuple()
            pickle.persistent()
            pickle.integer(0)
            pickle.sizes(type.shape)
            pickle.sizes(type.strides)
            pickle.falsehood()
            pickle.emptyDictionary()
            pickle.tuple()
            pickle.call()
        }
        pickle.setItems()
        return pickle.finished()
    }

    private static func storage(_ type: DataType) -> String {
        switch type {
        case .float32: "FloatStorage"
        case .float64: "DoubleStorage"
        case .int32: "IntStorage"
        case .int64: "LongStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        }
    }
}
