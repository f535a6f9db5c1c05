import MartletGraph

/// The weights of Keras 3's layout: `layers/<class>_<n>/vars/<k>`.
struct KerasWeights {
    private let hdf5: HDF5File
    /// The configuration's layers with the names that the file gives them, in order.
    private let layers: [(stored: String, layer: KerasLayer)]

    init(_ hdf5: HDF5File, layers: [KerasLayer]) {
        self.hdf5 = hdf5
        var counts: [String: Int] = [:]
        self.layers = layers.map { layer in
            let kind = Self.snakeCase(layer.kind)
            let count = counts[kind, default: 0]
            counts[kind] = count + 1
            return (count == 0 ? kind : "\(kind)_\(count)", layer)
        }
    }

    func variables() throws(FormatError) -> [KerasFile.Variable] {
        var groups: [(layer: String, arrays: [(name: String, path: String, object: HDF5Object)])] =
            []
        var known: [String: Int] = [:]
        for (path, object) in try hdf5.arrays() {
            var parts = path.split(separator: "/").map(String.init)
            guard let name = parts.popLast(), parts.popLast() == "vars", Self.isWeight(parts) else {
                continue
            }
            if let first = parts.first, Self.containers.contains(first) { parts.removeFirst() }
            let layer = parts.joined(separator: "/")
            let index = known[layer] ?? groups.count
            if index == groups.count {
                known[layer] = index
                groups.append((layer, []))
            }
            groups[index].arrays.append((name, path, object))
        }
        guard !groups.isEmpty else {
            throw FormatError(
                .malformed, file: hdf5.file.name, expected: "weights of Keras",
                found: shortList(try hdf5.names(in: "")))
        }
        groups.sort { position($0.layer) < position($1.layer) }
        var variables: [KerasFile.Variable] = []
        var budget = KerasBudget(hdf5)
        for group in groups {
            let arrays = group.arrays.sorted { (Int($0.name) ?? 0) < (Int($1.name) ?? 0) }
            let names = names(group.layer, arrays.count)
            for (index, array) in arrays.enumerated() {
                let name = names.indices.contains(index) ? names[index] : array.name
                variables.append(
                    KerasFile.Variable(
                        layer: shownName(group.layer), name: name,
                        value: try budget.read(array.object, array.path)))
            }
        }
        return variables
    }

    /// What stands above the layers in the versions of Keras.
    private static let containers: Set<String> = [
        "layers", "_layer_checkpoint_dependencies", "_operations",
    ]

    /// False for the states of optimizers, metrics and random numbers.
    private static func isWeight(_ parts: [String]) -> Bool {
        !parts.contains { $0.hasPrefix("seed_generator") }
            && !["optimizer", "metrics", "loss_tracker"].contains(parts.first ?? "optimizer")
    }

    /// The place of a layer: as configured, else by name with numbers in their own order.
    private func position(_ layer: String) -> KerasPosition {
        let first = layer.prefix { $0 != "/" }
        let index = layers.firstIndex { $0.stored == first } ?? layers.count
        return KerasPosition(index: index, name: layer)
    }

    private func shownName(_ layer: String) -> String {
        guard let known = layers.first(where: { $0.stored == layer }), !known.layer.name.isEmpty
        else { return layer }
        return known.layer.name
    }

    /// The names of a layer's variables, from its class.
    private func names(_ layer: String, _ count: Int) -> [String] {
        let stored = layer.split(separator: "/").last.map(String.init) ?? layer
        let config = layers.first { $0.stored == layer }?.layer.config ?? [:]
        let kind = stored.split(separator: "_").filter { Int($0) == nil }.joined(separator: "_")
        switch kind {
        case "batch_normalization":
            let affine = [
                config["scale"] as? Bool ?? (count == 4) ? ["gamma"] : [],
                config["center"] as? Bool ?? (count == 4) ? ["beta"] : [],
            ]
            let names = affine.flatMap { $0 } + ["moving_mean", "moving_variance"]
            return names.count == count ? names : []
        case "layer_normalization", "group_normalization": return ["gamma", "beta"]
        case "embedding": return ["embeddings"]
        case "p_re_l_u", "p_relu": return ["alpha"]
        case "conv2d", "conv2_d", "dense", "conv1d", "depthwise_conv2d", "conv2d_transpose",
            "depthwise_conv2_d":
            return ["kernel", "bias"]
        case "simple_rnn_cell", "lstm_cell", "gru_cell":
            return ["kernel", "recurrent_kernel", "bias"]
        default: return []
        }
    }

    /// The class name as Keras writes it in files: `Conv2D` is `conv2d`, `MaxPooling2D`
    /// `max_pooling2d`.
    static func snakeCase(_ name: String) -> String {
        let letters = Array(name)
        var result = ""
        for (index, letter) in letters.enumerated() {
            let follows = letters.indices.contains(index + 1) && letters[index + 1].isLowercase
            let last = index > 0 ? letters[index - 1] : nil
            let isAfterSmall = last.map { $0.isLowercase } ?? false
            let startsWord = letter.isUppercase && index > 0 && (follows || isAfterSmall)
            if startsWord, last != "_" { result += "_" }
            result += letter.lowercased()
        }
        return result
    }
}

/// Orders layers by their place in the model, then by name with numbers by value.
private struct KerasPosition: Comparable {
    var index: Int
    var name: String

    static func < (a: KerasPosition, b: KerasPosition) -> Bool {
        a.index != b.index
            ? a.index < b.index
            : Self.parts(a.name).lexicographicallyPrecedes(
                Self.parts(b.name)
            ) { $0.text != $1.text ? $0.text < $1.text : $0.number < $1.number }
    }

    private static func parts(_ name: String) -> [(text: String, number: Int)] {
        name.split(whereSeparator: { $0 == "_" || $0 == "/" }).map {
            Int($0).map { ("", $0) } ?? (String($0), 0)
        }
    }
}

/// Reads arrays as long as they take no more bytes together than the file has.
struct KerasBudget {
    private let hdf5: HDF5File
    private var rest: Int

    init(_ hdf5: HDF5File) {
        self.hdf5 = hdf5
        rest = hdf5.file.bytes.count
    }

    mutating func read(_ object: HDF5Object, _ path: String) throws(FormatError) -> HostTensor {
        let (tensor, byteCount) = try hdf5.read(object, path, limit: 4 << 30)
        rest -= byteCount
        guard rest >= 0 else {
            throw FormatError(
                .malformed, file: hdf5.file.name, place: path,
                expected: "arrays that lie beside each other", found: "arrays that overlap")
        }
        return tensor
    }
}
