import MartletGraph

/// Tensors and arrays of a pickle.
extension WeightWalk {
    mutating func visit(
        _ array: PickleArray?, _ index: Int, _ path: String
    ) throws(FormatError) {
        guard let array else {
            throw refusal(path, "an array with its numbers", "one without")
        }
        let kind = try document.kind(array)
        if array.isScalar {
            let number = try PickleValue(document: document, index: index).array()
            if let wide = number.scalars(as: Int64.self)?.first {
                return add(path, .integer(Int(wide)))
            }
            let value = number.doubles.first ?? 0
            return add(
                path,
                kind.form == .truth
                    ? .truth(value != 0)
                    : number.type.dtype.isInteger ? .integer(Int(value)) : .number(value))
        }
        add(index, path, kind, array.shape)
    }

    mutating func addTensor(
        _ tensor: PickleTensor, _ index: Int, _ path: String
    ) throws(FormatError) {
        guard let kind = tensor.kind.element else {
            throw refusal(path, "a tensor of plain numbers", "one without a number type")
        }
        add(index, path, kind, tensor.shape)
    }

    private mutating func add(_ index: Int, _ path: String, _ kind: ElementKind, _ shape: [Int]) {
        tensors.append(
            Found(
                name: path.isEmpty ? "tensor" : path, node: index, kind: kind,
                storedType: kind.typeName, shape: shape))
    }

    private func refusal(_ path: String, _ expected: String, _ found: String) -> FormatError {
        FormatError(
            .malformed, file: document.file.name, place: path, expected: expected, found: found)
    }

    /// The listed tensors as entries of a weight file.
    ///
    /// Tensors may share numbers or repeat a few of them many times, so what they would take in all
    /// is held against what the file has.
    ///
    /// - Parameter stored: the bytes of numbers that the file has.
    func entries(stored: Int) throws(FormatError) -> [WeightFile.Entry] {
        let most = 8 * stored + 64 << 20
        var total = 0
        var entries: [WeightFile.Entry] = []
        entries.reserveCapacity(tensors.count)
        for found in tensors {
            let type = TensorType(found.kind.dataType, found.shape)
            guard checkedProduct(found.shape + [8]) != nil, type.byteCount <= most - total else {
                throw FormatError(
                    .tooLarge, file: document.file.name, place: found.name,
                    expected: "tensors of at most \(most) bytes, for \(stored) in the file",
                    found: "\(found.storedType) \(found.shape)",
                    fix: "an expanded tensor repeats its numbers; save tensor.clone()")
            }
            total += type.byteCount
            entries.append(
                WeightFile.Entry(name: found.name, storedType: found.storedType, type: type))
        }
        return entries
    }
}
