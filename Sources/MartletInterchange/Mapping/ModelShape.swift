import Martlet
import MartletGraph

/// What a mapping has to know about a model: its layers by kind, and where pictures become rows.
struct ModelShape {
    /// The kinds of layer that have arrays, as far as files tell them apart.
    enum Kind: Hashable {
        case convolution, depthwise, dense, batchNorm, norm, embedding, other
    }

    /// The kind of the module that holds each parameter, by the module's path.
    private(set) var kinds: [String: Kind] = [:]
    /// The modules with parameters, in the order in which they run where that is known.
    private(set) var paths: [String] = []
    /// For layers behind a flattened picture its channels, height and width.
    private(set) var features: [String: [Int]] = [:]
    /// The modules that normalise groups of channels.
    private(set) var groupNorms: Set<String> = []
    /// How many filters each channel has in a depthwise convolution.
    private(set) var multipliers: [String: Int] = [:]

    /// Looks at the modules, and at a trace where there is one.
    ///
    /// - Parameters:
    ///   - shapes: The layers in the order in which they run.
    ///   - graph: The traced model, whose variables are `model/<path>`.
    init(_ model: any Module, _ shapes: [LayerShape] = [], _ graph: Graph? = nil) {
        var owners: Set<String> = []
        for (path, _) in model.parameters { owners.insert(Self.owner(path)) }
        for (path, module) in model.modules where owners.contains(path) {
            paths.append(path)
            kinds[path] = Self.kind(module)
            if module is GroupNorm { groupNorms.insert(path) }
            if let layer = module as? DepthwiseConv2D { multipliers[path] = layer.multiplier }
        }
        let order = Dictionary(
            shapes.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
        if !order.isEmpty {
            let known = paths.filter { order[$0] != nil }
            let sorted = known.sorted { order[$0, default: 0] < order[$1, default: 0] }
            paths = sorted + paths.filter { order[$0] == nil }
        }
        if let graph { features = GraphLayers(graph).features }
    }

    /// Traces a model for one example, C, H, W for pictures.
    ///
    /// - Throws: `ModelError` for a model that does not take such examples.
    init(_ model: some Layer, inputShape: [Int]) throws {
        let shapes = try model.layerShapes(inputShape: inputShape)
        // The trace fixes the types of the parameters.
        let graph = try EvaluationStep(model) { net, x in net(x) }
            .graph(for: [TensorType(.float32, [2] + inputShape)])
        self.init(model, shapes, graph)
    }

    /// Reads the layers off a graph whose variables are `model/<path>`.
    init(_ graph: Graph) {
        let layers = GraphLayers(graph)
        (kinds, paths, features) = (layers.kinds, layers.paths, layers.features)
        (groupNorms, multipliers) = (layers.groupNorms, layers.multipliers)
    }

    /// The path of the module that holds a parameter.
    static func owner(_ path: String) -> String {
        path.split(separator: ".").dropLast().joined(separator: ".")
    }

    private static func kind(_ module: any Module) -> Kind {
        switch module {
        case is Conv2D: .convolution
        case is DepthwiseConv2D: .depthwise
        case is Dense: .dense
        case is BatchNorm: .batchNorm
        case is LayerNorm, is GroupNorm: .norm
        case is Embedding: .embedding
        default: .other
        }
    }
}
