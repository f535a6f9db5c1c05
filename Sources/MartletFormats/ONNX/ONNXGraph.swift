/// Operators in an order in which values are made before they are used.
public struct ONNXGraph: Hashable, Sendable {
    /// The name of the graph.
    public var name: String
    /// The operators.
    public var nodes: [ONNXNode]
    /// Weights and other numbers, each with its name.
    public var initializers: [ONNXTensor]
    /// What the graph takes; old files list the weights here, too.
    public var inputs: [ONNXValueInfo]
    /// What the graph gives.
    public var outputs: [ONNXValueInfo]

    /// Collects the parts of a graph.
    public init(
        name: String, nodes: [ONNXNode] = [], initializers: [ONNXTensor] = [],
        inputs: [ONNXValueInfo] = [], outputs: [ONNXValueInfo] = []
    ) {
        (self.name, self.nodes, self.initializers) = (name, nodes, initializers)
        (self.inputs, self.outputs) = (inputs, outputs)
    }

    init(_ reader: ProtobufReader, folder: ONNXFolder?) throws(FormatError) {
        self.init(name: "")
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1: nodes.append(try ONNXNode(field))
            case 2: name = try field.text()
            case 5: initializers.append(try ONNXTensor(field, folder: folder))
            case 11: inputs.append(try ONNXValueInfo(field))
            case 12: outputs.append(try ONNXValueInfo(field))
            case 15:
                throw FormatError(
                    .unsupported, file: reader.file.name, offset: field.offset,
                    expected: "dense weights", found: "a sparse one")
            default: break
            }
        }
    }

    func write(_ writer: inout ProtobufWriter) {
        for node in nodes { writer.message(1) { node.write(&$0) } }
        writer.text(2, name)
        for tensor in initializers { writer.message(5) { tensor.write(&$0) } }
        for input in inputs { writer.message(11) { input.write(&$0) } }
        for output in outputs { writer.message(12) { output.write(&$0) } }
    }
}

/// One use of an operator.
public struct ONNXNode: Hashable, Sendable {
    /// The name of the use; may be empty.
    public var name: String
    /// The operator, `Conv`.
    public var kind: String
    /// Where the operator comes from; empty for ONNX itself.
    public var domain = ""
    /// The names of the operands; an empty name stands for one that is left out.
    public var inputs: [String]
    /// The names of the results.
    public var outputs: [String]
    /// The settings by name.
    public var attributes: [String: ONNXAttribute]

    /// Collects the parts of a node.
    public init(
        _ kind: String, name: String = "", inputs: [String], outputs: [String],
        attributes: [String: ONNXAttribute] = [:]
    ) {
        (self.kind, self.name, self.inputs, self.outputs) = (kind, name, inputs, outputs)
        self.attributes = attributes
    }

    init(_ field: ProtobufField) throws(FormatError) {
        self.init("", inputs: [], outputs: [])
        var reader = try field.reader("a node")
        while let field = try reader.next() {
            switch field.number {
            case 1: inputs.append(try field.text())
            case 2: outputs.append(try field.text())
            case 3: name = try field.text()
            case 4: kind = try field.text()
            case 5:
                let (name, attribute) = try ONNXAttribute.read(field)
                attributes[name] = attribute
            case 7: domain = try field.text()
            default: break
            }
        }
        if domain == "ai.onnx" { domain = "" }
    }

    func write(_ writer: inout ProtobufWriter) {
        for input in inputs { writer.bytes(1, Array(input.utf8)) }
        for output in outputs { writer.bytes(2, Array(output.utf8)) }
        writer.text(3, name)
        writer.text(4, kind)
        for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
            writer.message(5) { attribute.write(name, &$0) }
        }
        writer.text(7, domain)
    }
}

/// A setting of a node.
public enum ONNXAttribute: Hashable, Sendable {
    case float(Float)
    case integer(Int)
    case text(String)
    case tensor(ONNXTensor)
    case floats([Float])
    case integers([Int])
    case texts([String])
    /// A kind that is not read here, in words.
    case other(String)

    static func read(_ field: ProtobufField) throws(FormatError) -> (String, ONNXAttribute) {
        var reader = try field.reader("an attribute")
        var (name, kind) = ("", Int64(0))
        var (float, integer, text) = (Float(0), Int64(0), "")
        var (floats, integers, texts) = ([Float](), [Int64](), [String]())
        var tensor: ONNXTensor?
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try field.text()
            case 2: float = try field.float()
            case 3: integer = try field.integer()
            case 4: text = try field.text()
            // A tensor in an attribute has no business in another file.
            case 5: tensor = try ONNXTensor(field, folder: nil)
            case 7: try field.floats(into: &floats)
            case 8: try field.integers(into: &integers)
            case 9: texts.append(try field.text())
            case 20: kind = try field.integer()
            default: break
            }
        }
        switch kind {
        case 1: return (name, .float(float))
        case 2: return (name, .integer(Int(integer)))
        case 3: return (name, .text(text))
        case 4: return (name, tensor.map { .tensor($0) } ?? .other("an empty tensor"))
        case 6: return (name, .floats(floats))
        case 7: return (name, .integers(integers.map { Int($0) }))
        case 8: return (name, .texts(texts))
        case 5, 10: return (name, .other("a graph"))
        default: return (name, .other("an attribute of type \(kind)"))
        }
    }

    func write(_ name: String, _ writer: inout ProtobufWriter) {
        writer.text(1, name)
        switch self {
        case .float(let value): writer.float(2, value)
        case .integer(let value): writer.integer(3, Int64(value))
        case .text(let value): writer.bytes(4, Array(value.utf8))
        case .tensor(let value): writer.message(5) { value.write(&$0) }
        case .floats(let values): writer.floats(7, values)
        case .integers(let values): writer.integers(8, values.map { Int64($0) })
        case .texts(let values): for value in values { writer.bytes(9, Array(value.utf8)) }
        case .other: break
        }
        writer.integer(20, kind)
    }

    private var kind: Int64 {
        switch self {
        case .float: 1
        case .integer: 2
        case .text: 3
        case .tensor: 4
        case .floats: 6
        case .integers: 7
        case .texts: 8
        case .other: 0
        }
    }
}
