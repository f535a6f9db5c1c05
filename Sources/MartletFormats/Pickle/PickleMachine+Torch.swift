/// What the weights of PyTorch need: storages beside the pickle, tensors, objects as bare data.
extension PickleMachine {
    /// A reference to something outside the pickle: `("storage", class, key, place, count, ...)`, or
    /// `("module", class, file, source)` in files of older versions.
    mutating func pushPersistent() throws(FormatError) {
        guard rules == .weights else {
            throw refusal(.unsupported, "values inside the pickle", "a reference to outside")
        }
        let index = try pop("a reference to a storage")
        guard case .tuple(let items) = nodes[index], let kind = items.first.flatMap(text) else {
            throw refusal(.malformed, "a reference to a storage", nodes[index].name)
        }
        if kind == "module", items.count >= 2, case .name = nodes[items[1]] {
            return stack.append(items[1])
        }
        guard kind == "storage", items.count == 5 || items.count == 6,
            case .name(let typeName) = nodes[items[1]],
            case .integer(let count) = nodes[items[4]], count >= 0,
            let key = key(items[2])
        else {
            throw refusal(
                .unsupported, "storage, class, key, place and count",
                "(" + items.prefix(6).map { nodes[$0].name }.joined(separator: ", ") + ")")
        }
        guard let storageKind = TorchKind(storage: typeName) else {
            throw refusal(
                .unsupported, "a storage of plain numbers", String(typeName.prefix(120)),
                fix: TorchKind.advice)
        }
        var storage = PickleStorage(kind: storageKind, key: key, count: count, viewOffset: 0)
        // The sixth is None, or the part of a larger storage: key, offset and count.
        if items.count == 6, case .tuple(let view) = nodes[items[5]] {
            guard view.count == 3, case .integer(let offset) = nodes[view[1]], offset >= 0 else {
                throw refusal(.malformed, "key, offset and count of a view", "others")
            }
            storage.viewOffset = offset
        }
        push(.storage(storage))
    }

    private func key(_ index: Int) -> String? {
        switch nodes[index] {
        case .text(let text) where text.utf8.count <= 256: text
        case .bytes(let bytes) where bytes.count <= 256: String(decoding: bytes, as: UTF8.self)
        case .integer(let number): String(number)
        default: nil
        }
    }

    /// Carries out the functions of PyTorch that are known; false when the arguments do not fit.
    mutating func callTorch(
        _ function: PickleFunction, _ items: [Int]
    ) throws(FormatError) -> Bool {
        switch function {
        case .tensor: return try pushTensor(items, counts: [4])
        case .tensor2: return try pushTensor(items, counts: [6, 7])
        case .tensor3: return try pushTensor(items, counts: [7, 8])
        case .parameter, .parameterWithState:
            guard let first = items.first, case .tensor = nodes[first] else { return false }
            stack.append(first)
        case .tensorOfClass:
            // (function, class, its arguments, attributes); only the tensor itself is kept.
            guard items.count == 4, case .function(let inner) = nodes[items[0]],
                [.tensor, .tensor2, .tensor3].contains(inner),
                case .tuple(let arguments) = nodes[items[2]]
            else { return false }
            return try callTorch(inner, arguments)
        case .size:
            guard items.count == 1, case .tuple = nodes[items[0]] else { return false }
            stack.append(items[0])
        case .device:
            guard let name = items.first.flatMap(text) else { return false }
            push(.text(name))
        case .defaultDictionary:
            guard items.count <= 1 else { return false }
            push(.dictionary(keys: [], values: []))
        case .reconstruct:
            guard items.count == 3, case .name(let className) = nodes[items[0]],
                case .name("builtins.object") = nodes[items[1]]
            else { return false }
            push(.object(className: className, state: nil))
        default: return false
        }
        return true
    }

    /// Tensor, version 2: storage, offset, sizes, strides, gradient or not, hooks, and notes;
    /// version 1 ends behind the strides, version 3 has the number type before the notes.
    private mutating func pushTensor(_ items: [Int], counts: [Int]) throws(FormatError) -> Bool {
        guard counts.contains(items.count), case .storage(let storage) = nodes[items[0]] else {
            return false
        }
        guard case .integer(let offset) = nodes[items[1]], offset >= 0,
            let shape = sizes(items[2]), let strides = sizes(items[3]),
            shape.count == strides.count
        else {
            throw refusal(
                .malformed, "an offset, sizes and as many strides, each from 0 to 2^63 - 1",
                "others")
        }
        var kind = storage.kind
        if counts == [7, 8] {
            guard case .name(let typeName) = nodes[items[6]] else { return false }
            guard let named = TorchKind(type: typeName) else {
                throw refusal(
                    .unsupported, "a tensor of plain numbers", String(typeName.prefix(120)),
                    fix: TorchKind.advice)
            }
            kind = named
        }
        push(
            .tensor(
                PickleTensor(
                    storage: items[0], kind: kind, offset: offset, shape: shape, strides: strides)))
        return true
    }

    /// Sets the state of an object; false when the value is none that takes one here.
    mutating func buildObject(_ target: Int, _ state: Int) -> Bool {
        switch nodes[target] {
        case .object(let className, _):
            nodes[target] = .object(className: className, state: state)
            return true
        case .dictionary:
            // Attributes of an ordered dictionary, such as the versions of layers; not needed.
            if case .dictionary = nodes[state] { return true }
            return false
        default: return false
        }
    }

    /// An ordered dictionary from a list of pairs, as Python 2 saved it.
    mutating func pushDictionary(pairs list: Int) -> Bool {
        guard case .list(let members) = nodes[list] else { return false }
        var (keys, values): ([Int], [Int]) = ([], [])
        for member in members {
            switch nodes[member] {
            case .list(let pair) where pair.count == 2, .tuple(let pair) where pair.count == 2:
                keys.append(pair[0])
                values.append(pair[1])
            default: return false
            }
        }
        // Moved, not copied, as the members of sets are.
        nodes[list] = .list([])
        push(.dictionary(keys: keys, values: values))
        return true
    }
}
