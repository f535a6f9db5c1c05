import MartletGraph

/// What one layer of a model takes and gives for inputs of a certain size.
public struct LayerShape: Hashable, Sendable {
    /// The layer's place in the model, `conv1`.
    public var path: String
    /// The name of the layer's type, `Conv2D`.
    public var kind: String
    /// The shape of the input; `nil` where it is the size of the batch.
    public var input: [Int?]
    /// The shape of the result; `nil` where it is the size of the batch.
    public var output: [Int?]

    /// The result's shape as printed, `[None, 32, 26, 26]`.
    public var outputText: String { LayerShape.text(output) }

    /// A shape as printed, `None` standing for the size of the batch.
    static func text(_ shape: [Int?]) -> String {
        "[" + shape.map { $0.map(String.init) ?? "None" }.joined(separator: ", ") + "]"
    }
}

extension Layer {
    /// What every layer takes and gives, in the order in which they run; nothing is computed.
    ///
    /// - Parameters:
    ///   - inputShape: The shape of one example, without the batch.
    ///   - dtype: The element type of the examples.
    /// - Throws: `ModelError` for a mistake in the model or an input that does not fit it.
    public func layerShapes(
        inputShape: [Int], dtype: DataType = .float32
    ) throws -> [LayerShape] {
        try ModelView(self, inputShape, dtype) { self($0) }.shapes.map(\.shape)
    }
}

/// A model as a trace of one input shape sees it.
struct ModelView {
    let discovery: Discovery
    /// The layers that ran, in order; one that ran twice stands here once, with its first shapes.
    private(set) var shapes: [(module: ObjectIdentifier, shape: LayerShape)] = []
    /// The types of the parameters that the trace has read, by path.
    private(set) var types: [String: TensorType] = [:]
    /// The settings of all modules, in the order of `discovery.modules`.
    private(set) var settings: [String]

    /// A model that was not traced.
    init(_ model: any Module) {
        discovery = Discovery(model)
        settings = discovery.modules.map(\.module.layerSettings)
        for (path, parameter) in discovery.parameters { types[path] = parameter.type }
    }

    /// Traces `model` for one example of `shape`, by batches of two sizes to tell the batch's axis.
    init(
        _ model: any Module, _ shape: [Int], _ dtype: DataType, forward: (Tensor) -> Tensor
    ) throws {
        self.init(model)
        let probe = InputProbe(discovery: discovery)
        func type(_ count: Int) -> TensorType { TensorType(dtype, [count] + shape) }
        let body: InputProbe.Body = { [forward($1)] }
        do {
            (shapes, types, settings) = try probe.traced(type(2), body) { trace, _ in
                let types = trace.parameters.entries.map { ($0.path, $0.type) }
                return (
                    Self.once(trace.parameters.runs),
                    Dictionary(types) { first, _ in first },
                    discovery.modules.map(\.module.layerSettings)
                )
            }
        } catch {
            throw probe.withFittingInput(error, type(2), body)
        }
        let other = try? probe.traced(type(3), body) { trace, _ in
            Self.once(trace.parameters.runs)
        }
        guard let other, other.map(\.module) == shapes.map(\.module) else { return }
        for index in shapes.indices {
            shapes[index].shape.input = Self.marked(
                shapes[index].shape.input, other[index].shape.input)
            shapes[index].shape.output = Self.marked(
                shapes[index].shape.output, other[index].shape.output)
        }
    }

    private static func once(
        _ runs: [LayerRun]
    ) -> [(module: ObjectIdentifier, shape: LayerShape)] {
        var seen: Set<ObjectIdentifier> = []
        return runs.filter { seen.insert($0.module).inserted }.map { run in
            let shape = LayerShape(
                path: run.path, kind: run.kind, input: run.input.shape, output: run.output.shape)
            return (run.module, shape)
        }
    }

    /// Puts `nil` where two batches gave different sizes.
    private static func marked(_ shape: [Int?], _ other: [Int?]) -> [Int?] {
        guard shape.count == other.count else { return shape }
        return zip(shape, other).map { $0 == $1 ? $0 : nil }
    }
}
