import Foundation
import MartletGraph

/// A Python pickle read as data: containers, numbers, texts, bytes and NumPy arrays.
///
/// Nothing in it is ever run. A function or class outside a short list is refused by name before it
/// could be used; time and memory grow with the size of the file and with nothing else. Protocols
/// 0 to 5 are read.
///
/// - Source: Python's `pickletools`, which documents every instruction; PEP 307, PEP 3154, PEP 574.
public struct PickleDocument: Sendable {
    let file: FileContents
    let nodes: PickleNodes
    let rootIndex: Int
    /// Where the bytes behind the pickle begin.
    let end: Int

    /// Reads the file at `url`.
    public init(contentsOf url: URL) throws(FormatError) {
        try self.init(FileContents(contentsOf: url))
    }

    /// Reads a pickle in memory; bytes behind its end are refused.
    public init(_ file: FileContents) throws(FormatError) {
        try self.init(file, rules: .values)
        try expectEnd()
    }

    /// Reads the pickle that begins at byte `position`; what follows it is left alone.
    init(_ file: FileContents, rules: PickleRules, at position: Int = 0) throws(FormatError) {
        var machine = PickleMachine(file, rules: rules, at: position)
        rootIndex = try machine.run()
        (self.file, end) = (file, machine.cursor.position)
        nodes = PickleNodes(machine.nodes)
    }

    func expectEnd() throws(FormatError) {
        guard end == file.bytes.count else {
            throw FormatError(
                .malformed, file: file.name, offset: end, place: "pickle",
                expected: "the end of the file", found: "\(file.bytes.count - end) more bytes")
        }
    }

    /// The value that the whole pickle is.
    public var root: PickleValue { PickleValue(document: self, index: rootIndex) }
}

extension PickleDocument {
    /// How the numbers of an array are laid out.
    func kind(_ array: PickleArray) throws(FormatError) -> ElementKind {
        try NumpyHeader.kind(array.order + array.code, file, offset: nil)
    }
}

/// The values of one document, shared by all that refer to it.
final class PickleNodes: Sendable {
    let list: [PickleNode]

    init(_ list: [PickleNode]) { self.list = list }

    subscript(index: Int) -> PickleNode { list[index] }
}

/// One value of a pickle; every property is `nil` when the value is of another sort.
public struct PickleValue: Sendable {
    let document: PickleDocument
    let index: Int

    var node: PickleNode { document.nodes[index] }

    /// What the value is, in words for messages.
    public var kindName: String { node.name }

    /// True for Python's `None`.
    public var isNone: Bool { if case .none = node { true } else { false } }

    /// A whole number or truth value that fits `Int`.
    public var integer: Int? {
        switch node {
        case .integer(let value): value
        case .truth(let value): value ? 1 : 0
        default: nil
        }
    }

    /// A floating-point or whole number.
    public var number: Double? {
        if case .number(let value) = node { value } else { integer.map { Double($0) } }
    }

    /// A text, or bytes (the texts of Python 2) read as Latin-1.
    public var text: String? {
        switch node {
        case .text(let value): value
        case .bytes(let value): String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) }))
        default: nil
        }
    }

    /// Raw bytes.
    public var bytes: [UInt8]? { if case .bytes(let value) = node { value } else { nil } }

    /// The members of a list, tuple or set.
    public var items: [PickleValue]? {
        switch node {
        case .list(let items), .tuple(let items), .set(let items): items.map(value)
        default: nil
        }
    }

    /// The keys and values of a dictionary in their order.
    public var pairs: [(key: PickleValue, value: PickleValue)]? {
        guard case .dictionary(let keys, let values) = node else { return nil }
        return zip(keys, values).map { (value($0), value($1)) }
    }

    /// The value under a key that is a text or bytes; of several equal keys the last counts.
    public subscript(key: String) -> PickleValue? { pairs?.last { $0.key.text == key }?.value }

    /// True for an array of NumPy.
    public var isArray: Bool { if case .array = node { true } else { false } }

    /// The numbers of an array or of a scalar of NumPy, widened as in `NumpyArray`.
    ///
    /// - Throws: `FormatError` when the value is something else, or its bytes do not fit its shape.
    public func array() throws(FormatError) -> HostTensor {
        guard case .array(let state) = node, let state else {
            throw refusal("an array of numbers", kindName)
        }
        guard case .bytes(let content) = document.nodes[state.content] else {
            throw refusal("the numbers of an array as bytes", value(state.content).kindName)
        }
        let kind = try document.kind(state)
        guard let size = checkedProduct(state.shape + [kind.byteCount]),
            checkedProduct(state.shape + [8]) != nil, size == content.count
        else {
            throw refusal(
                "the bytes of \(kind.name) \(state.shape)", "\(content.count) bytes")
        }
        return try ElementReader(
            file: FileContents(content, name: document.file.name), kind: kind, range: 0..<size,
            shape: state.shape, isColumnMajor: state.isColumnMajor
        ).tensor()
    }

    private func value(_ index: Int) -> PickleValue {
        PickleValue(document: document, index: index)
    }

    private func refusal(_ expected: String, _ found: String) -> FormatError {
        FormatError(.malformed, file: document.file.name, expected: expected, found: found)
    }
}
