import MartletGraph

/// The raw numbers beside the pickle of a PyTorch file, by the key of their storage.
struct TorchStorages: Sendable {
    let fileName: String
    var parts: [String: FilePart] = [:]
    var isBigEndian = false

    /// Every storage that a pickle refers to, each key once, in the order of the pickle.
    ///
    /// - Throws: `FormatError` when two references to one key disagree.
    static func wanted(
        _ document: PickleDocument
    ) throws(FormatError) -> [(key: String, byteCount: Int)] {
        var sizes: [String: Int] = [:]
        var result: [(key: String, byteCount: Int)] = []
        for case .storage(let storage) in document.nodes.list {
            let (size, overflow) = storage.count.multipliedReportingOverflow(
                by: storage.kind.byteCount)
            guard !overflow, sizes[storage.key].map({ $0 == size }) ?? true else {
                throw FormatError(
                    .malformed, file: document.file.name, place: "storage \(storage.key)",
                    expected: "one size below 2^63 bytes",
                    found: "\(storage.count) of \(storage.kind.name)")
            }
            if sizes.updateValue(size, forKey: storage.key) == nil {
                result.append((storage.key, size))
            }
        }
        return result
    }

    /// The tensors and values of the pickle, with these storages below them.
    func weightFile(_ document: PickleDocument, format: String) throws(FormatError) -> WeightFile {
        let walk = try WeightWalk(document)
        let found = walk.tensors
        for tensor in found { try check(tensor, document) }
        let stored = parts.values.reduce(document.file.bytes.count) { $0 + $1.range.count }
        let storages = self
        return try WeightFile(
            fileName: fileName, format: format, entries: try walk.entries(stored: stored),
            values: walk.values,
            load: { (index) throws(FormatError) in try storages.tensor(found[index], document) })
    }

    /// Refuses a tensor that reaches beyond its storage.
    private func check(
        _ found: WeightWalk.Found, _ document: PickleDocument
    ) throws(FormatError) {
        guard case .tensor(let tensor) = document.nodes[found.node],
            case .storage(let storage) = document.nodes[tensor.storage]
        else { return }
        // A storage without a number type counts bytes, its tensors count numbers.
        let count = storage.count * storage.kind.byteCount / found.kind.byteCount
        guard let elements = checkedProduct(tensor.shape) else {
            throw refusal(found, "sizes whose product is below 2^63", "\(tensor.shape)")
        }
        if elements == 0 { return }
        var last = storage.viewOffset
        for (step, times) in [(tensor.offset, 1)] + zip(tensor.strides, tensor.shape.map { $0 - 1 })
        {
            let (reach, overflow) = step.multipliedReportingOverflow(by: times)
            let (sum, sumOverflow) = last.addingReportingOverflow(reach)
            guard !overflow, !sumOverflow else {
                throw refusal(found, "numbers inside the storage", "an offset beyond 2^63")
            }
            last = sum
        }
        guard last < count else {
            throw refusal(
                found, "numbers inside the storage \(storage.key) of \(count)",
                "number \(last) for sizes \(tensor.shape), strides \(tensor.strides)")
        }
    }

    private func refusal(
        _ found: WeightWalk.Found, _ expected: String, _ what: String
    ) -> FormatError {
        FormatError(
            .malformed, file: fileName, place: found.name, expected: expected, found: what)
    }

    /// The numbers of one tensor that was checked, row-major.
    private func tensor(
        _ found: WeightWalk.Found, _ document: PickleDocument
    ) throws(FormatError) -> HostTensor {
        guard case .tensor(let tensor) = document.nodes[found.node],
            case .storage(let storage) = document.nodes[tensor.storage]
        else { return try PickleValue(document: document, index: found.node).array() }
        guard let part = parts[storage.key] else {
            throw refusal(found, "the storage \(storage.key)", "no such storage")
        }
        var kind = found.kind
        kind.isBigEndian = isBigEndian
        let type = TensorType(kind.dataType, found.shape)
        let count = type.elementCount
        let start =
            count == 0
            ? part.range.lowerBound
            : part.range.lowerBound + (storage.viewOffset + tensor.offset) * kind.byteCount
        if isRowMajor(tensor) || count == 0 {
            return try ElementReader(
                file: part.file, kind: kind, range: start..<start + count * kind.byteCount,
                shape: found.shape
            ).tensor()
        }
        let bytes = gathered(part.file.bytes, start, tensor, count, kind.byteCount)
        return try ElementReader(
            file: FileContents(bytes, name: fileName), kind: kind, range: 0..<bytes.count,
            shape: found.shape
        ).tensor()
    }

    private func isRowMajor(_ tensor: PickleTensor) -> Bool {
        var expected = 1
        for (size, stride) in zip(tensor.shape, tensor.strides).reversed() where size != 1 {
            if stride != expected { return false }
            expected *= size
        }
        return true
    }

    /// Copies numbers that do not lie one behind the other.
    private func gathered(
        _ source: [UInt8], _ start: Int, _ tensor: PickleTensor, _ count: Int, _ width: Int
    ) -> [UInt8] {
        let (shape, strides) = (tensor.shape, tensor.strides)
        var index = [Int](repeating: 0, count: shape.count)
        var element = 0
        return [UInt8](unsafeUninitializedCapacity: count * width) { target, filled in
            source.withUnsafeBufferPointer { source in
                for position in 0..<count {
                    for byte in 0..<width {
                        target[position * width + byte] = source[start + element * width + byte]
                    }
                    for axis in shape.indices.reversed() {
                        index[axis] += 1
                        // The step behind the last number of an axis may leave 64 bits.
                        element &+= strides[axis]
                        if index[axis] < shape[axis] { break }
                        element &-= strides[axis] &* shape[axis]
                        index[axis] = 0
                    }
                }
            }
            filled = count * width
        }
    }
}
