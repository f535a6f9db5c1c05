/// The number types of PyTorch under the names of its storages and of its types.
struct TorchKind: Hashable {
    /// How the numbers are laid out; `nil` for a storage of bytes without a type.
    var element: ElementKind?
    /// `float32`, `bfloat16`, ...
    var name: String

    /// The bytes that a storage counts as one.
    var byteCount: Int { element?.byteCount ?? 1 }

    static let advice = "convert the tensors before saving, for example with tensor.float()"

    private static let list: [(type: String, storage: String, form: ElementKind.Form, bytes: Int)] =
        [
            ("float64", "Double", .float, 8), ("float32", "Float", .float, 4),
            ("float16", "Half", .float, 2), ("bfloat16", "BFloat16", .brainFloat, 2),
            ("int64", "Long", .signed, 8), ("int32", "Int", .signed, 4),
            ("int16", "Short", .signed, 2), ("int8", "Char", .signed, 1),
            ("uint8", "Byte", .unsigned, 1), ("bool", "Bool", .truth, 1),
            ("uint16", "", .unsigned, 2), ("uint32", "", .unsigned, 4),
            ("uint64", "", .unsigned, 8),
        ]

    private static let types = Dictionary(
        uniqueKeysWithValues: list.map {
            (
                $0.type,
                TorchKind(element: ElementKind(form: $0.form, byteCount: $0.bytes), name: $0.type)
            )
        })

    private static let storages = Dictionary(
        uniqueKeysWithValues: list.filter { !$0.storage.isEmpty }.map {
            ("\($0.storage)Storage", $0.type)
        })

    /// Every name of a number type or memory layout that a pickle may hold, with its sort.
    static let names: [String: String] = {
        let others = [
            "complex32", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2",
            "float8_e4m3fnuz", "float8_e5m2fnuz", "qint8", "quint8", "qint32",
        ]
        let layouts = [
            "strided", "contiguous_format", "channels_last", "channels_last_3d", "preserve_format",
        ]
        var names: [String: String] = [:]
        for name in list.map(\.type) + others { names[name] = "number type" }
        for name in layouts { names[name] = "memory layout" }
        return names
    }()

    /// The number type of a storage class such as `torch.FloatStorage`.
    init?(storage name: String) {
        let parts = name.split(separator: ".").map(String.init)
        guard let last = parts.last,
            ["torch", "torch.cuda", "torch.storage"].contains(
                parts.dropLast().joined(separator: "."))
        else { return nil }
        if last == "UntypedStorage" {
            self.init(element: nil, name: "bytes")
            return
        }
        guard let type = Self.storages[last], let kind = Self.types[type] else { return nil }
        self = kind
    }

    /// The number type of that name, such as `torch.uint16`.
    init?(type name: String) {
        guard name.hasPrefix("torch."), let kind = Self.types[String(name.dropFirst(6))] else {
            return nil
        }
        self = kind
    }

    private init(element: ElementKind?, name: String) {
        (self.element, self.name) = (element, name)
    }
}
