import Foundation

/// An ONNX file: a graph of operators with their weights, as the file has it.
///
/// The part of the format that describes inference of one graph is kept. Functions, training
/// information and graphs inside attributes are noticed, so that a model that needs them is refused
/// and not misread.
///
/// - Source: `onnx/onnx.proto` of the ONNX project, IR version 10.
public struct ONNXModel: Hashable, Sendable {
    /// The version of the file format.
    public var irVersion: Int
    /// What wrote the file, with its version.
    public var producerName = "", producerVersion = ""
    /// What the model is for, in words.
    public var documentation = ""
    /// The version of the operators by domain; the empty domain is ONNX itself.
    public var operatorSets: [String: Int]
    /// The operators and weights.
    public var graph: ONNXGraph
    /// Properties by name, in the order of the file.
    public var metadata: [(key: String, value: String)] {
        get { properties.map { ($0.key, $0.value) } }
        set { properties = newValue.map { ONNXProperty(key: $0.key, value: $0.value) } }
    }
    private var properties: [ONNXProperty] = []
    /// The file it was read from, for messages.
    public var name = "an ONNX model"

    /// Makes a model for the given version of ONNX's own operators.
    public init(irVersion: Int, operatorSet: Int, graph: ONNXGraph) {
        (self.irVersion, self.graph) = (irVersion, graph)
        operatorSets = ["": operatorSet]
    }

    /// Reads the file at `url`, and weights in files beside it.
    ///
    /// - Throws: `FormatError`; also for weights in files outside the folder, which are not opened.
    public init(contentsOf url: URL) throws(FormatError) {
        try self.init(
            FileContents(contentsOf: url), folder: url.deletingLastPathComponent())
    }

    /// Reads a model in memory.
    ///
    /// - Parameter folder: Where other files with weights may be; without it there are none.
    public init(_ file: FileContents, folder: URL? = nil) throws(FormatError) {
        name = file.name
        (irVersion, operatorSets) = (0, [:])
        let folder = folder.map { ONNXFolder($0) }
        var graph: ONNXGraph?
        var reader = ProtobufReader(file, "an ONNX model")
        while let field = try reader.next() {
            switch field.number {
            case 1: irVersion = Int(try field.integer())
            case 2: producerName = try field.text()
            case 3: producerVersion = try field.text()
            case 6: documentation = try field.text()
            case 7: graph = try ONNXGraph(field.reader("the graph"), folder: folder)
            case 8:
                let (domain, version) = try Self.operatorSet(field)
                operatorSets[domain == "ai.onnx" ? "" : domain] = version
            case 14: properties.append(try ONNXProperty(field))
            case 25:
                throw FormatError(
                    .unsupported, file: file.name, offset: field.offset,
                    expected: "a model of plain operators", found: "functions of its own",
                    fix: "inline the functions: onnx.inliner.inline_local_functions")
            default: break
            }
        }
        guard let graph, !operatorSets.isEmpty, irVersion > 0 else {
            throw FormatError(
                .malformed, file: file.name, expected: "an ONNX model with a version and a graph",
                found: file.bytes.opening)
        }
        self.graph = graph
    }

    private static func operatorSet(
        _ field: ProtobufField
    ) throws(FormatError) -> (String, Int) {
        var (domain, version) = ("", 0)
        var reader = try field.reader("an operator set")
        while let field = try reader.next() {
            switch field.number {
            case 1: domain = try field.text()
            case 2: version = Int(try field.integer())
            default: break
            }
        }
        return (domain, version)
    }

    /// Writes the model to a file.
    public func write(to url: URL) throws(FormatError) {
        try WholeFile.write([bytes()], to: url)
    }

    /// The bytes of the file.
    public func bytes() -> [UInt8] {
        var writer = ProtobufWriter()
        writer.integer(1, Int64(irVersion))
        writer.text(2, producerName)
        writer.text(3, producerVersion)
        writer.text(6, documentation)
        writer.message(7) { graph.write(&$0) }
        for (domain, version) in operatorSets.sorted(by: { $0.key < $1.key }) {
            writer.message(8) {
                // The domain of ONNX itself is written as the empty text.
                $0.bytes(1, Array(domain.utf8))
                $0.integer(2, Int64(version))
            }
        }
        for property in properties { property.write(14, &writer) }
        return writer.bytes
    }
}

/// A name with a text.
struct ONNXProperty: Hashable, Sendable {
    var key: String
    var value: String

    init(key: String, value: String) { (self.key, self.value) = (key, value) }

    init(_ field: ProtobufField) throws(FormatError) {
        (key, value) = ("", "")
        var reader = try field.reader("a property")
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.text()
            case 2: value = try field.text()
            default: break
            }
        }
    }

    func write(_ number: Int, _ writer: inout ProtobufWriter) {
        writer.message(number) {
            $0.text(1, key)
            $0.text(2, value)
        }
    }
}
