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

    /// Looks at the modules, and at a trace when the shape of an example is given.
    init(_ model: any Module, _ shapes: [LayerShape]) {
        var owners: Set<String> = []
        for (path, _) in model.parameters { owners.insert(Self.owner(path)) }
        for (path, module) in model.modules where owners.contains(path) {
            paths.append(path)
            kinds[path] = Self.kind(module)
        }
        let order = Dictionary(
            shapes.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
        if !order.isEmpty {
            let known = paths.filter { order[$0] != nil }
            let sorted = known.sorted { order[$0, default: 0] < order[$1, default: 0] }
            paths = sorted + paths.filter { order[$0] == nil }
        }
        findFeatures(shapes)
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

    /// Follows rows from a `Flatten` on, as long as their length stays.
    private mutating func findFeatures(_ shapes: [LayerShape]) {
        var picture: (shape: [Int], length: Int)?
        for layer in shapes {
            let input = layer.input.compactMap { $0 }
            if layer.kind == "Flatten", layer.input.count == 4, input.count >= 3 {
                let shape = Array(input.suffix(3))
                picture = (shape, shape.reduce(1, *))
                continue
            }
            guard let known = picture else { continue }
            if layer.input.last == known.length { features[layer.path] = known.shape }
            if layer.output.last != known.length { picture = nil }
            // A matrix mixes the features, so what follows has no picture any more.
            if kinds[layer.path] == .dense { picture = nil }
        }
    }
}
