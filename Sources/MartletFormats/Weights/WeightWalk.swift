/// Lists what a pickle holds: tensors and plain values, each with its path.
///
/// Only paths are followed, no numbers are read.
struct WeightWalk {
    /// A tensor and where it lies in the pickle.
    struct Found {
        var name: String
        var node: Int
        var kind: ElementKind
        var storedType: String
        var shape: [Int]
    }

    let document: PickleDocument
    var tensors: [Found] = []
    var values: [(name: String, value: WeightValue)] = []
    private var steps = 0
    private var pathBytes = 0

    /// The deepest nesting that is followed.
    static let deepest = 100
    /// The most values that are looked at.
    static let mostSteps = 1 << 20
    /// The longest path in bytes, and of all paths together.
    static let longestPath = 2000
    private static let mostPathBytes = 1 << 26
    /// Lists of more plain values than this are described, not listed.
    private static let longestList = 64

    /// Walks the whole document.
    ///
    /// - Throws: `FormatError` when it is nested too deep, is in circles, or a tensor has a type that
    ///   is not read.
    init(_ document: PickleDocument) throws(FormatError) {
        self.document = document
        try visit(document.rootIndex, "", 0)
    }

    private var nodes: PickleNodes { document.nodes }

    private mutating func visit(
        _ index: Int, _ path: String, _ depth: Int
    ) throws(FormatError) {
        steps += 1
        pathBytes += path.utf8.count
        guard depth <= Self.deepest, steps <= Self.mostSteps, path.utf8.count <= Self.longestPath,
            pathBytes <= Self.mostPathBytes
        else {
            throw FormatError(
                .tooLarge, file: document.file.name, place: String(path.prefix(80)),
                expected: "at most \(Self.mostSteps) values nested at most \(Self.deepest) deep",
                found: "more", fix: "save only the weights: a dictionary of names and tensors")
        }
        switch nodes[index] {
        case .none: add(path, .none)
        case .truth(let value): add(path, .truth(value))
        case .integer(let value): add(path, .integer(value))
        case .wideInteger: add(path, .other("a whole number beyond 64 bits"))
        case .number(let value): add(path, .number(value))
        case .text(let value): add(path, .text(value))
        case .bytes(let value): add(path, .other("\(value.count) bytes"))
        case .name(let name): add(path, .other(name))
        case .function(let function): add(path, .other(function.rawValue))
        case .list(let items), .tuple(let items), .set(let items):
            try visit(members: items, index, path, depth)
        case .dictionary(let keys, let values):
            for (key, value) in unique(keys, values) {
                try visit(value, join(path, key), depth + 1)
            }
        case .object(let className, let state):
            try visit(className, state, path, depth)
        case .array(let array):
            try visit(array, index, path)
        case .tensor(let tensor):
            try addTensor(tensor, index, path)
        case .storage: add(path, .other("numbers without a shape"))
        case .elementKind(let code, _): add(path, .other("number type \(code)"))
        }
    }

    mutating func add(_ path: String, _ value: WeightValue) {
        values.append((path.isEmpty ? "value" : path, value))
    }

    /// Counts work that looks at many values at once, so that shared ones cannot multiply it.
    private mutating func spend(_ count: Int) { steps += count / 256 }

    private func join(_ path: String, _ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    private mutating func visit(
        members items: [Int], _ index: Int, _ path: String, _ depth: Int
    ) throws(FormatError) {
        // PaddlePaddle saves a tensor inside other containers as its name and its numbers.
        if case .tuple = nodes[index], items.count == 2, case .text = nodes[items[0]],
            case .array = nodes[items[1]]
        {
            return try visit(items[1], path, depth + 1)
        }
        spend(items.count)
        if items.count > Self.longestList, items.allSatisfy({ isPlain($0) }) {
            return add(path, .other("\(nodes[index].name) of \(items.count) values"))
        }
        for (position, item) in items.enumerated() {
            try visit(item, join(path, String(position)), depth + 1)
        }
    }

    private func isPlain(_ index: Int) -> Bool {
        switch nodes[index] {
        case .none, .truth, .integer, .wideInteger, .number, .text, .bytes: true
        default: false
        }
    }

    /// Parameters, buffers and parts of a module; of other objects, what they hold.
    private mutating func visit(
        _ className: String, _ state: Int?, _ path: String, _ depth: Int
    ) throws(FormatError) {
        guard let state else { return add(path, .other("an object of class \(className)")) }
        if case .dictionary(let keys, _) = nodes[state] { spend(4 * keys.count) }
        guard let parameters = member("_parameters", of: state) else {
            return try visit(state, path, depth + 1)
        }
        let passing = Set(member("_non_persistent_buffers_set", of: state).map(texts) ?? [])
        try visit(dictionary: parameters, path, depth) { _ in true }
        if let buffers = member("_buffers", of: state) {
            try visit(dictionary: buffers, path, depth) { !passing.contains($0) }
        }
        if let modules = member("_modules", of: state) {
            try visit(dictionary: modules, path, depth) { _ in true }
        }
    }

    private mutating func visit(
        dictionary index: Int, _ path: String, _ depth: Int, where isKept: (String) -> Bool
    ) throws(FormatError) {
        guard case .dictionary(let keys, let values) = nodes[index] else { return }
        for (key, value) in unique(keys, values) where isKept(key) {
            // A parameter that a layer goes without, such as a bias, is None.
            if case .none = nodes[value] { continue }
            try visit(value, join(path, key), depth + 1)
        }
    }

    private func member(_ name: String, of index: Int) -> Int? {
        guard case .dictionary(let keys, let values) = nodes[index] else { return nil }
        return keys.lastIndex { keyText($0) == name }.map { values[$0] }
    }

    private func texts(_ index: Int) -> [String] {
        switch nodes[index] {
        case .list(let items), .set(let items): items.map(keyText)
        default: []
        }
    }

    /// The values under their keys; of several equal keys the last counts, as in Python.
    private mutating func unique(_ keys: [Int], _ values: [Int]) -> [(String, Int)] {
        spend(keys.count)
        var last: [String: Int] = [:]
        var result: [(String, Int)] = []
        for (key, value) in zip(keys, values) {
            let name = keyText(key)
            if let position = last[name] {
                result[position].1 = value
            } else {
                last[name] = result.count
                result.append((name, value))
            }
        }
        return result
    }

    private func keyText(_ index: Int) -> String {
        switch nodes[index] {
        case .text(let text):
            text.utf8.count <= Self.longestPath ? text : String(text.prefix(Self.longestPath + 1))
        case .bytes(let bytes): String(decoding: bytes.prefix(Self.longestPath + 1), as: UTF8.self)
        case .integer(let value): String(value)
        case .truth(let value): value ? "True" : "False"
        case .number(let value): String(value)
        case .tuple(let items) where items.count <= 8 && items.allSatisfy(isPlain):
            "(" + items.map(keyText).joined(separator: ", ") + ")"
        default: nodes[index].name
        }
    }
}
